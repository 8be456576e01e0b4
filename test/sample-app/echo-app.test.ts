/** The echo app says which colour the proxy named, as text and as a heading. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runEchoApp, startEchoApp } from '../support/hello-earth.ts';

describe('the echo app', () => {
  it('answers colour and machine on every path', async test => {
    const app = await startEchoApp({ MACHINE: 'e99a62b52d1d' });
    test.after(app.stop);
    const plain = await fetch(`${app.url}/any`);
    assert.equal(await plain.text(), 'unknown e99a62b52d1d\n');
    assert.equal(plain.headers.get('content-type'), 'text/plain; charset=utf-8');
    const blue = await fetch(app.url, { headers: { Color: 'blue' } });
    assert.equal(await blue.text(), 'blue e99a62b52d1d\n');
  });

  it('answers HTML in its second version, in which a colour is no markup', async test => {
    const app = await startEchoApp({ MACHINE: 'box', V2: '1' }, '127.0.0.1:0');
    test.after(app.stop);
    const answer = await fetch(app.url, { headers: { Color: '<b>' } });
    assert.equal(await answer.text(), '\n<h1>box (&lt;b&gt;)</h1>\n');
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
  });

  it('says what is wrong with an address', async () => {
    const { code, stderr } = await runEchoApp({}, '8080');
    assert.equal(code, 1);
    assert.equal(
      stderr,
      'echo-app: "8080" is not an address: write :PORT or IP:PORT, such as :8080\n',
    );
  });

  it('ends with the first signal', async () => {
    const app = await startEchoApp();
    assert.equal(await app.stop(), 0);
  });
});
