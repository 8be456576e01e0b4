/** What the proxy answers by itself, and how the connection ends then. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

function bodyLengthFits(answer: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const declared = /\r\nContent-Length: (\d+)/.exec(head)?.[1];
  assert.equal(Number(declared), body.length, head);
  assert.match(head, /\r\nContent-Type: /);
  assert.match(head, /\r\nX-Request-Id: \S+/);
}

describe('a request that cannot be forwarded', () => {
  const refused: readonly (readonly [title: string, request: string, status: string])[] = [
    ['garbage', '\x16\x03\x01\x02\x00\x01', '400'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', '400'],
    [
      'smuggling',
      'POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET',
      '400',
    ],
    ['a long target', `GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: web\r\n\r\n`, '414'],
    ['a long field', get('/', `X: ${'a'.repeat(40_000)}\r\n`), '431'],
    ['CONNECT', 'CONNECT web:443 HTTP/1.1\r\nHost: web:443\r\n\r\n', '501'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '505'],
  ];
  for (const [title, request, status] of refused) {
    it(`${title} → ${status}, and the connection ends`, async () => {
      const backend = await RawBackend.answering(() => answerOf('never'));
      test = await TestPlane.start({ backends: [backend] });
      const client = await test.client();
      client.send(request);
      const received = await client.ended();
      assert.ok(received.startsWith(`HTTP/1.1 ${status} `), received.slice(0, 100));
      assert.match(received, /\r\nConnection: close\r\n/);
      bodyLengthFits(received);
      assert.equal(client.end, 'fin');
      assert.equal(backend.peers.length, 0);
    });
  }

  it('unknown host → 404, and the connection stays', async () => {
    test = await TestPlane.start({ backends: [] });
    const client = await test.client();
    client.send(get().replace('web', 'elsewhere'));
    bodyLengthFits(await client.until('</html>\n'));
    client.send(`HEAD / HTTP/1.1\r\nHost: elsewhere\r\nConnection: close\r\n\r\n`);
    const received = await client.ended();
    assert.match(received.slice(received.lastIndexOf('HTTP/1.1')), /^HTTP\/1\.1 404 .*\r\n\r\n$/s);
  });

  it('hosts match in any case and with any port', async () => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    test = await TestPlane.start({ backends: [backend] });
    for (const host of ['WEB', 'web:9090', 'Web:']) {
      assert.match(await test.ask(`GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`), / 200 /);
    }
  });

  it('no backend → the answer of the cluster, its own reason included', async () => {
    const template = {
      status: 503,
      reason: 'your backend is on holiday, déjà vu',
      fields: [
        ['Cache-Control', 'no-cache'],
        ['Content-Length', '1'],
        ['X-Bad', 'a\r\nb'],
      ] as const,
      body: '<h1>é</h1>',
      keepAlive: false,
    };
    test = await TestPlane.start({ backends: [], answers: { 503: template } });
    const received = Buffer.from(await test.ask(get()), 'latin1').toString('utf8');
    assert.match(received, /^HTTP\/1\.1 503 your backend is on holiday, déjà vu\r\n/);
    assert.match(received, /\r\nContent-Length: 11\r\n/);
    assert.match(received, /\r\nX-Bad: a {2}b\r\n/);
    assert.match(received, /\r\nConnection: close\r\n/);
    assert.match(received, /\r\n\r\n<h1>é<\/h1>$/);
  });

  it('is answered before the connection ends, even when the client still sends', async () => {
    test = await TestPlane.start({ backends: [] });
    const client = await test.client();
    client.send('POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 1000000\r\n\r\n');
    client.send('x'.repeat(200_000));
    const received = await client.ended();
    assert.match(received, /^HTTP\/1\.1 503 /);
    bodyLengthFits(received);
  });
});

describe('time limits', () => {
  it('a head that does not get complete → 408', async () => {
    test = await TestPlane.start({ listener: { requestTimeoutMs: 150 } });
    const client = await test.client();
    client.send('GET / HTT');
    assert.match(await client.ended(), /^HTTP\/1\.1 408 Request Timeout\r\n/);
  });

  it('a client that says nothing is left without a word', async () => {
    test = await TestPlane.start({ listener: { requestTimeoutMs: 150 } });
    assert.equal(await (await test.client()).ended(), '');
  });

  it('a kept connection that stays idle is closed without a word', async () => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    test = await TestPlane.start({ backends: [backend], listener: { frontTimeoutMs: 150 } });
    const client = await test.client();
    client.send(get());
    assert.match(await client.ended(), /hi$/);
  });

  it('a backend that accepts and never answers → 504, and its breaker stays closed', async () => {
    const backend = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({ backends: [backend], listener: { backTimeoutMs: 150 } });
    const client = await test.client();
    client.send(get());
    assert.match(await client.until('</html>'), /^HTTP\/1\.1 504 Gateway Timeout\r\n/);
    assert.deepEqual(test.kinds(), []);
    await backend.abandoned();
  });

  it('a body that stops coming → 408', async () => {
    const backend = await RawBackend.start(() => {});
    test = await TestPlane.start({ backends: [backend], listener: { frontTimeoutMs: 150 } });
    const client = await test.client();
    client.send('POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 10\r\n\r\nabc');
    assert.match(await client.ended(), /^HTTP\/1\.1 408 /);
    await backend.abandoned();
  });

  it('an answer that stops coming cuts the client', async () => {
    const backend = await RawBackend.answering(
      () => 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc',
    );
    test = await TestPlane.start({ backends: [backend], listener: { backTimeoutMs: 150 } });
    const client = await test.client();
    client.send(get());
    await client.ended();
    assert.equal(client.end, 'reset');
  });
});

describe('maxConnections', () => {
  it('turns away those above it', async () => {
    test = await TestPlane.start({ listener: { maxConnections: 1 } });
    const first = await test.client();
    first.send('GET / HTTP/1.1\r\n');
    const second = connect({ port: test.port, host: '127.0.0.1' });
    await new Promise(resolve => {
      second
        .on('error', () => {})
        .on('close', resolve)
        .resume();
    });
    first.send('Host: x\r\n\r\n');
    await first.until('404');
  });
});
