/** Backends that are gone in every way, and requests that are answered all the same. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { DOUBT_AFTER_MS } from '../../../proxy/balancing/backend-runtime.ts';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  await test.stop();
});

/** An address where nobody listens. */
async function refusing(): Promise<string> {
  const backend = await RawBackend.answering(() => undefined);
  const { address } = backend;
  await backend.close();
  return address;
}

/**
 * An address that swallows connects: Linux drops the SYN for a listener whose queue is full, and a
 * thread that sleeps accepts nothing from its queue.
 */
async function silent(): Promise<string> {
  const sleeper = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer();
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
     });`,
    { eval: true },
  );
  const [port] = (await once(sleeper, 'message')) as [number];
  await new Promise(resolve => setImmediate(resolve));
  const fillers: Socket[] = [];
  cleanups.push(async () => {
    for (const filler of fillers) filler.destroy();
    await sleeper.terminate();
  });
  // Those that get in stay in the queue; the first that does not shows that it is full.
  for (;;) {
    const filler = connect({ port, host: '127.0.0.1' });
    fillers.push(filler.on('error', () => {}));
    const connected = once(filler, 'connect').then(() => true);
    const tooLate = new Promise<boolean>(resolve => setTimeout(resolve, 300, false));
    if (!(await Promise.race([connected, tooLate]))) return `127.0.0.1:${port}`;
    assert.ok(fillers.length < 50, 'the queue never gets full');
  }
}

function served(body: string): Promise<RawBackend> {
  return RawBackend.answering(() => answerOf(body));
}

describe('a request is answered if any backend can answer it', () => {
  it('the first ones refuse', async () => {
    const good = await served('good');
    test = await TestPlane.start({ backends: [await refusing(), await refusing(), good] });
    for (let i = 0; i < 6; i++) {
      assert.match(await test.ask(get('/', 'Connection: close\r\n')), /good$/);
    }
    const failures = test.events.filter(event => event.kind === 'connect-failed');
    assert.ok(failures.length >= 2);
    assert.ok(failures.every(event => event.failure === 'refused'));
  });

  it('and none can: one 503 per request, also for a client that stays', async () => {
    test = await TestPlane.start({ backends: [await refusing(), await refusing()] });
    const client = await test.client();
    client.send(get());
    await client.until('HTTP/1.1 503');
    // Longer than a connect is waited for before another one is begun.
    const start = performance.now();
    await eventually('time passes', () => performance.now() - start > 2 * DOUBT_AFTER_MS);
    assert.equal(client.received.split('HTTP/1.1').length, 2);
    client.send(get());
    await client.until('HTTP/1.1 503', 2);
  });

  it('one resets before it answers, and the request may be repeated', async () => {
    const bad = await RawBackend.answering((_, peer) => {
      peer.socket.resetAndDestroy();
      return undefined;
    });
    test = await TestPlane.start({ backends: [bad, await served('good')] });
    assert.match(await test.ask(get('/', 'Connection: close\r\n')), /good$/);
    assert.equal(bad.requests.length, 1);
  });

  it('but a POST that a backend may have acted on is not repeated → 502', async () => {
    const bad = await RawBackend.answering((_, peer) => {
      peer.socket.resetAndDestroy();
      return undefined;
    });
    const good = await served('good');
    test = await TestPlane.start({ backends: [bad, good] });
    const client = await test.client();
    client.send('POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 2\r\n\r\nhi');
    assert.match(await client.until('</html>'), /^HTTP\/1\.1 502 /);
    assert.equal(bad.requests.length + good.requests.length, 1);
  });

  it('all refuse → 503 at once, then without a try while the breakers are open', async () => {
    test = await TestPlane.start({ backends: [await refusing(), await refusing()] });
    for (let i = 0; i < 5; i++)
      assert.match(await test.ask(get('/', 'Connection: close\r\n')), / 503 /);
    assert.equal(test.events.filter(event => event.kind === 'connect-failed').length, 6);
    assert.equal(test.events.filter(event => event.kind === 'breaker-opened').length, 2);
    assert.equal(test.events.filter(event => event.kind === 'no-available-backend').length, 1);
    assert.ok(test.plane.snapshot().backends.every(backend => backend.breaker === 'open'));
    assert.ok(test.plane.snapshot().backends.every(backend => backend.retryInMs > 0));
  });
});

describe('a backend that comes back', () => {
  it('gets one trial when the wait is over, and closes its breaker', async () => {
    const address = await refusing();
    test = await TestPlane.start({ backends: [address] });
    for (let i = 0; i < 3; i++) await test.ask(get('/', 'Connection: close\r\n'));
    const port = Number(address.split(':')[1]);
    const server = createServer(socket => {
      socket.on('error', () => {}).on('data', () => socket.end(answerOf('back')));
    });
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
    cleanups.push(() => void server.close());
    await eventually('it is used again', async () =>
      (await test.ask(get('/', 'Connection: close\r\n'))).endsWith('back'),
    );
    assert.deepEqual(test.kinds().slice(3), [
      'breaker-opened',
      'no-available-backend',
      'breaker-half-opened',
      'breaker-closed',
      'cluster-recovered',
    ]);
  });

  it('is used at once when it is added again', async () => {
    const address = await refusing();
    test = await TestPlane.start({ backends: [address] });
    for (let i = 0; i < 3; i++) await test.ask(get('/', 'Connection: close\r\n'));
    test.addBackend('b0', address);
    assert.equal(test.plane.snapshot().backends[0]?.breaker, 'closed');
    assert.ok(test.kinds().includes('breaker-closed'));
    assert.equal(test.plane.snapshot().backends.length, 1);
  });
});

describe('a stale pooled connection', () => {
  it('costs no client an error: the request goes again on a new one', async () => {
    let requests = 0;
    const backend = await RawBackend.answering((_, peer) => {
      requests++;
      // The second request of a connection meets a backend that is just closing it.
      if (peer.received === '' && requests === 2) {
        peer.socket.resetAndDestroy();
        return undefined;
      }
      return answerOf(`<${requests}>`);
    });
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get());
    await client.until('<1>');
    client.send(get());
    await client.until('<3>');
    assert.equal(backend.peers.length, 2);
    assert.deepEqual(test.kinds(), []);
  });

  it('is never used for a POST', async () => {
    const backend = await served('ok');
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get());
    await client.until('ok');
    client.send('POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 0\r\n\r\n');
    await client.until('ok', 2);
    assert.equal(backend.peers.length, 2);
  });

  it('that the backend closed while idle is gone from the pool', async () => {
    const backend = await served('ok');
    test = await TestPlane.start({ backends: [backend] });
    const client = await test.client();
    client.send(get());
    await client.until('ok');
    backend.peers[0]?.socket.end();
    await eventually(
      'the pool is empty',
      () => test.plane.snapshot().backends[0]?.idleConnections === 0,
    );
    client.send(get());
    await client.until('ok', 2);
  });
});

describe('a silent backend', {
  skip: process.platform !== 'linux' && 'only Linux drops the SYN',
}, () => {
  it('is given up after the connect timeout and another one answers', async () => {
    const good = await served('good');
    test = await TestPlane.start({
      backends: [await silent(), good],
      listener: { connectTimeoutMs: 300 },
    });
    assert.match(await test.ask(get('/', 'Connection: close\r\n')), /good$/);
    const failed = await eventually('the connect is given up', () =>
      test.events.find(event => event.kind === 'connect-failed'),
    );
    assert.equal(failed.failure, 'silent');
    assert.ok((failed.durationMs ?? 0) >= 300);
  });

  it('keeps nobody waiting for long while another one accepts', async () => {
    const good = await served('good');
    test = await TestPlane.start({
      backends: [await silent(), good],
      listener: { connectTimeoutMs: 60_000 },
    });
    const start = performance.now();
    for (let i = 0; i < 4; i++) {
      assert.match(await test.ask(get('/', 'Connection: close\r\n')), /good$/);
    }
    assert.ok(performance.now() - start >= DOUBT_AFTER_MS);
    const [silentOne] = test.plane.snapshot().backends;
    assert.equal(silentOne?.requestsTotal, 0);
    assert.ok(!test.kinds().includes('connect-failed'), 'the connect is still under way');
  });

  it('leaves time for the others when the deadline is short', async () => {
    const good = await served('good');
    test = await TestPlane.start({
      backends: [await silent(), good],
      listener: { connectTimeoutMs: 60_000, tryDeadlineMs: 1000 },
    });
    assert.match(await test.ask(get('/', 'Connection: close\r\n')), /good$/);
  });

  it('alone → 503 when the time is over', async () => {
    test = await TestPlane.start({
      backends: [await silent()],
      listener: { connectTimeoutMs: 200, tryDeadlineMs: 400 },
    });
    assert.match(await test.ask(get('/', 'Connection: close\r\n')), / 503 /);
  });
});

describe('a backend that accepts and is mute', () => {
  it('keeps those waiting who came first, and nobody else', async () => {
    const mute = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({
      backends: [mute, await served('good')],
      listener: { connectTimeoutMs: 600 },
    });
    const first = await test.client();
    first.send(get());
    await mute.requested();
    // A third of the connect timeout is over, and nothing came.
    await eventually('it is asked whether it is there', () => mute.peers.length > 1);
    for (let i = 0; i < 6; i++) {
      assert.match(await test.ask(get('/', 'Connection: close\r\n')), /good$/);
    }
    assert.equal(mute.requests.length, 1);
    mute.peers[0]?.send(answerOf('late'));
    await first.until('late');
    test.ask(get('/', 'Connection: close\r\n')).catch(() => {});
    test.ask(get('/', 'Connection: close\r\n')).catch(() => {});
    await eventually('it is trusted again', () => mute.requests.length > 1);
    for (const peer of mute.peers) peer.send(answerOf('late'));
    await eventually('all are answered', () => test.plane.snapshot().activeRequests === 0);
  });

  it('loses its waiting requests to the others when it is removed', async () => {
    const mute = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({ backends: [mute], listener: { connectTimeoutMs: 600 } });
    const waiting = await test.client();
    waiting.send(get());
    await eventually('it is asked whether it is there', () => mute.peers.length > 1);
    const good = await served('good');
    test.addBackend('good', good.address);
    test.removeBackend('b0', mute.address);
    await waiting.until('good');
    assert.ok(test.kinds().includes('backend-drained'));
    await good.close();
  });

  it('still gets requests when all the others are gone', async () => {
    const slow = await RawBackend.answering((_, peer) => {
      setTimeout(() => peer.send(answerOf('slow')), 700);
      return undefined;
    });
    test = await TestPlane.start({ backends: [slow], listener: { connectTimeoutMs: 600 } });
    const first = test.ask(get('/', 'Connection: close\r\n'));
    await eventually('it is asked', () => slow.peers.length > 1);
    assert.match(await test.ask(get('/', 'Connection: close\r\n')), /slow$/);
    assert.match(await first, /slow$/);
  });
});
