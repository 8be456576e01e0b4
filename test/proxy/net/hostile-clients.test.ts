/** Clients that are slow, silent or gone at the worst moment: all are ended in time, nobody suffers. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend, type RawClient } from '../../support/raw-peer.ts';
import { get, LISTENER, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

const connections = (): number => test.plane.snapshot().clientConnections;

/** Sends the text one byte after the other, with a pause behind each. */
function trickle(client: RawClient, text: string, everyMs: number): NodeJS.Timeout {
  let at = 0;
  const timer = setInterval(() => {
    if (client.socket.writable) client.socket.write(text.charAt(at++ % text.length), 'latin1');
  }, everyMs);
  client.socket.once('close', () => clearInterval(timer));
  return timer;
}

/** A share of one processor, over the time that `during` takes. */
async function cpuShare(during: () => Promise<unknown>): Promise<number> {
  const [cpu, since] = [process.cpuUsage(), performance.now()];
  await during();
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1000 / (performance.now() - since);
}

async function passes(ms: number): Promise<void> {
  const since = performance.now();
  await eventually('time passes', () => performance.now() - since > ms);
}

describe('slow heads', () => {
  it('500 of them are ended by the deadline for the whole head, and others are served', async () => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const listener = { requestTimeoutMs: 1500 };
    test = await TestPlane.start({ backends: [backend], listener });
    const slow: RawClient[] = [];
    for (let i = 0; i < 500; i++) {
      const client = await test.client();
      client.send('GET / HTTP/1.1\r\nHost: web\r\nX-Long: ');
      slow.push(client);
    }
    const timers = slow.map(client => trickle(client, 'x', 300));
    const visitor = await test.client();
    await eventually(
      'they are gone',
      async () => {
        const before = visitor.received.length;
        visitor.send(get());
        await eventually('the visitor is served', () => visitor.received.length > before);
        return slow.every(({ end }) => end !== 'open');
      },
      30_000,
    );
    for (const timer of timers) clearInterval(timer);
    const timedOut = slow.filter(({ received }) => received.startsWith('HTTP/1.1 408 '));
    assert.equal(timedOut.length, 500);
    assert.equal(visitor.end, 'open');
  });

  it('on the second request of a connection is ended just so', async () => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const listener = { requestTimeoutMs: 400, frontTimeoutMs: 60_000 };
    test = await TestPlane.start({ backends: [backend], listener });
    const client = await test.client();
    await client.send(get()).until('hi');
    const timer = trickle(client, 'GET /slow', 50);
    const answers = await client.ended();
    clearInterval(timer);
    assert.match(answers, /hiHTTP\/1\.1 408 /);
  });
});

describe('clients that go away', () => {
  it('in the middle of a head or a body leave nothing behind', async () => {
    const backend = await RawBackend.start(() => {});
    test = await TestPlane.start({ backends: [backend] });
    const parts = ['', 'GET', 'GET / HTTP/1.1\r\nHost: w', `POST / HTTP/1.1\r\nHost: web\r\n`];
    const body = 'POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 9\r\n\r\nabc';
    for (const part of [...parts, body]) {
      const ends = await test.client();
      ends.send(part).socket.end();
      await ends.ended();
      const resets = await test.client();
      resets.send(part);
      await eventually('it is there', () => connections() > 0);
      resets.close();
      await eventually('nobody is left', () => connections() === 0);
    }
    await backend.abandoned();
  });

  it('behind a request end what was begun for it, and no backend is blamed', async () => {
    const backend = await RawBackend.answering(() => undefined);
    test = await TestPlane.start({ backends: [backend] });
    for (let i = 1; i <= 20; i++) {
      const client = await test.client();
      client.send(get());
      await eventually('the backend has it', () => backend.requests.length === i);
      client.close();
    }
    await eventually('nobody is left', () => connections() === 0);
    await backend.abandoned();
    const [snapshot] = test.plane.snapshot().backends;
    assert.deepEqual(
      [snapshot?.breaker, snapshot?.failures, snapshot?.activeRequests],
      ['closed', 0, 0],
    );
  });
});

describe('clients that do not read', () => {
  it('and backends that do not are held back: 64 KiB wait in each direction, no more', async () => {
    const backend = await RawBackend.start(
      () => {},
      ({ socket }) => {
        socket.pause();
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 * MUCH}\r\n\r\n`);
        socket.write(Buffer.alloc(MUCH));
      },
    );
    test = await TestPlane.start({ backends: [backend] });
    const sockets: Socket[] = [];
    for (let i = 0; i < 4; i++) {
      const socket = connect({ port: test.port, host: '127.0.0.1' });
      socket.on('error', () => {});
      socket.pause();
      socket.write(`POST / HTTP/1.1\r\nHost: web\r\nContent-Length: ${2 * MUCH}\r\n\r\n`);
      socket.write(Buffer.alloc(MUCH));
      sockets.push(socket);
    }
    await eventually('all are stuck', () => buffered(test.plane).every(each => each.stuck));
    await settled(() => buffered(test.plane).reduce((sum, { toClient }) => sum + toClient, 0));
    const all = buffered(test.plane);
    assert.equal(all.length, 4);
    for (const { toClient, toBackend } of all) {
      assert.ok(toClient > 0 && toClient <= 65_536, `${toClient} bytes wait for the client`);
      assert.ok(toBackend > 0 && toBackend <= 65_536, `${toBackend} bytes wait for the backend`);
    }
    for (const socket of sockets) socket.destroy();
    for (const peer of backend.peers) peer.socket.destroy();
  });

  it('get a bounded number of pipelined answers, and the rest when they read', async () => {
    const page = 'x'.repeat(100_000);
    const backend = await RawBackend.answering(() => answerOf(page));
    test = await TestPlane.start({ backends: [backend] });
    const socket = connect({ port: test.port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.pause();
    socket.write(get().repeat(1000));
    await settled(() => backend.requests.length);
    const unread = backend.requests.length;
    assert.ok(unread > 0 && unread < 200, `${unread} of 1000 were asked for`);
    let received = 0;
    socket.on('data', bytes => {
      received += bytes.length;
    });
    socket.resume();
    await eventually('everything arrives', () => received > 1000 * page.length, 60_000);
    await eventually('no more was asked for', () => backend.requests.length === 1000);
    socket.destroy();
  });

  it('and whose backend does not read either are ended when their time is over', async () => {
    const backend = await RawBackend.start(
      () => {},
      peer => {
        peer.socket.pause();
        peer.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n`);
        peer.socket.write(Buffer.alloc(30_000_000));
      },
    );
    const listener = { frontTimeoutMs: 1200, backTimeoutMs: 1200 };
    test = await TestPlane.start({ backends: [backend], listener });
    const stuck: Socket[] = [];
    for (let i = 0; i < 5; i++) {
      const socket = connect({ port: test.port, host: '127.0.0.1' });
      socket.on('error', () => {});
      socket.pause();
      socket.write(`POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 99999999\r\n\r\n`);
      socket.write(Buffer.alloc(30_000_000));
      stuck.push(socket);
    }
    await eventually('they are there', () => backend.peers.length === 5);
    await passes(300);
    const share = await cpuShare(() => passes(500));
    assert.ok(share < 0.5, `${share} of a processor while nothing moves`);
    await eventually('all are ended', () => connections() === 0);
    for (const socket of stuck) socket.destroy();
    for (const peer of backend.peers) peer.socket.destroy();
  });
});

/** More than all kernel buffers of two connections. */
const MUCH = 24 * 1024 * 1024;

interface Buffered {
  readonly toClient: number;
  readonly toBackend: number;
  readonly stuck: boolean;
}

/** What each session holds, by the counts of its sockets and the bytes that it carries. */
function buffered(plane: TestPlane['plane']): readonly Buffered[] {
  const sessions = [...(plane['listeners'].find(LISTENER)?.sessions ?? [])];
  return sessions.map(({ client, upstream }) => ({
    toClient: client['wire'].writableLength,
    toBackend: (upstream.connection?.wire.writableLength ?? 0) + (client.carry?.length ?? 0),
    stuck: client.blocked && upstream.blocked,
  }));
}

/** Resolves when a number has not changed for a while. */
async function settled(count: () => number): Promise<void> {
  let last = -1;
  let since = performance.now();
  await eventually(
    'it comes to rest',
    () => {
      const now = count();
      if (now !== last) since = performance.now();
      last = now;
      return last > 0 && performance.now() - since > 500;
    },
    30_000,
  );
}
