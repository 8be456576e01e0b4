/** Requests and answers through a data plane, in every framing, between raw-byte peers. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

async function planeBefore(answer: string, listener = {}): Promise<RawBackend> {
  const backend = await RawBackend.answering(() => answer);
  test = await TestPlane.start({ backends: [backend], listener });
  return backend;
}

describe('requests', () => {
  it('of one client connection share one upstream connection', async () => {
    const backend = await RawBackend.answering(head => answerOf(head.split(' ')[1] ?? ''));
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    for (const path of ['/1', '/2', '/3']) {
      client.send(get(path));
      await client.until(path);
    }
    assert.equal(backend.peers.length, 1);
  });

  it('tell the backend who asked, and the answer tells the client which request it was', async () => {
    const backend = await planeBefore(answerOf('hi'));
    const answer = await test.ask(get('/', 'X-Request-Id: abc\r\nConnection: close\r\n'));
    assert.match(answer, /\r\nX-Request-Id: abc\r\n/);
    const head = backend.requests[0] ?? '';
    assert.match(head, /\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/);
    assert.match(head, /\r\nX-Forwarded-Proto: http\r\n/);
    assert.match(head, new RegExp(`\r\nX-Forwarded-Port: ${test.port}\r\n`));
    assert.match(head, /\r\nForwarded: proto=http;for="127\.0\.0\.1:\d+";by=127\.0\.0\.1\r\n/);
    assert.match(head, /\r\nX-Request-Id: abc\r\n/);
    assert.doesNotMatch(head, /connection:/i);
  });

  it('append to X-Forwarded-For and Forwarded and overwrite the rest', async () => {
    const backend = await planeBefore(answerOf('hi'));
    const sent =
      'X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\nForwarded: for=1.1.1.1\r\n' +
      'X-Forwarded-Proto: https\r\nX-Forwarded-Port: 443\r\nX-Request-Id: a b\r\n';
    await test.ask(get('/', `${sent}Connection: close\r\n`));
    const head = backend.requests[0] ?? '';
    assert.match(head, /\r\nX-Forwarded-For: 1\.1\.1\.1, 2\.2\.2\.2, 127\.0\.0\.1\r\n/);
    assert.match(head, /\r\nForwarded: for=1\.1\.1\.1, proto=http;for=/);
    assert.match(head, /\r\nX-Forwarded-Proto: http\r\n/);
    assert.doesNotMatch(head, /https|Port: 443\r|X-Request-Id: a b/);
    assert.equal(head.match(/x-request-id/gi)?.length, 1);
  });

  it('lose what ends at this hop, named by Connection or not, and keep framing and Host', async () => {
    const backend = await planeBefore(answerOf('hi'));
    const sent =
      'Connection: close, X-Secret, Host, X-Forwarded-For\r\nX-Secret: 1\r\nX-Open: 2\r\n' +
      'Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\nUpgrade: h2c\r\n' +
      'X-Forwarded-For: 6.6.6.6\r\n';
    await test.ask(get('/', sent));
    const head = backend.requests[0] ?? '';
    assert.match(head, /\r\nHost: web\r\n/);
    assert.match(head, /\r\nX-Open: 2\r\n/);
    assert.match(head, /\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/);
    assert.doesNotMatch(head, /X-Secret|Keep-Alive|Proxy-Connection|\r\nTE|Upgrade|6\.6/i);
  });

  it('in absolute form reach the backend in origin form', async () => {
    const backend = await planeBefore(answerOf('hi'));
    await test.ask('GET http://web/p?q HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n');
    assert.match(backend.requests[0] ?? '', /^GET \/p\?q HTTP\/1\.1\r\nHost: web\r\n/);
  });

  it('that are pipelined are answered in order', async () => {
    const backend = await RawBackend.answering((head, peer) => {
      const path = head.split(' ')[1] ?? '';
      setTimeout(() => peer.send(answerOf(`<${path}>`)), path === '/0' ? 50 : 0);
      return undefined;
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(
      [0, 1, 2, 3, 4].map(n => get(`/${n}`)).join('') + get('/nowhere').replace('web', 'x'),
    );
    const received = await client.until('404 Not Found');
    assert.deepEqual(received.match(/<\/\d>/g), ['</0>', '</1>', '</2>', '</3>', '</4>']);
    assert.ok(received.indexOf('404') > received.indexOf('</4>'));
  });

  it('in pieces of one byte are whole for the backend', async () => {
    const backend = await planeBefore(answerOf('hi'));
    const client = await test.client();
    for (const byte of get('/slow')) {
      client.send(byte);
      await new Promise(resolve => setImmediate(resolve));
    }
    await client.until('hi');
    assert.match(backend.requests[0] ?? '', /^GET \/slow HTTP\/1\.1\r\n/);
  });

  it('of a client that has ended its side are still answered', async () => {
    await planeBefore(answerOf('late'));
    const client = await test.client();
    client.send(get('/1') + get('/2'));
    client.socket.end();
    assert.equal((await client.ended()).split('late').length, 3);
  });

  it('of HTTP/1.0 close the connection unless they ask to keep it', async () => {
    await planeBefore(answerOf('hi'));
    const closing = await test.ask('GET / HTTP/1.0\r\nHost: web\r\n\r\n');
    assert.match(closing, /\r\nConnection: close\r\n/);
    const client = await test.client();
    const keeping = 'GET / HTTP/1.0\r\nHost: web\r\nConnection: keep-alive\r\n\r\n';
    client.send(keeping);
    assert.match(await client.until('hi'), /\r\nConnection: keep-alive\r\n/);
    client.send(keeping);
    await client.until('hi', 2);
  });

  it('that the client abandons free the backend', async () => {
    const backend = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get());
    await backend.requested();
    client.socket.resetAndDestroy();
    await backend.abandoned();
  });
});

describe('request bodies', () => {
  const post = (fields: string, body: string): string =>
    `POST / HTTP/1.1\r\nHost: web\r\n${fields}\r\n${body}`;

  it('arrive with their length', async () => {
    const backend = await RawBackend.start(peer => {
      if (peer.received.endsWith('hello')) peer.send(answerOf('ok'));
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(post('Content-Length: 5\r\n', 'hel'));
    await backend.received('hel');
    client.send('lo');
    await client.until('ok');
    assert.match(backend.peers[0]?.received ?? '', /\r\nContent-Length: 5\r\n/);
  });

  it('arrive in chunks, trailers included', async () => {
    const body = '5;x=y\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n';
    const backend = await RawBackend.start(peer => {
      if (peer.received.endsWith(body)) peer.send(answerOf('ok'));
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(post('Transfer-Encoding: chunked\r\n', body.slice(0, 9)));
    await backend.received('5;x=y');
    client.send(body.slice(9));
    await client.until('ok');
    assert.match(backend.peers[0]?.received ?? '', /\r\nTransfer-Encoding: chunked\r\n/);
  });

  it('that turn out to be malformed are refused, and the backend never sees a whole one', async () => {
    const backend = await RawBackend.start(() => {});
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(post('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n'));
    await backend.received('hello');
    client.send('5 \r\nhello\r\n0\r\n\r\n');
    assert.match(await client.ended(), /^HTTP\/1\.1 400 Bad Request\r\n/);
    await backend.abandoned();
    assert.doesNotMatch(backend.peers[0]?.received ?? '', /0\r\n\r\n$/);
  });

  it('wait for 100 Continue, which is passed on', async () => {
    const backend = await RawBackend.start(peer => {
      if (peer.received.endsWith('hello')) peer.send(answerOf('done'));
      else if (peer.received.endsWith('\r\n\r\n')) peer.send('HTTP/1.1 100 Continue\r\n\r\n');
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(post('Content-Length: 5\r\nExpect: 100-continue\r\n', ''));
    assert.equal(await client.until('\r\n\r\n'), 'HTTP/1.1 100 Continue\r\n\r\n');
    client.send('hello');
    await client.until('done');
  });

  it('that are not wanted: an early answer reaches the client, then the connection ends', async () => {
    const backend = await RawBackend.start(peer => {
      if (peer.received.includes('hel'))
        peer.send('HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno');
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(post('Content-Length: 1000\r\n', 'hel'));
    const received = await client.ended();
    assert.match(received, /^HTTP\/1\.1 413 No\r\n[\s\S]*\r\nConnection: close\r\n[\s\S]*no$/);
    await backend.abandoned();
  });
});
