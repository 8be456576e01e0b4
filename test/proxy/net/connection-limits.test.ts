/** Client connections at a limit: the next ones wait in the kernel's queue, or idle ones make room. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { answerOf, RawBackend, type RawClient } from '../../support/raw-peer.ts';
import { get, TestPlane } from '../../support/start-data-plane.ts';

let test: TestPlane;
afterEach(() => test.stop());

const limits = (): ReturnType<typeof test.plane.snapshot>['limits'] => test.plane.snapshot().limits;
const connections = (): number => test.plane.snapshot().clientConnections;

async function clients(count: number): Promise<RawClient[]> {
  const all: RawClient[] = [];
  for (let i = 0; i < count; i++) all.push(await test.client());
  return all;
}

async function start(maxConnections: number, evictOnFull = false): Promise<RawBackend> {
  const backend = await RawBackend.answering(() => answerOf('hi'));
  test = await TestPlane.start({ backends: [backend], listener: { maxConnections }, shared: true });
  test.apply({ kind: 'configure', settings: { evictOnFull } });
  return backend;
}

describe('connections at the limit of a listener', () => {
  it('the next client waits, and is served once there is room', async () => {
    await start(2);
    const [first, second, third] = await clients(3);
    await eventually('two are accepted', () => connections() === 2);
    for (const client of [first, second, third]) client?.send(get());
    await first?.until('hi');
    await second?.until('hi');
    assert.deepEqual([connections(), limits().accepting], [2, false]);
    assert.equal(third?.received, '');
    first?.close();
    await third?.until('hi');
    assert.deepEqual([limits().refusedTotal, limits().evictedTotal], [0, 0]);
  });

  it('accepting goes on below nine tenths, and is told once', async () => {
    await start(10);
    const all = await clients(12);
    await eventually('ten are accepted', () => connections() === 10);
    all[0]?.close();
    await eventually('one less is not enough to go on', () => connections() === 9);
    assert.equal(limits().accepting, false);
    all[1]?.close();
    await eventually('the two that waited are in', () => connections() === 10);
    assert.equal(limits().pausesTotal, 2);
    const told = test.events.filter(event => event.kind.startsWith('connection-limit'));
    assert.deepEqual(
      told.map(event => event.kind),
      ['connection-limit-reached', 'connection-limit-left', 'connection-limit-reached'],
    );
    assert.match(
      told[0]?.cause ?? '',
      /listener 127\.0\.0\.1:0 has 10 of 10; no more are accepted/,
    );
  });

  it('a flood above the limit never gets more in than the limit', async () => {
    await start(20);
    const all = await clients(200);
    let most = 0;
    for (const client of all) {
      client.send(get('/', 'Connection: close\r\n'));
      client.socket.once('end', () => client.socket.end());
    }
    await eventually('everybody is served', () => {
      most = Math.max(most, connections());
      return all.every(client => client.received.includes('hi'));
    });
    assert.ok(most <= 20, `${most} connections`);
    assert.equal(limits().refusedTotal, 0);
  });

  it('the connection that was idle longest makes room', async () => {
    await start(3, true);
    const [oldest, busy, newest] = await clients(3);
    await eventually('three are accepted', () => connections() === 3);
    // The oldest connection, but not the one that was idle longest.
    for (const client of [busy, newest, oldest]) {
      const before = test.plane.snapshot().answersTotal['200'] ?? 0;
      // Times of requests are as exact as the timers' clock.
      await eventually(
        'a tick has passed',
        () => test.plane.timers.coarseNow() > lastRequestAt + 100,
      );
      client?.send(get());
      await client?.until('hi');
      lastRequestAt = test.plane.timers.now();
      assert.equal(test.plane.snapshot().answersTotal['200'], before + 1);
    }
    const next = await test.client();
    next.send(get());
    await next.until('hi');
    await busy?.ended();
    assert.deepEqual([oldest?.end, newest?.end], ['open', 'open']);
    assert.deepEqual([connections(), limits().evictedTotal, limits().accepting], [3, 1, true]);
  });

  it('a request in progress is ended for a newcomer only when nobody is idle', async () => {
    let answerAll: (() => void) | undefined;
    const backend = await RawBackend.answering((head, peer) => {
      if (head.includes('/fast')) return answerOf('fast');
      answerAll ??= () => undefined;
      const before = answerAll;
      answerAll = () => {
        before();
        peer.send(answerOf('slow'));
      };
      return undefined;
    });
    test = await TestPlane.start({
      backends: [backend],
      listener: { maxConnections: 2 },
      shared: true,
    });
    test.apply({ kind: 'configure', settings: { evictOnFull: true } });
    const [busy, idle] = await clients(2);
    await eventually('two are accepted', () => connections() === 2);
    busy?.send(get('/slow'));
    await backend.requested();
    idle?.send(get('/fast'));
    await idle?.until('fast');
    const third = await test.client();
    third.send(get('/slow'));
    await idle?.ended();
    await eventually('both requests are there', () => backend.requests.length === 3);
    assert.equal(busy?.end, 'open');
    const fourth = await test.client();
    await busy?.ended();
    answerAll?.();
    await third.until('slow');
    fourth.send(get('/fast'));
    await fourth.until('fast');
    assert.equal(limits().evictedTotal, 2);
  });
});

let lastRequestAt = 0;

describe('connections at the limit over all workers', () => {
  it('holds while it is changed', async () => {
    await start(100);
    test.apply({ kind: 'configure', settings: { maxConnections: 2 } });
    const all = await clients(5);
    await eventually('two are accepted', () => connections() === 2);
    for (const client of all) client.send(get());
    await all[1]?.until('hi');
    assert.equal(connections(), 2);
    test.apply({ kind: 'configure', settings: { maxConnections: 4 } });
    await all[3]?.until('hi');
    assert.equal(connections(), 4);
    test.apply({ kind: 'configure', settings: { maxConnections: 1 } });
    all[0]?.close();
    all[1]?.close();
    all[2]?.close();
    await eventually('one is left', () => connections() === 1);
    assert.equal(all[4]?.received, '');
    all[3]?.close();
    await all[4]?.until('hi');
    test.apply({ kind: 'configure', settings: {} });
    for (const client of await clients(5)) await client.send(get()).until('hi');
  });

  it('the connection that was idle longest makes room there too', async () => {
    await start(100);
    test.apply({ kind: 'configure', settings: { maxConnections: 2, evictOnFull: true } });
    for (let i = 0; i < 6; i++) await (await test.client()).send(get()).until('hi');
    assert.deepEqual([connections(), limits().evictedTotal], [2, 4]);
    test.apply({ kind: 'configure', settings: { maxConnections: 2 } });
    await eventually('no more are accepted', () => !limits().accepting);
  });
});

describe('a socket whose accepting cannot be paused', () => {
  it('connections above the limit are closed at once', async () => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    test = await TestPlane.start({ backends: [backend], listener: { maxConnections: 1 } });
    const first = await test.client();
    await eventually('one is accepted', () => connections() === 1);
    await (await test.client()).ended();
    await first.send(get()).until('hi');
    assert.equal(limits().refusedTotal, 1);
  });
});
