/** Request targets and methods that end at the proxy, and those that change on their way. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, LISTENER, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
let backend: RawBackend;
afterEach(() => test.stop());

/** What the backend gets for this request; '' when it gets nothing. */
async function forwarded(request: string, status = 200): Promise<string> {
  backend = await RawBackend.answering(() => answerOf('hi'));
  test = await TestPlane.start({ backends: [backend] });
  // What a client without Host asks for.
  const frontend = { listener: LISTENER, hostname: '*', path: '', clusterId: 'web' };
  test.apply({ kind: 'add-frontend', frontend });
  const client = await test.client();
  client.send(request);
  const received = await client.until('\r\n\r\n');
  assert.ok(received.startsWith(`HTTP/1.1 ${status} `), received);
  return backend.requests[0] ?? '';
}

describe('a target in absolute form', () => {
  it('decides the host, and Host says the same to the backend', async () => {
    const head = await forwarded('GET http://web:81/p HTTP/1.1\r\nHost: elsewhere\r\nA: b\r\n\r\n');
    assert.match(head, /^GET \/p HTTP\/1\.1\r\nHost: web:81\r\n/);
    assert.equal(head.match(/host:/gi)?.length, 1);
    assert.match(head, /\r\nA: b\r\n/);
  });

  it('without a path gets one', async () => {
    assert.match(await forwarded('GET http://web?q HTTP/1.1\r\nHost: web\r\n\r\n'), /^GET \/\?q /);
  });

  for (const target of ['http://web', 'http://web?q']) {
    it(`${target} is routed as one with the path /`, async () => {
      backend = await RawBackend.answering(() => answerOf('root'));
      test = await TestPlane.start({ backends: [backend] });
      const rooted = { listener: LISTENER, hostname: 'web', clusterId: 'web' };
      test.apply({ kind: 'remove-frontend', frontend: { ...rooted, path: '' } });
      test.apply({ kind: 'add-frontend', frontend: { ...rooted, path: '/' } });
      assert.match(
        await test.ask(`GET ${target} HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n`),
        /root$/,
      );
    });
  }

  it('of OPTIONS without a path is about the whole server', async () => {
    const head = await forwarded('OPTIONS http://web HTTP/1.1\r\nHost: web\r\n\r\n');
    assert.match(head, /^OPTIONS \* HTTP\/1\.1\r\nHost: web\r\n/);
  });

  it('from an HTTP/1.0 client that sends no Host gives the backend one', async () => {
    assert.match(
      await forwarded('GET http://web/ HTTP/1.0\r\n\r\n'),
      /^GET \/ .*\r\nHost: web\r\n/,
    );
  });

  for (const scheme of ['https', 'ws', 'ftp']) {
    it(`of scheme ${scheme} is misdirected`, async () => {
      const target = `${scheme}://web/`;
      assert.equal(await forwarded(`GET ${target} HTTP/1.1\r\nHost: web\r\n\r\n`, 421), '');
    });
  }
});

describe('a request', () => {
  it('of HTTP/1.0 without Host goes to the host that the client connected to', async () => {
    const head = await forwarded('GET / HTTP/1.0\r\n\r\n');
    assert.match(head, new RegExp(`\r\nHost: 127\\.0\\.0\\.1:${test.port}\r\n`));
  });

  it('OPTIONS * is forwarded as it is', async () => {
    assert.match(await forwarded('OPTIONS * HTTP/1.1\r\nHost: web\r\n\r\n'), /^OPTIONS \* HTTP/);
  });

  it('OPTIONS goes as many hops as Max-Forwards says', async () => {
    const head = await forwarded('OPTIONS / HTTP/1.1\r\nHost: web\r\nMax-Forwards: 3\r\n\r\n');
    assert.equal(head.match(/Max-Forwards: (\d+)/)?.[1], '2');
    assert.equal(head.match(/max-forwards/gi)?.length, 1);
  });

  it('OPTIONS with Max-Forwards 0 is answered here, and the connection stays', async () => {
    const last = 'OPTIONS / HTTP/1.1\r\nHost: web\r\nMax-Forwards: 0\r\n\r\n';
    assert.equal(await forwarded(last, 200), '');
    const [client] = test.clients;
    assert.match(client?.received ?? '', /\r\nContent-Length: 0\r\n/);
    client?.send(get('/next'));
    await client?.until('hi');
  });

  for (const [method, request] of [
    ['CONNECT', 'CONNECT web:80 HTTP/1.1\r\nHost: web:80\r\n\r\n'],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: web\r\n\r\n'],
  ] as const) {
    it(`${method} is never forwarded, and nothing behind it is read`, async () => {
      assert.equal(await forwarded(request + get('/smuggled'), 501), '');
      const received = (await test.clients[0]?.ended()) ?? '';
      assert.equal(received.split('HTTP/1.1 ').length, 2);
      assert.match(received, /\r\nConnection: close\r\n/);
      assert.equal(backend.requests.length, 0);
    });
  }

  it('with another expectation than 100-continue is refused', async () => {
    const strange = get('/', 'Expect: y 100-continue\r\n');
    assert.equal(await forwarded(strange, 417), '');
  });
});
