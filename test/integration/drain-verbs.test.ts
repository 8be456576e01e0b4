/** The command line around drains, and workers and stops that a drain or a tunnel keeps. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Reply } from '../../proxy/index.ts';
import { backend, drainConfig, head, hold, slow, soon, UPGRADE } from '../support/drain-peers.ts';
import { answerOf, type RawBackend } from '../support/raw-peer.ts';
import { spawnRelais, startProxy } from '../support/start-proxy.ts';

describe('a worker that only finishes what it has', () => {
  it('knows of a drain, holds it, and lets go at its deadline', async test => {
    const [old, fresh] = [await slow(test), await slow(test)];
    const proxy = await startProxy(test, { config: drainConfig([old.address]) });
    const [client, upgrader] = [await proxy.connect(), await proxy.connect()];
    const held = await hold(test, proxy, head('/chat', UPGRADE));
    await held.until('\r\n\r\n');
    const upgraded = upgrader.send({ kind: 'upgrade-workers' }, { timeoutMs: 60_000 });
    await soon('the worker with the tunnel is replaced', async () => {
      const { content } = await client.send({ kind: 'status' });
      const stopping = content?.workers.filter(({ runState }) => runState === 'stopping') ?? [];
      return stopping.length === 1 && content?.workers.length === 3;
    });
    const backendId = fresh.address;
    await client.send({
      kind: 'add-backend',
      backend: { clusterId: 'web', backendId, address: fresh.address },
    });
    const steps: Reply[] = [];
    const reply = await client.send(
      {
        kind: 'set-backend-admin',
        clusterId: 'web',
        address: old.address,
        admin: 'drain',
        wait: true,
        deadlineMs: 3000,
      },
      { timeoutMs: 60_000, onProcessing: step => steps.push(step) },
    );
    assert.match(reply.message, /^safe to stop: .*; cut 1 tunnel$/);
    assert.match(steps[0]?.message ?? '', /; 1 in progress: 1 tunnel; /);
    await held.ended();
    assert.equal((await upgraded).status, 'ok');
  });
});

describe('relais shutdown', () => {
  it('names what it waits for', async test => {
    const old = await slow(test);
    const proxy = await startProxy(test, { config: drainConfig([old.address]) });
    const held = await hold(test, proxy, head('/chat/room', UPGRADE));
    await held.until('\r\n\r\n');
    const shutdown = spawnRelais(['-s', proxy.socketPath, 'shutdown']);
    await soon('the tunnel is named', () => shutdown.stderr().includes('GET web/chat/room'));
    assert.match(shutdown.stderr(), /Processing: 1 in progress: 1 tunnel\n {2}tunnel {2}GET web/);
    held.close();
    const ended = await shutdown.ended;
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal((await proxy.ended).code, 0);
  });
});

describe('relais backend drain', () => {
  it('waits, names what takes long, and goes on after Ctrl-C', async test => {
    const [old, fresh] = [await slow(test), await slow(test)];
    const proxy = await startProxy(test, { config: drainConfig([old.address, fresh.address]) });
    const relais = (...words: readonly string[]) =>
      spawnRelais(['-s', proxy.socketPath, 'backend', ...words]);
    const place = ['-i', 'web', '-a', old.address];
    const maint = await relais('maint', '-i', 'web', '-a', fresh.address).ended;
    assert.equal(maint.code, 0, maint.stderr);
    assert.match(maint.stdout, /^Success: safe to stop: backend \S+ of cluster "web", after \d+/);
    const held = await hold(test, proxy, head('/chat/room?token=secret', UPGRADE));
    await held.until('\r\n\r\n');
    const other = { kind: 'set-backend-admin', clusterId: 'web', address: fresh.address } as const;
    const command = await proxy.connect();
    assert.equal((await command.send({ ...other, admin: 'ready' })).status, 'ok');

    const waiting = relais('drain', ...place);
    await soon('it names the tunnel', () => waiting.stderr().includes('/chat/room'));
    const client = `127.0.0.1:${held.socket.localPort}`;
    const line =
      waiting
        .stderr()
        .split('\n')
        .find(each => each.includes('/chat/room')) ?? '';
    assert.match(
      line,
      /^ {2}tunnel {2}GET web\/chat\/room {2}from \S+ {2}for 0:\d\d {2}\d+ B sent/,
    );
    assert.ok(line.includes(client), line);
    assert.match(
      waiting.stderr(),
      /Processing: .*no new request goes there; 1 in progress: 1 tunnel\n/,
    );
    waiting.child.kill('SIGINT');
    const ended = await waiting.ended;
    assert.equal(ended.code, 130);
    assert.match(ended.stderr, /The drain goes on without you: "relais events" tells/);

    const list = await relais('list').ended;
    assert.match(list.stdout, new RegExp(`${old.address} +drain +100 +0 %`));
    assert.match(list.stdout, new RegExp(`${fresh.address} +ready +100 +100 %`));
    const again = relais('drain', ...place, '--deadline', '0.2', '--json');
    const safe = await again.ended;
    assert.equal(safe.code, 0, safe.stderr);
    const content = JSON.parse(safe.stdout) as { safe: boolean; cut: { counts: object } };
    assert.equal(content.safe, true);
    assert.deepEqual(content.cut.counts, { download: 0, upload: 0, request: 0, tunnel: 1 });
    const ready = await relais('ready', ...place).ended;
    assert.match(ready.stdout, /is ready: it gets requests, and its breaker is closed\n$/);
    const [dry, refused] = await Promise.all([
      relais('drain', ...place, '--dry-run').ended,
      relais('drain', '-i', 'web', '-a', '127.0.0.1:1').ended,
    ]);
    assert.match(dry.stdout, /^Success: would do: backend \S+ of cluster "web" is in drain/);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^Failure: no backend at 127\.0\.0\.1:1 in cluster "web"/);
    const unwaited = await relais('drain', ...place, '--no-wait').ended;
    assert.match(unwaited.stdout, /is in drain: no new request goes there; nothing in progress\n$/);
    const state = await command.send({ kind: 'dump-state' });
    const text = JSON.stringify(state.content?.requests);
    assert.equal(text.split('"admin":"drain"').length, 2);
  });
});

describe('a backend in maintenance', () => {
  it('is not checked, and is checked anew when it is ready', async test => {
    const checks = { old: 0, other: 0 };
    const checked = (name: keyof typeof checks): Promise<RawBackend> =>
      backend(test, () => {
        checks[name]++;
        return answerOf(name, 'Connection: close\r\n');
      });
    const [old, other] = [await checked('old'), await checked('other')];
    const proxy = await startProxy(test, { config: drainConfig([old.address, other.address]) });
    const client = await proxy.connect();
    const healthCheck = { uri: '/health', intervalMs: 50 };
    const cluster = { id: 'web', loadBalancing: 'round-robin', answers: {}, healthCheck } as const;
    await client.send({ kind: 'add-cluster', cluster });
    const put = async (admin: 'ready' | 'drain' | 'maint'): Promise<void> => {
      const place = { clusterId: 'web', address: old.address };
      const reply = await client.send({ kind: 'set-backend-admin', ...place, admin });
      assert.equal(reply.status, 'ok', reply.message);
    };
    await put('drain');
    await soon('it is checked', () => checks.old >= 3);
    await put('maint');
    await old.abandoned();
    const resting = { ...checks };
    await soon('the other is checked', () => checks.other >= resting.other + 5);
    assert.equal(checks.old, resting.old);
    await put('ready');
    await soon('it is checked again', () => checks.old >= resting.old + 2);
  });
});
