/** Limits that two worker processes share: exact, whichever of them a client gets to. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { WorkerSnapshot } from '../../proxy/command/snapshots.ts';
import { eventually } from '../support/eventually.ts';
import { answerOf, type BackendPeer, RawBackend, RawClient } from '../support/raw-peer.ts';
import { startProxy } from '../support/start-proxy.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';

interface Stage {
  readonly backend: RawBackend;
  /** Backend connections whose request is not answered yet. */
  readonly held: BackendPeer[];
  /** Of the main process. */
  readonly pid: number;
  clients(count: number): Promise<RawClient[]>;
  workers(): Promise<readonly WorkerSnapshot[]>;
}

/** Two workers; the backend answers `GET /` at once and holds everything else. */
async function stage(test: TestContext, settings: string, cluster = ''): Promise<Stage> {
  const held: BackendPeer[] = [];
  const backend = await RawBackend.answering((head, peer) => {
    if (head.startsWith('GET / ')) return answerOf('hi');
    held.push(peer);
    return undefined;
  });
  test.after(() => backend.close());
  const proxy = await startProxy(test, {
    config: `
      log_level = "warn"
      worker_count = 2
      ${settings}
      [[listeners]]
      address = "127.0.0.1:0"
      protocol = "http"
      [clusters.web]
      protocol = "http"
      ${cluster}
      frontends = [{ address = "127.0.0.1:0", hostname = "*" }]
      backends = [{ address = "${backend.address}" }]
    `,
  });
  const open: RawClient[] = [];
  test.after(() => {
    for (const client of open) client.close();
  });
  const command = await proxy.connect();
  return {
    pid: proxy.pid,
    backend,
    held,
    clients: async count => {
      const more: RawClient[] = [];
      for (let i = 0; i < count; i++) more.push(await RawClient.connect(proxy.port));
      open.push(...more);
      return more;
    },
    workers: async () => {
      const { content } = await command.send({ kind: 'status' });
      return (content?.workers ?? []).flatMap(({ snapshot }) => snapshot ?? []);
    },
  };
}

function total(workers: readonly WorkerSnapshot[]): number {
  return workers.reduce((sum, each) => sum + each.clientConnections, 0);
}

function statusesOf(clients: readonly RawClient[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { received } of clients) {
    const status = received.slice(9, 12);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

describe('limits that two workers share', { concurrency: 3 }, () => {
  it('connections: never more than the limit, and every place is used', async test => {
    const { clients, workers } = await stage(test, 'max_connections_total = 7');
    const all = await clients(20);
    await eventually('seven are accepted', async () => total(await workers()) === 7);
    for (const client of all) client.send(REQUEST);
    await eventually('seven are served', () => statusesOf(all)['200'] === 7);
    assert.equal(total(await workers()), 7);
    for (const client of all) client.socket.on('data', () => client.close());
    for (const client of all) if (client.received !== '') client.close();
    await eventually('the others are, one after the other', async () => {
      assert.ok(total(await workers()) <= 7);
      return all.every(client => client.received !== '');
    });
    const [victim] = await workers();
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    await eventually('there are two again', async () => {
      const alive = await workers();
      return alive.length === 2 && alive.every(({ pid }) => pid !== victim?.pid);
    });
    const later = await clients(7);
    for (const client of later) await client.send(REQUEST).until('hi');
    assert.equal(total(await workers()), 7);
  });

  it('connections per worker: who has room takes what another one has none for', async test => {
    const { clients, workers } = await stage(test, 'max_connections = 5');
    const all = await clients(14);
    await eventually('both are full', async () =>
      (await workers()).every(({ clientConnections, limits }) => {
        assert.ok(clientConnections <= 5);
        return clientConnections === 5 && !limits.accepting;
      }),
    );
    for (const client of all) client.send(REQUEST);
    await eventually('ten are served', () => statusesOf(all)['200'] === 10);
    for (const client of all) if (client.received !== '') client.close();
    await eventually('the others too', () => all.every(({ received }) => received !== ''));
    assert.ok((await workers()).every(({ limits }) => limits.refusedTotal === 0));
  });

  for (const limit of [1, 4]) {
    it(`connections: idle ones make room for others, ${limit} at once`, async test => {
      const settings = `max_connections_total = ${limit}\nevict_on_queue_full = true`;
      const { clients, workers } = await stage(test, settings);
      for (let i = 0; i < 12; i++) {
        const [client] = await clients(1);
        await client?.send(REQUEST).until('hi');
        assert.ok(total(await workers()) <= limit);
      }
      const evicted = (await workers()).reduce((sum, { limits }) => sum + limits.evictedTotal, 0);
      assert.ok(evicted >= 12 - limit, `${evicted} made room`);
    });
  }

  it('a main process that stands still stops nobody', async test => {
    const { pid, clients } = await stage(test, '', 'max_requests = 8\nmax_connections_per_ip = 50');
    process.kill(pid, 'SIGSTOP');
    const all = await clients(6);
    for (const client of all) await client.send(REQUEST).until('hi');
    process.kill(pid, 'SIGCONT');
    for (const client of all) await client.send(REQUEST).until('hi', 2);
  });

  it('requests in progress: as many as the limit, in whatever workers they are', async test => {
    const { clients, held, workers } = await stage(test, '', 'max_requests = 5');
    const all = await clients(30);
    for (const client of all) client.send(REQUEST.replace('/ ', '/hold '));
    await eventually('all are at the backend or refused', () => {
      return held.length + (statusesOf(all)['429'] ?? 0) === 30;
    });
    assert.equal(held.length, 5);
    assert.equal((await workers()).length, 2);
    for (const peer of held.splice(0)) peer.send(answerOf('held'));
    await eventually('they are answered', () => statusesOf(all)['200'] === 5);
    // A worker that was refused asks again after 20 ms only.
    const answeredAt = performance.now();
    await eventually('that is over', () => performance.now() - answeredAt > 50);
    // One client after the other: whichever worker has it gets the permit.
    for (const client of all) {
      const before = client.received.length;
      client.send(REQUEST);
      await eventually('it is answered', () => client.received.length > before);
      assert.equal(client.received.slice(before + 9, before + 12), '200');
    }
  });

  it('connections of one client: as many as the limit, and again when they are gone', async test => {
    const { clients, workers } = await stage(test, 'max_connections_per_ip = 4');
    for (let round = 0; round < 3; round++) {
      const all = await clients(12);
      for (const client of all) client.send(REQUEST);
      await eventually('all are answered', () => all.every(({ received }) => received !== ''));
      assert.deepEqual(statusesOf(all), { 200: 4, 429: 8 });
      for (const client of all) client.close();
      await eventually('they are gone', async () => total(await workers()) === 0);
    }
  });

  it('requests per second: the burst and little more', async test => {
    const rate = 'request_rate = { per_second = 0.1, burst = 20 }';
    const { clients } = await stage(test, '', rate);
    const all = await clients(60);
    for (const client of all) client.send(REQUEST);
    await eventually('all are answered', () => all.every(({ received }) => received !== ''));
    const served = statusesOf(all)['200'] ?? 0;
    assert.ok(served >= 18 && served <= 25, `${served} served`);
  });
});
