import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { HEALTHY } from '../../sample-app/knobs.ts';
import { type HelloEarth, startHelloEarth } from '../support/hello-earth.ts';

describe('knobs over HTTP', () => {
  let app: HelloEarth;
  const knobs = async (body: string): Promise<{ status: number; json: unknown }> => {
    const response = await fetch(`${app.url}/knobs`, { method: 'POST', body });
    return { status: response.status, json: await response.json() };
  };

  before(async () => {
    app = await startHelloEarth();
  });
  afterEach(async () => {
    const response = await fetch(`${app.url}/knobs`, { method: 'DELETE' });
    assert.deepEqual(await response.json(), HEALTHY);
  });
  after(async () => {
    assert.equal(await app.stop(), 0);
  });

  it('answers the knobs in force, whatever Content-Type they came with', async () => {
    const { status, json } = await knobs('{"delayMs":1,"errorRate":0.25}');
    assert.equal(status, 200);
    assert.deepEqual(json, { ...HEALTHY, delayMs: 1, errorRate: 0.25 });
    assert.deepEqual(await (await fetch(`${app.url}/knobs`)).json(), json);
  });

  it('delays pages, and neither /knobs nor /status', async () => {
    await knobs('{"delayMs":1500}');
    const start = performance.now();
    const answered: string[] = [];
    const ask = async (path: string): Promise<void> => {
      await (await fetch(app.url + path)).text();
      answered.push(path);
    };
    await Promise.all([ask('/'), ask('/version'), ask('/knobs'), ask('/status')]);
    assert.ok(performance.now() - start >= 1_490);
    assert.deepEqual(answered.slice(0, 2).sort(), ['/knobs', '/status']);
  });

  it('fails pages, and neither /knobs nor /status', async () => {
    await knobs('{"errorRate":1}');
    const response = await fetch(app.url);
    assert.equal(response.status, 500);
    const page = await response.text();
    assert.match(page, /This machine was told to fail/);
    assert.doesNotMatch(page, /\bat .*\(/);
    assert.equal((await fetch(`${app.url}/version`)).status, 500);
    assert.equal((await fetch(`${app.url}/knobs`)).status, 200);
    assert.equal((await fetch(`${app.url}/status`)).status, 200);
  });

  it('makes the probe fail, and not the pages', async () => {
    assert.deepEqual(await (await fetch(`${app.url}/status`)).json(), { status: 'ok' });
    await knobs('{"statusFailing":true}');
    const response = await fetch(`${app.url}/status`);
    assert.equal(response.status, 503);
    assert.deepEqual(await response.json(), { status: 'failing' });
    assert.equal((await fetch(app.url)).status, 200);
  });

  it('refuses a knob that it lacks and changes nothing', async () => {
    const { status, json } = await knobs('{"delayMs":100,"errorrate":1}');
    assert.equal(status, 400);
    assert.deepEqual(json, { error: 'there is no knob "errorrate": did you mean "errorRate"?' });
    assert.deepEqual(await (await fetch(`${app.url}/knobs`)).json(), HEALTHY);
  });

  it('refuses broken, missing and huge JSON with a clear error', async () => {
    const broken = await knobs('{"delayMs":');
    assert.equal(broken.status, 400);
    assert.match(JSON.stringify(broken.json), /send a JSON object/);
    const missing = await knobs('');
    assert.equal(missing.status, 400);
    assert.match(JSON.stringify(missing.json), /send a JSON object/);
    assert.equal((await knobs(`"${'x'.repeat(10_000)}"`)).status, 413);
  });

  it('a broken path is 400 without a stack', async () => {
    const response = await fetch(`${app.url}/%`);
    const text = await response.text();
    assert.ok(response.status === 400 || response.status === 404, String(response.status));
    assert.doesNotMatch(text, /node_modules|\.cjs/);
  });
});
