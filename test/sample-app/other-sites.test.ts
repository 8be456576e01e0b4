/** What the app can be beside the tutorial's site: other sites, and a build that is broken. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SITES } from '../../sample-app/site.ts';
import { startHelloEarth } from '../support/hello-earth.ts';

const JSON_PLEASE = { headers: { accept: 'application/json' } };

describe('the sites', () => {
  it('differ by header, title and subtitle', async test => {
    const seen = await Promise.all(
      SITES.map(async site => {
        const app = await startHelloEarth({ SITE: site, NAME_SEED: 'one' });
        test.after(app.stop);
        const page = await fetch(app.url);
        const text = await page.text();
        const { title, subtitle } = (await (await fetch(app.url, JSON_PLEASE)).json()) as Answer;
        assert.equal(page.headers.get('x-relais-site'), site);
        assert.ok(text.includes(`>${title}</h1>`) && text.includes(`>${subtitle}</h2>`), text);
        return [title, subtitle];
      }),
    );
    assert.equal(new Set(seen.flat()).size, 2 * SITES.length);
  });

  it('answer under their base path too', async test => {
    const app = await startHelloEarth({ SITE: 'legacy', BASE_PATH: '/legacy' });
    test.after(app.stop);
    for (const path of ['/legacy', '/legacy/', '/legacy/version', '/']) {
      assert.equal((await fetch(app.url + path)).status, 200, path);
    }
    assert.equal((await fetch(`${app.url}/legacyx`)).status, 404);
  });
});

interface Answer {
  readonly title: string;
  readonly subtitle: string;
}

describe('the bad build', () => {
  it('starts, and fails its probe and every page', async test => {
    const app = await startHelloEarth({ VERSION: 'v3' });
    test.after(app.stop);
    const status = await fetch(`${app.url}/status`);
    assert.equal(status.status, 503);
    assert.deepEqual(await status.json(), { status: 'failing' });
    const page = await fetch(app.url);
    assert.equal(page.status, 500);
    assert.equal(page.headers.get('x-relais-version'), 'v3');
    const text = await page.text();
    assert.match(text, /This build is broken: v3 must not go live/);
    assert.match(text, /aria-label="Version v3: C in a square"/);
    const json = await fetch(`${app.url}/version`, JSON_PLEASE);
    assert.equal(json.status, 500);
    assert.deepEqual(await json.json(), { error: 'This build is broken: v3 must not go live' });
  });

  it('cannot be healed by its knobs', async test => {
    const app = await startHelloEarth({ VERSION: 'v3' });
    test.after(app.stop);
    await (await fetch(`${app.url}/knobs`, { method: 'DELETE' })).text();
    assert.equal((await fetch(`${app.url}/status`)).status, 503);
  });
});
