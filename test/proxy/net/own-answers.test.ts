/** What a client is told by the proxy itself: the form it asked for, the reason, and its request's id. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

const close = 'Connection: close\r\n';

describe('an answer of the proxy', () => {
  it('is a page, JSON or text, as the client prefers', async () => {
    test = await TestPlane.start({});
    const page = await test.ask(get('/', close));
    assert.match(page, /\r\nContent-Type: text\/html; charset=utf-8\r\n/);
    const json = await test.ask(
      get('/', `${close}Accept: application/json\r\nX-Request-Id: q7\r\n`),
    );
    assert.match(json, /\r\nContent-Type: application\/json\r\n/);
    const { detail, ...rest } = JSON.parse(json.slice(json.indexOf('\r\n\r\n')));
    assert.deepEqual(rest, { status: 503, title: 'Service Unavailable', requestId: 'q7' });
    assert.match(detail, /^[A-Z].* no backend.*\.$/);
    const text = await test.ask(get('/', `${close}Accept: text/plain\r\n`));
    assert.match(text, /\r\n\r\n503 Service Unavailable\n[A-Z].* no backend.*\.\nRequest \S+\n$/);
  });

  it('tells to the client of a request that cannot be read, too', async () => {
    test = await TestPlane.start({});
    assert.match(await test.ask('GET\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*<p>The request cannot/);
  });

  it('says what is wrong with a body', async () => {
    test = await TestPlane.start({ listener: { maxBodyBytes: 4 } });
    const post = (fields: string): string => `POST / HTTP/1.1\r\nHost: web\r\n${fields}\r\n`;
    const both = post('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n');
    assert.match(
      await test.ask(both),
      /^HTTP\/1\.1 400 [\s\S]*The length of the body is not clear\./,
    );
    assert.match(await test.ask(post('Content-Length: 5\r\n')), /longer than 4 bytes\./);
    const chunked = `${post('Transfer-Encoding: chunked\r\n')}zz`;
    assert.match(await test.ask(chunked), /The chunks of the body are malformed\./);
  });

  it('fills in the variables of a template, harmless for HTML', async () => {
    const template = {
      status: 503,
      reason: 'No',
      fields: [['X-Route', '%ROUTE']] as const,
      body: '%CLUSTER_ID|%BACKEND_ID|%PHASE|%MESSAGE|%ROUTE|%REQUEST_ID',
      keepAlive: false,
    };
    test = await TestPlane.start({ answers: { 503: template } });
    const answer = await test.ask(get('/<a>?b&c', 'X-Request-Id: id-1\r\n'));
    assert.match(answer, /\r\nX-Route: web GET \/<a>\?b&c\r\n/);
    assert.match(
      answer,
      /\r\n\r\nweb\|\|looking for a backend\|[A-Z].* no backend.*\.\|web GET \/&lt;a&gt;\?b&amp;c\|id-1$/,
    );
  });

  it('names the backend and the time when the backend was too slow', async () => {
    const backend = await RawBackend.answering(() => undefined);
    const template = { status: 504, reason: 'x', fields: [], keepAlive: false };
    const body = '%BACKEND_ID took %DURATION (%PHASE)';
    test = await TestPlane.start({
      backends: [backend],
      answers: { 504: { ...template, body } },
      listener: { backTimeoutMs: 150 },
    });
    const answer = await test.ask(get());
    const took = /b0 took (\d+) ms \(waiting for the answer\)$/.exec(answer)?.[1];
    assert.ok(Number(took) >= 150, answer);
  });

  it('names the limit that a request went beyond', async () => {
    const template = { status: 414, reason: 'x', fields: [], keepAlive: false, body: '%CAPACITY' };
    test = await TestPlane.start({ listener: { answers: { 414: template } } });
    assert.match(await test.ask(`GET /${'a'.repeat(9000)}`), /\r\n\r\n8192$/);
  });

  it('to HEAD has the length of the page and not the page', async () => {
    test = await TestPlane.start({});
    const page = await test.ask(get('/', `${close}X-Request-Id: same\r\n`));
    const head = await test.ask(
      `HEAD / HTTP/1.1\r\nHost: web\r\n${close}X-Request-Id: same\r\n\r\n`,
    );
    assert.equal(head, page.slice(0, page.indexOf('\r\n\r\n') + 4));
  });
});
