import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { generateName } from '../../sample-app/machine-name.ts';
import { type HelloEarth, startHelloEarth } from '../support/hello-earth.ts';

const NAME = generateName('hello');
const JSON_PLEASE = { headers: { accept: 'application/json' } };

describe('the site', () => {
  let v1: HelloEarth;
  let v2: HelloEarth;

  before(async () => {
    v1 = await startHelloEarth({ NAME_SEED: 'hello', MACHINE: 'webapp1' });
    v2 = await startHelloEarth({ NAME_SEED: 'hello', VERSION: 'v2' });
  });
  after(async () => {
    assert.deepEqual([await v1.stop(), await v2.stop()], [0, 0]);
  });

  it('prints the line of the tutorial', () => {
    assert.equal(v1.output(), `🌍 ${NAME} is started - listening on ${v1.port}\n`);
  });

  it('v1 greets as in the tutorial', async () => {
    const page = await (await fetch(v1.url)).text();
    assert.match(page, new RegExp(`<h1 class="title"[^>]*>👋 I am ${NAME}</h1>`));
    assert.match(page, /<h2 class="subtitle"[^>]*>Hello 🌍 v1<\/h2>/);
    assert.match(page, /<span data-testid="machine">webapp1<\/span>/);
  });

  it('v2 greets as in the tutorial', async () => {
    const page = await (await fetch(v2.url)).text();
    assert.match(page, new RegExp(`<h1 class="title"[^>]*>👋 I am ${NAME} I ❤️ 🐼</h1>`));
    assert.match(page, /<h2 class="subtitle"[^>]*>Hello 🌍 v2<\/h2>/);
  });

  it('the versions differ by letter and shape too', async () => {
    assert.match(await (await fetch(v1.url)).text(), /aria-label="Version v1: A in a circle"/);
    assert.match(await (await fetch(v2.url)).text(), /aria-label="Version v2: B in a diamond"/);
  });

  it('pages load nothing from elsewhere and may be found by test id', async () => {
    const page = await (await fetch(v1.url)).text();
    assert.doesNotMatch(page.replaceAll('http://www.w3.org/2000/svg', ''), /https?:|src=|@import/);
    assert.match(page, /<html lang="en">/);
    for (const id of ['machine-name', 'version', 'badge', 'machine', 'address']) {
      assert.match(page, new RegExp(`data-testid="${id}"`));
    }
    assert.match(page, new RegExp(`data-testid="address">127.0.0.1:${v1.port}<`));
  });

  it('speaks JSON when asked', async () => {
    const response = await fetch(v1.url, JSON_PLEASE);
    assert.deepEqual(await response.json(), {
      machine: 'webapp1',
      name: NAME,
      version: 'v1',
      site: 'hello',
      title: `👋 I am ${NAME}`,
      subtitle: 'Hello 🌍 v1',
    });
    assert.match(response.headers.get('vary') ?? '', /accept/i);
  });

  it('says the version', async () => {
    assert.deepEqual(await (await fetch(`${v2.url}/version`)).json(), { version: 'v2' });
  });

  it('every answer names who gave it and is never cached', async () => {
    for (const path of ['/', '/status', '/version', '/knobs', '/moon', '/%']) {
      const { headers } = await fetch(v1.url + path);
      assert.equal(headers.get('x-relais-machine'), 'webapp1', path);
      assert.equal(headers.get('x-relais-name'), NAME, path);
      assert.equal(headers.get('x-relais-version'), 'v1', path);
      assert.equal(headers.get('x-relais-site'), 'hello', path);
      assert.equal(headers.get('cache-control'), 'no-store', path);
      assert.equal(headers.get('etag'), null, path);
      assert.equal(headers.get('x-powered-by'), null, path);
    }
  });

  it('without MACHINE the generated name is the machine', async () => {
    assert.equal((await fetch(v2.url)).headers.get('x-relais-machine'), NAME);
  });

  it('unknown paths get a page with 404, escaped', async () => {
    const response = await fetch(`${v1.url}/<b>moon`);
    assert.equal(response.status, 404);
    assert.match(await response.text(), /Nothing lives at \/%3Cb%3Emoon/);
    const json = await fetch(`${v1.url}/moon`, JSON_PLEASE);
    assert.deepEqual(await json.json(), { error: 'Nothing lives at /moon' });
  });

  it('known paths refuse other methods and name theirs', async () => {
    const response = await fetch(v1.url, { method: 'DELETE', ...JSON_PLEASE });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'GET, HEAD');
  });

  it('HEAD has the headers and no body', async () => {
    const response = await fetch(v1.url, { method: 'HEAD' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-relais-version'), 'v1');
    assert.equal(await response.text(), '');
  });
});
