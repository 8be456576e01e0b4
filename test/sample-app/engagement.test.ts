/** The button of the page is counted, per machine and version. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type HelloEarth, startHelloEarth } from '../support/hello-earth.ts';

const JSON_PLEASE = { accept: 'application/json' };

async function counted(app: HelloEarth): Promise<unknown> {
  return (await fetch(`${app.url}/engagement`)).json();
}

describe('engagement', () => {
  it('is counted beside the visits of the page', async test => {
    const app = await startHelloEarth({ MACHINE: 'webapp1', VERSION: 'v2' });
    test.after(app.stop);
    const count = { machine: 'webapp1', version: 'v2', visits: 0, engaged: 0 };
    assert.deepEqual(await counted(app), count);
    for (const path of ['/', '/', '/version', '/moon']) await (await fetch(app.url + path)).text();
    await fetch(app.url, { method: 'HEAD' });
    const pressed = await fetch(`${app.url}/engage`, { method: 'POST', headers: JSON_PLEASE });
    assert.equal(pressed.status, 204);
    assert.deepEqual(await counted(app), { ...count, visits: 2, engaged: 1 });
  });

  it('takes a browser back to the page, which thanks and is no further visit', async test => {
    const app = await startHelloEarth({ BASE_PATH: '/legacy', MACHINE: 'webapp1' });
    test.after(app.stop);
    const page = await (await fetch(`${app.url}/legacy?lang=fr`)).text();
    const action = /<form method="post" action="([^"]+)">/.exec(page)?.[1];
    assert.equal(action, '/legacy/engage?lang=fr');
    assert.match(page, /<button type="submit"[^>]*>J’aime ce site<\/button>/);
    const form = { method: 'POST', redirect: 'manual' } as const;
    const answer = await fetch(app.url + action, form);
    assert.equal(answer.status, 303);
    const location = answer.headers.get('location') ?? '';
    assert.equal(location, '/legacy/?engaged=1&lang=fr');
    const thanks = await (await fetch(app.url + location)).text();
    assert.match(thanks, /role="status"[^>]*>Merci !</);
    assert.doesNotMatch(thanks, /<button/);
    const count = { machine: 'webapp1', version: 'v1', visits: 1, engaged: 1 };
    assert.deepEqual(await counted(app), count);
  });

  it('of a page that fails is none', async test => {
    const app = await startHelloEarth({ MACHINE: 'm', KNOBS: '{"errorRate":1}' });
    test.after(app.stop);
    assert.equal((await fetch(app.url)).status, 500);
    assert.equal((await fetch(`${app.url}/engage`, { method: 'POST' })).status, 500);
    await (await fetch(`${app.url}/knobs`, { method: 'POST', body: '{"errorRate":0}' })).text();
    const count = { machine: 'm', version: 'v1', visits: 0, engaged: 0 };
    assert.deepEqual(await counted(app), count);
    const got = await fetch(`${app.url}/engage`);
    assert.equal(got.status, 405);
    assert.equal(got.headers.get('allow'), 'POST');
  });
});
