/** A real main process, real workers: start, change, watch, stop. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { CommandClient, ProxyEvent } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { runRelais, startProxy } from '../support/start-proxy.ts';

function config(...backends: readonly string[]): string {
  const list = backends.map(address => `{ address = "${address}" }`).join(', ');
  return `
    log_level = "warn"
    [[listeners]]
    address = "127.0.0.1:0"
    protocol = "http"
    [clusters.webapp]
    protocol = "http"
    frontends = [{ address = "127.0.0.1:0", hostname = "localhost" }]
    backends = [${list}]
  `;
}

/** A machine that answers with its own name. */
async function startBackend(test: TestContext, name: string): Promise<string> {
  const server = http.createServer((_request, response) => {
    response.end(name);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function get(port: number, agent?: http.Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      { host: '127.0.0.1', port, agent: agent ?? false, headers: { Host: 'localhost' } },
      response => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
  });
}

describe('relais', () => {
  it('adds and removes backends while it runs, and serves', async test => {
    const [one, two] = [await startBackend(test, 'one'), await startBackend(test, 'two')];
    const proxy = await startProxy(test, { config: config(one) });
    const client = await proxy.connect();
    assert.deepEqual(await get(proxy.port), { status: 200, body: 'one' });

    const [ip = '', port = ''] = two.split(':');
    const command = ['backend', 'add', '--id', 'webapp', '--ip', ip, '--port', port];
    const added = await runRelais('--config', proxy.configFile, ...command);
    assert.equal(added.code, 0, added.stderr);
    assert.equal(added.stdout, `Success: backend ${two} added to cluster "webapp" on 2 workers\n`);
    const again = await runRelais('-c', proxy.configFile, ...command);
    assert.match(again.stdout, /on 2 workers; already present; breaker reset/);

    const seen = new Set<string>();
    for (let round = 0; round < 8; round += 1) seen.add((await get(proxy.port)).body);
    assert.deepEqual([...seen].sort(), ['one', 'two']);

    const removed = await client.send({
      kind: 'remove-backend',
      clusterId: 'webapp',
      address: one,
    });
    assert.equal(removed.status, 'ok', removed.message);
    for (let round = 0; round < 8; round += 1) assert.equal((await get(proxy.port)).body, 'two');

    const unknown = await runRelais(
      ...['-s', proxy.socketPath, 'backend', 'remove', '--id', 'webap', '--address', two],
    );
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /Failure: there is no cluster "webap"; did you mean "webapp"\?/);
  });

  it('replaces a killed worker, which serves with the changed state', async test => {
    const one = await startBackend(test, 'one');
    const proxy = await startProxy(test, { config: config() });
    const client = await proxy.connect();
    const backend = { clusterId: 'webapp', address: one };
    assert.equal((await client.send({ kind: 'add-backend', backend })).status, 'ok');
    const before = (await client.send({ kind: 'status' })).content;
    const pids = new Set(before?.workers.map(worker => worker.pid));
    for (let round = 0; round < 3; round += 1) {
      assert.equal(pids.size, 2);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      // Connections wait in the backlog that the main process keeps: none is refused.
      const answers = await Promise.all(Array.from({ length: 20 }, () => get(proxy.port)));
      assert.deepEqual(new Set(answers.map(answer => answer.body)), new Set(['one']));
      const after = await eventually('two new workers', async () => {
        const { content } = await client.send({ kind: 'status' });
        const running = content?.workers.filter(worker => worker.runState === 'running') ?? [];
        const isNew = running.every(worker => !pids.has(worker.pid));
        return running.length === 2 && isNew && content;
      });
      assert.equal(after.pid, proxy.pid);
      assert.equal(after.stateHash, before?.stateHash);
      pids.clear();
      for (const worker of after.workers) pids.add(worker.pid);
    }
  });

  it('shows a worker that hangs, and that it is back', async test => {
    const proxy = await startProxy(test, { config: config() });
    const client = await proxy.connect();
    const pid = (await client.send({ kind: 'status' })).content?.workers[0]?.pid ?? 0;
    async function runState(): Promise<string | undefined> {
      const { content } = await client.send({ kind: 'status' });
      return content?.workers.find(worker => worker.pid === pid)?.runState;
    }
    process.kill(pid, 'SIGSTOP');
    assert.equal(await runState(), 'not-answering');
    process.kill(pid, 'SIGCONT');
    await eventually('the worker answers again', async () => (await runState()) === 'running');
  });

  it('keeps answering while nobody reads its log', async test => {
    const quiet = await startProxy(test, { config: config().replace('"warn"', '"info"') });
    const client = await quiet.connect();
    quiet.child.stdout?.pause();
    const backend = { clusterId: 'webapp', address: '127.0.0.1:9' };
    // Each change is a line of the log: far more than pipe and queue hold.
    for (let round = 0; round < 200; round += 1) {
      const changes = Array.from({ length: 50 }, () =>
        client.send({ kind: 'add-backend', backend }),
      );
      for (const { status } of await Promise.all(changes)) assert.equal(status, 'ok');
    }
    quiet.child.kill('SIGTERM');
    assert.equal(await new Promise(resolve => quiet.child.once('exit', resolve)), 0);
  });

  it('tells what happens, numbered and dated, to those who come late too', async test => {
    const one = await startBackend(test, 'one');
    const proxy = await startProxy(test, { config: config(one) });
    const client = await proxy.connect();
    await client.send({ kind: 'remove-backend', clusterId: 'webapp', address: one });
    const late = await proxy.connect();
    const events: ProxyEvent[] = [];
    const unsubscribe = late.events(event => events.push(event));
    await eventually('past events', () => events.some(each => each.kind === 'backend-removed'));
    const count = events.length;
    await client.send({ kind: 'add-backend', backend: { clusterId: 'webapp', address: one } });
    await eventually('a new event', () =>
      events.slice(count).some(e => e.kind === 'backend-added'),
    );
    assert.deepEqual(
      events.map(event => event.seq),
      events.map((_, index) => index + 1),
    );
    assert.ok(events.every(event => !Number.isNaN(Date.parse(event.time))));
    unsubscribe();
  });

  it('shows status, backends, clusters and state, for people and as JSON', async test => {
    const one = await startBackend(test, 'one');
    const proxy = await startProxy(test, { config: config(one) });
    await get(proxy.port);
    const at = ['-c', proxy.configFile];
    const status = await runRelais('status', ...at);
    assert.match(status.stdout, /^Success: 2 workers\nmain process \d+, relais/);
    assert.match(
      status.stdout,
      /worker +pid +state +configuration +connections +tunnels +active +requests +limited\n1 +\d+ +running +in sync/,
    );
    const backends = JSON.parse((await runRelais(...at, '-j', 'backend', 'list')).stdout);
    assert.equal(backends.backends[0].requestsTotal, 1);
    assert.equal(backends.backends[0].workers.length, 2);
    const table = await runRelais(...at, 'backend', 'list', '--workers');
    assert.match(
      table.stdout,
      /worker +cluster +backend .*\n1 +webapp .* ready +100 +100 % +not checked +closed/,
    );
    assert.match(
      (await runRelais(...at, 'cluster', 'list')).stdout,
      /webapp +round-robin +localhost/,
    );
    assert.match((await runRelais(...at, 'state', 'dump')).stdout, /Proxy state:\n\{/);
  });

  it('creates the socket for its owner only', async test => {
    const proxy = await startProxy(test, { config: config() });
    assert.equal((await stat(proxy.socketPath)).mode & 0o777, 0o600);
  });

  it('ends on shutdown, and says so to the one who asked', async test => {
    for (const hard of [[], ['--hard']]) {
      const proxy = await startProxy(test, { config: config() });
      const shutdown = await runRelais('-c', proxy.configFile, 'shutdown', ...hard);
      assert.equal(shutdown.code, 0, shutdown.stderr);
      assert.match(shutdown.stdout, /Success: closed 2 workers; the proxy has ended/);
      assert.equal((await proxy.ended).code, 0);
      await assert.rejects(stat(proxy.socketPath), { code: 'ENOENT' });
      const none = await runRelais('-c', proxy.configFile, 'status');
      assert.equal(none.code, 1);
      assert.match(none.stderr, /no proxy runs with the command socket .*start it first/);
    }
  });

  for (const [signal, code] of [
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const) {
    it(`finishes what runs on ${signal}, then exits ${code}`, async test => {
      let answer: (() => void) | undefined;
      const server = http.createServer((_request, response) => {
        answer = () => response.end('late');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      test.after(() => server.close());
      const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const proxy = await startProxy(test, { config: config(address) });
      const client = await proxy.connect();
      const request = get(proxy.port);
      await eventually('the request is on its way', () => answer !== undefined);
      proxy.child.kill(signal);
      await stopBegan(client);
      await eventually('new connections are refused', () => isRefused(proxy.port));
      answer?.();
      assert.deepEqual(await request, { status: 200, body: 'late' });
      assert.equal((await proxy.ended).code, code);
    });
  }

  it('ends at once on a second signal', async test => {
    let isReached = false;
    const server = http.createServer(() => {
      isReached = true;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    test.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy = await startProxy(test, { config: config(address) });
    const client = await proxy.connect();
    const cut = assert.rejects(get(proxy.port));
    await eventually('the request is on its way', () => isReached);
    proxy.child.kill('SIGTERM');
    await stopBegan(client);
    proxy.child.kill('SIGTERM');
    assert.equal((await proxy.ended).code, 0);
    await cut;
  });

  it('workers outlive a killed main process for orphan_timeout', async test => {
    const proxy = await startProxy(test, { config: `orphan_timeout = 0.3\n${config()}` });
    const client = await proxy.connect();
    const { content } = await client.send({ kind: 'status' });
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    for (const { pid } of content?.workers ?? []) {
      await eventually(`worker ${pid} ends`, () => !isAlive(pid));
    }
  });
});

const emptyCluster = { id: 'other', loadBalancing: 'round-robin', answers: {} } as const;

function stopBegan(client: CommandClient): Promise<unknown> {
  return eventually('the stop began', async () => {
    const reply = await client.send({ kind: 'add-cluster', cluster: emptyCluster });
    return reply.status === 'failure' && /is stopping/.test(reply.message);
  });
}

function isRefused(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(false));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
