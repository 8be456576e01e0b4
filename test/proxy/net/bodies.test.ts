/** Bodies of requests that are too long, too slow or not wanted, and the answers that come early. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

function post(fields: string, body = ''): string {
  return `POST / HTTP/1.1\r\nHost: web\r\n${fields}\r\n${body}`;
}

function chunks(...sizes: readonly number[]): string {
  return sizes.map(size => `${size.toString(16)};x=y\r\n${'a'.repeat(size)}\r\n`).join('');
}

describe('a body', () => {
  /** Answers once a whole message has come; this is about the proxy, so its ends are known. */
  const accepting = (): Promise<RawBackend> =>
    RawBackend.start(peer => {
      if (/\r\n\r\n(a{10}|[\s\S]*0\r\n\r\n)$/.test(peer.received)) peer.send(answerOf('taken'));
    });

  it('of the limit is taken, in either framing', async () => {
    test = await TestPlane.start({ backends: [await accepting()], listener: { maxBodyBytes: 10 } });
    const client = await test.client();
    client.send(post('Content-Length: 10\r\n', 'a'.repeat(10)));
    await client.until('taken');
    client.send(post('Transfer-Encoding: chunked\r\n', `${chunks(3, 7)}0\r\n\r\n`));
    await client.until('taken', 2);
  });

  it('that announces one byte more is refused before any of it is read', async () => {
    const backend = await accepting();
    test = await TestPlane.start({ backends: [backend], listener: { maxBodyBytes: 10 } });
    const answer = await test.ask(post('Content-Length: 11\r\nExpect: 100-continue\r\n'));
    assert.match(answer, /^HTTP\/1\.1 413 Content Too Large\r\n[\s\S]*\r\nConnection: close\r\n/);
    assert.equal(backend.peers.length, 0);
  });

  it('that turns out to be one byte longer is refused, and the backend gets no whole one', async () => {
    const backend = await RawBackend.start(() => {});
    test = await TestPlane.start({ backends: [backend], listener: { maxBodyBytes: 10 } });
    const client = await test.client();
    client.send(post('Transfer-Encoding: chunked\r\n', chunks(10)));
    await backend.received('a'.repeat(10));
    client.send(`${chunks(1)}0\r\n\r\n${get('/smuggled')}`);
    assert.match(await client.ended(), /^HTTP\/1\.1 413 [\s\S]*<\/html>\n$/);
    await backend.abandoned();
    assert.doesNotMatch(backend.peers[0]?.received ?? '', /0\r\n\r\n/);
  });

  it('that is too long in its first piece reaches nobody', async () => {
    const backend = await accepting();
    test = await TestPlane.start({ backends: [backend], listener: { maxBodyBytes: 10 } });
    const answer = await test.ask(post('Transfer-Encoding: chunked\r\n', chunks(11)));
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.equal(backend.peers.length, 0);
  });

  it('that is not complete in time is refused, however busily it comes', async () => {
    const backend = await RawBackend.start(() => {});
    test = await TestPlane.start({ backends: [backend], listener: { bodyTimeoutMs: 300 } });
    const client = await test.client();
    client.send(post('Content-Length: 1000000\r\n'));
    const drip = setInterval(() => client.send('x'), 20);
    try {
      assert.match(await client.until('</html>'), /^HTTP\/1\.1 408 [\s\S]*within 300 ms/);
    } finally {
      clearInterval(drip);
    }
    await backend.abandoned();
  });

  it('that is complete in time leaves the backend its own time', async () => {
    const backend = await RawBackend.start(peer => {
      if (peer.received.endsWith('body')) setTimeout(() => peer.send(answerOf('late')), 400);
    });
    test = await TestPlane.start({ backends: [backend], listener: { bodyTimeoutMs: 100 } });
    const client = await test.client();
    client.send(post('Content-Length: 4\r\n', 'bo'));
    client.send('dy');
    await client.until('late');
  });

  it('that stops is given up while no backend has been found, too', async () => {
    test = await TestPlane.start({ backends: [], listener: { bodyTimeoutMs: 100 } });
    assert.match(await test.ask(post('Content-Length: 4\r\n', 'bo')), /^HTTP\/1\.1 503 /);
  });
});

describe('the time for a whole request', () => {
  it('ends a wait with 504', async () => {
    const backend = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({ backends: [backend], listener: { totalTimeoutMs: 200 } });
    const client = await test.client();
    client.send(get());
    assert.match(await client.until('</html>'), /^HTTP\/1\.1 504 [\s\S]*within 200 ms/);
    await backend.abandoned();
  });

  it('cuts an answer that is still coming', async () => {
    const backend = await RawBackend.answering((_, peer) => {
      const drip = setInterval(() => peer.send('x'), 20);
      peer.socket.on('close', () => clearInterval(drip));
      return 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n';
    });
    // On a busy computer the answer takes its time to begin.
    test = await TestPlane.start({ backends: [backend], listener: { totalTimeoutMs: 2_000 } });
    const client = await test.client();
    client.send(get());
    await client.ended();
    assert.equal(client.end, 'reset');
    assert.match(client.received, /^HTTP\/1\.1 200 OK\r\n/);
  });

  it('begins anew with the next request of the connection', async () => {
    const backend = await RawBackend.answering((head, peer) => {
      if (!head.includes('/slow')) return answerOf('quick');
      setTimeout(() => peer.send(answerOf('slow')), 250);
      return undefined;
    });
    test = await TestPlane.start({ backends: [backend], listener: { totalTimeoutMs: 2000 } });
    const client = await test.client();
    for (let n = 1; n <= 3; n++) {
      client.send(get('/slow'));
      await client.until('slow', n);
    }
    client.send(get('/quick'));
    await client.until('quick');
  });
});

describe('an answer before the whole request', () => {
  const large = 8 * 1024 * 1024;

  it('reaches the client though the backend resets the upload behind it', async () => {
    for (let round = 0; round < 20; round++) {
      const backend = await RawBackend.start(peer => {
        if (peer.socket.readableFlowing === false) return;
        peer.socket.pause();
        peer.socket.write('HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno', () =>
          // With bytes unread a close is a reset.
          peer.socket.destroy(),
        );
      });
      const plane = await TestPlane.start({ backends: [backend] });
      test = plane;
      const client = await plane.client();
      client.send(post(`Content-Length: ${large}\r\n`));
      client.send('x'.repeat(large));
      const received = await client.until('\r\n\r\nno');
      assert.match(received, /^HTTP\/1\.1 403 No\r\n/, `round ${round}`);
      if (round < 19) await plane.stop();
    }
  });

  it('is not lost while the client sends on, and nothing of the body becomes a request', async () => {
    const backend = await RawBackend.start(peer => {
      if (peer.received.includes('\r\n\r\n')) peer.send(answerOf('enough'));
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(post('Content-Length: 500\r\n'));
    await client.until('enough');
    client.send(get('/smuggled').repeat(3));
    const received = await client.ended();
    assert.equal(client.end, 'fin');
    assert.match(received, /\r\nConnection: close\r\n/);
    assert.equal(received.split('HTTP/1.1').length, 2);
    await backend.abandoned();
    assert.doesNotMatch(backend.peers[0]?.received ?? '', /smuggled/);
  });

  it('leaves a client that still uploads the time to read it', async () => {
    const backend = await RawBackend.start(peer => {
      if (peer.received.includes('\r\n\r\n')) peer.send(answerOf('enough'));
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(post('Content-Length: 100000000\r\n'));
    await client.until('enough');
    const since = performance.now();
    const drip = setInterval(() => client.send('x'.repeat(1000)), 50);
    try {
      while (performance.now() - since < 2500) {
        assert.notEqual(client.end, 'reset');
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    } finally {
      clearInterval(drip);
    }
  });
});

describe('peers that stop reading', () => {
  const large = 64 * 1024 * 1024;
  const endless = 'z'.repeat(1024 * 1024);

  it('on both sides at once end with the front timeout', async () => {
    const backend = await RawBackend.start(peer => {
      peer.socket.pause();
      peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${large}\r\n\r\n`);
      for (let n = 0; n < 32; n++) peer.send(endless);
    });
    test = await TestPlane.start({ backends: [backend], listener: { frontTimeoutMs: 300 } });
    const client = await test.client();
    client.socket.pause();
    client.send(post(`Content-Length: ${large}\r\n`));
    for (let n = 0; n < 32; n++) client.send(endless);
    await eventually('the session is gone', () => test.plane.snapshot().clientConnections === 0);
    await eventually('the backend is free', () => test.plane.upstreams.size === 0);
  });

  it('on the backend’s side alone are given up with 504 after the back timeout', async () => {
    const backend = await RawBackend.start(peer => peer.socket.pause());
    test = await TestPlane.start({ backends: [backend], listener: { backTimeoutMs: 300 } });
    const client = await test.client();
    client.send(post(`Content-Length: ${large}\r\n`));
    for (let n = 0; n < 32; n++) client.send(endless);
    assert.match(await client.until('</html>'), /^HTTP\/1\.1 504 /);
    client.close();
  });
});
