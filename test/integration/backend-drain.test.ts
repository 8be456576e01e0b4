/** A backend is emptied under load, by the command line and on the command socket; two real workers. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import type { CommandClient, ProxyEvent, Reply } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { answerOf, RawBackend, RawClient } from '../support/raw-peer.ts';
import { type RunningProxy, spawnRelais, startProxy } from '../support/start-proxy.ts';

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n';
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: echo\r\n';

function config(backends: readonly string[]): string {
  const list = backends.map(address => `{ address = "${address}" }`).join(', ');
  return `
    log_level = "warn"
    worker_count = 2
    [[listeners]]
    address = "127.0.0.1:0"
    protocol = "http"
    [clusters.web]
    protocol = "http"
    frontends = [{ address = "127.0.0.1:0", hostname = "web" }]
    backends = [${list}]
  `;
}

function head(path: string, fields = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: web\r\n${fields}\r\n`;
}

/** Begins `/long` and does not end it, grants upgrades, and says nothing to `/wait`. */
function slow(test: TestContext): Promise<RawBackend> {
  return backend(test, text => {
    if (text.startsWith('GET /long')) return 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nbegin';
    if (text.startsWith('GET /wait')) return undefined;
    return text.includes(UPGRADE) ? SWITCH : answerOf('slow');
  });
}

async function backend(
  test: TestContext,
  answer: (head: string) => string | undefined,
): Promise<RawBackend> {
  const started = await RawBackend.answering(answer);
  test.after(() => started.close());
  return started;
}

async function hold(test: TestContext, proxy: RunningProxy, text: string): Promise<RawClient> {
  const client = await RawClient.connect(proxy.port);
  test.after(() => client.close());
  return client.send(text);
}

function eventsOf(client: CommandClient): ProxyEvent[] {
  const events: ProxyEvent[] = [];
  client.events(event => events.push(event));
  return events;
}

/** As `eventually`, for a computer that is busy. */
function soon(what: string, probe: () => boolean | Promise<boolean>): Promise<boolean> {
  return eventually(what, probe, 30_000);
}

interface Load {
  readonly failed: string[];
  count: number;
  stop(): Promise<void>;
}

/** Visitors who ask again and again. */
function visitors(port: number, fields: () => Record<string, string>): Load {
  let running = true;
  const load = { failed: [] as string[], count: 0 };
  const agent = new http.Agent({ keepAlive: true });
  const visit = (kept: boolean): Promise<void> =>
    new Promise(resolve => {
      const headers = { Host: 'web', ...fields() };
      const options = { host: '127.0.0.1', port, headers, agent: kept ? agent : false };
      const request = http.get(options, answer => {
        if (answer.statusCode !== 200) load.failed.push(String(answer.statusCode));
        answer.resume().on('close', () => {
          if (!answer.complete) load.failed.push('incomplete');
          resolve();
        });
      });
      request.on('error', error => {
        load.failed.push(error.message);
        resolve();
      });
    });
  const all = Array.from({ length: 8 }, async (_, index) => {
    while (running) {
      await visit(index % 4 !== 0);
      load.count++;
    }
  });
  const stop = async (): Promise<void> => {
    running = false;
    await Promise.all(all);
    agent.destroy();
  };
  return Object.assign(load, { stop });
}

describe('a drain under load', () => {
  it('leaves the backend without a request from its reply on, and fails none', async test => {
    let isDrained = false;
    let lateOnes = 0;
    const old = await backend(test, text => {
      if (isDrained && text.includes('x-late: yes')) lateOnes++;
      return answerOf('old');
    });
    const fresh = await backend(test, () => answerOf('fresh'));
    const proxy = await startProxy(test, { config: config([old.address, fresh.address]) });
    const client = await proxy.connect();
    const events = eventsOf(await proxy.connect());
    const load = visitors(proxy.port, () => (isDrained ? { 'x-late': 'yes' } : {}));
    const place = { clusterId: 'web', address: old.address };
    const safe = (): ProxyEvent[] => events.filter(({ kind }) => kind === 'backend-safe-to-stop');
    for (let round = 1; round <= 4; round++) {
      const before = old.requests.length;
      await soon('it gets requests', () => old.requests.length > before + 20);
      const admin = round % 2 === 0 ? 'maint' : 'drain';
      const reply = await client.send({ kind: 'set-backend-admin', ...place, admin });
      isDrained = true;
      assert.equal(reply.status, 'ok', reply.message);
      await soon('it is safe to stop', () => safe().length === round);
      const [count, reached] = [load.count, old.requests.length];
      await soon('others are served', () => load.count > count + 50);
      assert.equal(old.requests.length, reached);
      isDrained = false;
      const ready = await client.send({ kind: 'set-backend-admin', ...place, admin: 'ready' });
      assert.equal(ready.status, 'ok', ready.message);
    }
    await load.stop();
    assert.equal(lateOnes, 0);
    assert.deepEqual(load.failed, []);
    assert.equal(safe().length, 4);
    assert.equal(events.filter(({ kind }) => kind === 'backend-ready').length, 4);
  });

  it('and a removal are told to be safe once each', async test => {
    const [old, fresh] = [await slow(test), await backend(test, () => answerOf('fresh'))];
    const proxy = await startProxy(test, { config: config([old.address]) });
    const client = await proxy.connect();
    const events = eventsOf(await proxy.connect());
    const held = await hold(test, proxy, head('/long'));
    await held.until('begin');
    const load = visitors(proxy.port, () => ({}));
    const backendAt = (address: string) => ({ clusterId: 'web', backendId: address, address });
    await client.send({ kind: 'add-backend', backend: backendAt(fresh.address) });
    await client.send({ kind: 'remove-backend', clusterId: 'web', address: old.address });
    const reached = old.requests.length;
    const { count } = load;
    await soon('others are served', () => load.count > count + 50);
    // Those that were under way at the removal have arrived by now, and there is none behind them.
    assert.ok(old.requests.length - reached <= 8);
    const safe = (): ProxyEvent[] => events.filter(({ kind }) => kind === 'backend-safe-to-stop');
    assert.deepEqual(safe(), []);
    held.close();
    await soon('it is safe to stop', () => safe().length === 1);
    assert.equal(safe()[0]?.address, old.address);
    assert.match(safe()[0]?.cause ?? '', /^removed, /);
    await load.stop();
    assert.deepEqual(load.failed, []);
    await old.abandoned();
  });
});

describe('one who waits for a drain', () => {
  it('is told what holds it, and after the deadline what was cut', async test => {
    const [old, fresh] = [await slow(test), await slow(test)];
    const proxy = await startProxy(test, { config: config([old.address]) });
    const client = await proxy.connect();
    const held = await Promise.all(
      [head('/long'), head('/chat', UPGRADE), head('/chat', UPGRADE)].map(text =>
        hold(test, proxy, text),
      ),
    );
    for (const each of held) await each.until('\r\n\r\n');
    const waiting = await hold(test, proxy, head('/wait'));
    await soon('the backend has it', () => old.requests.length === 4);
    const place = { clusterId: 'web', backendId: fresh.address, address: fresh.address };
    await client.send({ kind: 'add-backend', backend: place });
    const others = await hold(test, proxy, head('/chat', UPGRADE));
    // Round robin, in each worker for itself: it may have come to the old one.
    await others.until('\r\n\r\n');
    const tunnels = fresh.requests.length === 1 ? 2 : 3;
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
      { timeoutMs: 30_000, onProcessing: step => steps.push(step) },
    );
    assert.equal(reply.status, 'ok', reply.message);
    assert.match(reply.message, /^safe to stop: backend \S+ of cluster "web", after \d/);
    const cut = `cut ${tunnels} tunnels, 1 download; 1 request went to another backend instead`;
    assert.ok(reply.message.endsWith(cut), reply.message);
    assert.deepEqual(reply.content?.cut, {
      counts: { download: 1, upload: 0, request: 0, tunnel: tunnels },
      moved: 1,
    });
    assert.match(
      steps[0]?.message ?? '',
      new RegExp(`is in drain: no new request goes there; ${tunnels + 2} in progress: `),
    );
    assert.match(steps[0]?.message ?? '', /what is left in \d\.\d s is cut$/);
    for (const each of held) assert.notEqual(await each.ended(), '');
    assert.equal(waiting.end, 'open');
    assert.equal(others.end, tunnels === 2 ? 'open' : others.end);
    await old.abandoned();
  });

  it('is told when it becomes ready, when it is removed, and that a dead worker holds nothing', async test => {
    const old = await slow(test);
    const proxy = await startProxy(test, { config: config([old.address]) });
    const [client, waiter] = [await proxy.connect(), await proxy.connect()];
    const place = { clusterId: 'web', address: old.address };
    const held = await hold(test, proxy, head('/long'));
    await held.until('begin');
    const drain = async (): Promise<{ ended: Promise<Reply> }> => {
      let begun = (): void => undefined;
      const begins = new Promise<void>(resolve => {
        begun = resolve;
      });
      const ended = waiter.send(
        { kind: 'set-backend-admin', ...place, admin: 'drain', wait: true },
        { timeoutMs: 30_000, onProcessing: () => begun() },
      );
      await begins;
      return { ended };
    };
    const first = await drain();
    await client.send({ kind: 'set-backend-admin', ...place, admin: 'ready' });
    const { status, message } = await first.ended;
    assert.equal(status, 'failure', message);
    assert.equal(message, `backend ${old.address} was not yet safe to stop: it is ready again`);
    const second = await drain();
    await client.send({ kind: 'remove-backend', ...place });
    assert.match((await second.ended).message, /was not yet safe to stop: it was removed$/);
    const added = { ...place, backendId: old.address };
    await client.send({ kind: 'add-backend', backend: added });
    const third = await drain();
    const { content } = await client.send({ kind: 'list-backends' });
    const busy = content?.backends[0]?.workers.find(each => each.activeRequests > 0);
    assert.equal(content?.backends[0]?.admin, 'drain');
    const status2 = await client.send({ kind: 'status' });
    const { pid = 0 } =
      status2.content?.workers.find(each => each.workerId === busy?.workerId) ?? {};
    assert.ok(pid > 0);
    process.kill(pid, 'SIGKILL');
    assert.match((await third.ended).message, /^safe to stop: /);
    const after = await client.send({ kind: 'list-backends' });
    assert.equal(after.content?.backends[0]?.admin, 'drain', 'the new worker knows it, too');
  });
});

describe('a worker that only finishes what it has', () => {
  it('knows of a drain, holds it, and lets go at its deadline', async test => {
    const [old, fresh] = [await slow(test), await slow(test)];
    const proxy = await startProxy(test, { config: config([old.address]) });
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
    const proxy = await startProxy(test, { config: config([old.address]) });
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
    const proxy = await startProxy(test, { config: config([old.address, fresh.address]) });
    const relais = (...words: readonly string[]) =>
      spawnRelais(['-s', proxy.socketPath, 'backend', ...words]);
    const place = ['-i', 'web', '-a', old.address];
    const maint = await relais('maint', '-i', 'web', '-a', fresh.address).ended;
    assert.equal(maint.code, 0, maint.stderr);
    assert.match(maint.stdout, /^Success: safe to stop: backend \S+ of cluster "web", after \d+/);
    const held = await hold(test, proxy, head('/chat/room?token=secret', UPGRADE));
    await held.until('\r\n\r\n');
    assert.equal((await relais('ready', '-i', 'web', '-a', fresh.address).ended).code, 0);

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
    const dry = await relais('drain', ...place, '--dry-run').ended;
    assert.match(dry.stdout, /^Success: would do: backend \S+ of cluster "web" is in drain/);
    const refused = await relais('drain', '-i', 'web', '-a', '127.0.0.1:1').ended;
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^Failure: no backend at 127\.0\.0\.1:1 in cluster "web"/);
    const unwaited = await relais('drain', ...place, '--no-wait').ended;
    assert.match(unwaited.stdout, /is in drain: no new request goes there; nothing in progress\n$/);
    const state = await (await proxy.connect()).send({ kind: 'dump-state' });
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
    const proxy = await startProxy(test, { config: config([old.address, other.address]) });
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
