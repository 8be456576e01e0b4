/** Expect: 100-continue from end to end, and messages of HTTP/1.0 on either side. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

const ASK = 'POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n';

describe('Expect: 100-continue', () => {
  it('is the backend’s to answer: a refusal comes at once, and the body is never read', async () => {
    const backend = await RawBackend.answering(
      () => 'HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n',
    );
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(ASK);
    const received = await client.ended();
    assert.match(received, /^HTTP\/1\.1 401 No\r\n[\s\S]*\r\nConnection: close\r\n/);
    assert.doesNotMatch(received, /100 Continue/);
    assert.match(backend.requests[0] ?? '', /\r\nExpect: 100-continue\r\n/);
    await backend.abandoned();
  });

  it('of a client that does not wait is answered once', async () => {
    const backend = await RawBackend.start(peer => {
      if (peer.received.endsWith('hello')) {
        peer.send(`HTTP/1.1 100 Continue\r\n\r\n${answerOf('taken')}`);
        peer.received = '';
      }
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(`${ASK}hello`);
    await client.until('taken');
    client.send(`${ASK}hello`);
    const received = await client.until('taken', 2);
    assert.equal(received.split('HTTP/1.1 100').length, 3);
  });

  it('without a backend is answered without asking for the body', async () => {
    test = await TestPlane.start({ backends: [] });
    const received = await test.ask(ASK);
    assert.match(received, /^HTTP\/1\.1 503 [\s\S]*\r\nConnection: close\r\n/);
  });

  it('of an HTTP/1.0 client means nothing, and it never sees a 100', async () => {
    const backend = await RawBackend.start(peer => {
      if (peer.received.endsWith('hello')) {
        peer.send(`HTTP/1.1 100 Continue\r\n\r\n${answerOf('taken')}`);
      }
    });
    test = await TestPlane.start({ backends: [backend] });
    const received = await test.ask(`${ASK.replace('HTTP/1.1', 'HTTP/1.0')}hello`);
    assert.match(received, /^HTTP\/1\.1 200 [\s\S]*taken$/);
    assert.doesNotMatch(backend.peers[0]?.received ?? '', /expect/i);
  });
});

describe('a backend of HTTP/1.0', () => {
  it('closes behind its answer, whatever its framing, and the client stays', async () => {
    const answers = [
      'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\none',
      'HTTP/1.0 200 OK\r\n\r\ntwo',
    ];
    const backend = await RawBackend.answering((_, peer) => {
      peer.socket.end(answers[peer.index % 2] ?? '');
      return undefined;
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get('/1'));
    await client.until('one');
    client.send(get('/2'));
    const received = await client.until('0\r\n\r\n');
    assert.match(received, /two\r\n0\r\n\r\n$/);
    assert.match(received, /^HTTP\/1\.1 200 OK\r\n/);
    assert.equal(backend.peers.length, 2);
  });

  it('that keeps its connection is asked again on it', async () => {
    const kept = 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nkept';
    const backend = await RawBackend.answering(() => kept);
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    for (let n = 1; n <= 3; n++) {
      client.send(get());
      await client.until('kept', n);
    }
    assert.equal(backend.peers.length, 1);
    assert.doesNotMatch(client.received, /Connection/);
  });

  it('may not use a coding that HTTP/1.0 does not have → 502', async () => {
    const backend = await RawBackend.answering(
      () => 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    );
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get());
    assert.match(await client.until('</html>'), /^HTTP\/1\.1 502 /);
  });
});

describe('trailers', () => {
  it('of an answer reach an HTTP/1.1 client and not one of HTTP/1.0; TE never travels on', async () => {
    const backend = await RawBackend.answering(
      () =>
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n',
    );
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get('/', 'TE: trailers\r\nConnection: TE\r\n'));
    assert.match(await client.until('X-Sum: 7'), /\r\nTrailer: X-Sum\r\n[\s\S]*0\r\nX-Sum: 7/);
    const old = await test.ask('GET / HTTP/1.0\r\nHost: web\r\n\r\n');
    assert.match(old, /\r\n\r\nhi$/);
    assert.doesNotMatch(backend.requests.join(''), /\r\nTE:/i);
  });

  it('that would change what a message means are refused, both ways', async () => {
    const backend = await RawBackend.answering(
      () =>
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nContent-Length: 7\r\n\r\n',
    );
    test = await TestPlane.start({ backends: [backend] });
    const post = 'POST / HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n';
    assert.match(await test.ask(`${post}0\r\nHost: other\r\n\r\n`), /^HTTP\/1\.1 400 /);
    const client = await test.client();
    client.send(get());
    assert.doesNotMatch(await client.until('\r\n\r\n'), /Content-Length: 7/);
  });
});
