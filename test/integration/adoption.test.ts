/** The main process is killed: its workers serve on, and a new one takes over from them. */
import assert from 'node:assert/strict';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { type CommandClient, connectCommand, type StatusContent } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { oneBackendConfig } from '../support/one-backend-config.ts';
import { answerOf, RawBackend, RawClient } from '../support/raw-peer.ts';
import {
  type RunningProxy,
  runRelais,
  type Spawned,
  spawnRelais,
  startProxy,
} from '../support/start-proxy.ts';
import { visit } from '../support/steady-visitors.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';

async function start(test: TestContext, backend: RawBackend): Promise<RunningProxy> {
  test.after(() => backend.close());
  // The port is chosen beforehand: a second start must come to the same one.
  const port = await freePort();
  return startProxy(test, {
    config: oneBackendConfig({
      backend: backend.address,
      workers: 2,
      port,
      more: 'orphan_timeout = 60',
    }),
  });
}

async function freePort(): Promise<number> {
  const probe = await RawBackend.start(() => {});
  const { port } = probe;
  await probe.close();
  return port;
}

async function status(client: CommandClient): Promise<StatusContent> {
  const { content } = await client.send({ kind: 'status' }, { timeoutMs: 30_000 });
  assert.ok(content !== undefined);
  return content;
}

/** All workers answer nothing any more. */
async function allEnded(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    await eventually(
      `worker ${pid} ends`,
      () => {
        try {
          process.kill(pid, 0);
          return false;
        } catch {
          return true;
        }
      },
      30_000,
    );
  }
}

async function startAgain(test: TestContext, proxy: RunningProxy): Promise<Spawned> {
  const second = spawnRelais(['start', '-c', proxy.configFile]);
  test.after(async () => {
    second.child.kill('SIGKILL');
    await second.ended;
  });
  await eventually('the second proxy is ready', () => second.stdout().includes('ready'), 30_000);
  return second;
}

async function connected(test: TestContext, proxy: RunningProxy): Promise<CommandClient> {
  const client = await connectCommand(proxy.socketPath);
  test.after(() => client.close());
  return client;
}

const windows = process.platform === 'win32' ? 'no hand-over on Windows' : false;

function orphanPlaces({ folder }: RunningProxy, count: number): Promise<string[]> {
  return eventually(`${count} orphans wait`, async () => {
    const places = (await readdir(folder)).filter(name => name.startsWith('sock.w'));
    return places.length === count ? places.map(name => `${folder}/${name}`) : undefined;
  });
}

/** A successor that takes listening sockets, tells an orphan to go, and reads nothing after that. */
async function retireAndDie(place: string): Promise<void> {
  const socket = connect(place);
  socket.setEncoding('utf8');
  let received = '';
  let told = 0;
  await new Promise<void>(resolve => {
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.on('data', text => {
      received += text;
      const listeners = received.split('"type":"listener"').length - 1;
      for (; told < listeners; told++) socket.write('{"type":"arrived"}\n');
      if (received.includes('"type":"client"')) socket.destroy();
      else if (received.endsWith('{"type":"end"}\n')) socket.write('{"type":"retire"}\n');
    });
    socket.write('{"type":"take","version":1}\n');
  });
}

describe('a main process that is killed', { skip: windows }, () => {
  it('leaves workers that serve, and its configuration to its successor', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const client = await proxy.connect();
    const cluster = { id: 'later', loadBalancing: 'round-robin', answers: {} } as const;
    assert.equal((await client.send({ kind: 'add-cluster', cluster })).status, 'ok');
    const before = await status(client);
    const idle = await Promise.all(Array.from({ length: 10 }, () => RawClient.connect(proxy.port)));
    for (const each of idle) await each.send(REQUEST).settled();

    const visits = visit({ port: proxy.port, host: 'web', perSecond: 100, forMs: 5000 });
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    const second = await startAgain(test, proxy);
    const after = await status(await connected(test, proxy));
    assert.equal(after.stateHash, before.stateHash);
    assert.deepEqual(after.listeners, before.listeners);
    assert.match(second.stdout(), /the configuration is theirs/);
    const { all } = await visits;
    assert.deepEqual(
      all.filter(({ outcome }) => outcome !== '200'),
      [],
    );
    await allEnded(before.workers.map(({ pid }) => pid));
    for (const each of idle) {
      each.received = '';
      await each.send(REQUEST).settled();
      assert.match(each.received, /^HTTP\/1\.1 200 /);
      each.close();
    }
    assert.deepEqual(
      after.workers.map(({ workerId }) => workerId),
      [3, 4],
    );

    const shutdown = await runRelais('-c', proxy.configFile, 'shutdown');
    assert.equal(shutdown.code, 0, shutdown.stderr);
    assert.deepEqual(await readdir(proxy.folder), ['proxy.toml']);
  });

  it('leaves workers for which no backend is called safe to stop as long as they finish', async test => {
    const SWITCH = 'HTTP/1.1 101 Yes\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n';
    const backend = await RawBackend.answering(() => SWITCH);
    const proxy = await start(test, backend);
    const held = await RawClient.connect(proxy.port);
    test.after(() => held.close());
    const upgrade = 'Connection: Upgrade\r\nUpgrade: echo\r\n';
    await held.send(`GET / HTTP/1.1\r\nHost: web\r\n${upgrade}\r\n`).until('101');
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    await startAgain(test, proxy);
    const client = await connected(test, proxy);
    const steps: string[] = [];
    const place = { clusterId: 'web', address: backend.address };
    const safe = client.send(
      { kind: 'set-backend-admin', ...place, admin: 'drain', wait: true },
      { timeoutMs: 60_000, onProcessing: ({ message }) => steps.push(message) },
    );
    await eventually(
      'it is said who has not told',
      () => steps.some(step => /worker [12] has not said what it has/.test(step)),
      30_000,
    );
    held.close();
    assert.match((await safe).message, /^safe to stop: /);
  });

  it('may be killed again while it takes over: the workers still serve', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const { workers } = await status(await proxy.connect());
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    const visits = visit({ port: proxy.port, host: 'web', perSecond: 50, forMs: 3000 });
    for (const moment of [/^/, /the configuration is theirs/, /worker-started/, /ready/]) {
      const victim = spawnRelais(['start', '-c', proxy.configFile]);
      await eventually(`${moment} is said`, () => moment.test(victim.stdout()), 30_000);
      victim.child.kill('SIGKILL');
      await victim.ended;
    }
    await startAgain(test, proxy);
    const { all } = await visits;
    assert.deepEqual(
      all.filter(({ outcome }) => outcome !== '200'),
      [],
    );
    await allEnded(workers.map(({ pid }) => pid));
  });

  it('may be killed again while idle clients change over: each is answered', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    for (let round = 0; round < 4; round++) {
      const clients = await Promise.all(
        Array.from({ length: 40 }, () => RawClient.connect(proxy.port)),
      );
      for (const client of clients) await client.send(REQUEST).settled();
      const victim = spawnRelais(['start', '-c', proxy.configFile]);
      await eventually('it is ready', () => victim.stdout().includes('ready'));
      for (const client of clients) {
        client.received = '';
        client.send(REQUEST);
      }
      victim.child.kill('SIGKILL');
      await victim.ended;
      for (const client of clients) {
        await client.settled();
        assert.match(client.received, /^HTTP\/1\.1 200 /, `round ${round}: ${client.end}`);
        client.close();
      }
    }
    await startAgain(test, proxy);
  });

  it('keeps the clients that a dying successor did not receive', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const clients = await Promise.all(
      Array.from({ length: 10 }, () => RawClient.connect(proxy.port)),
    );
    test.after(() => {
      for (const client of clients) client.close();
    });
    for (const client of clients) await client.send(REQUEST).settled();
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    for (const place of await orphanPlaces(proxy, 2)) await retireAndDie(place);
    for (const client of clients) {
      client.received = '';
      await client.send(REQUEST).settled();
      assert.match(client.received, /^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n/);
    }
  });

  it('is not followed when its successor cannot start', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    await writeFile(proxy.configFile, 'nonsense = 1\n');
    assert.equal((await runRelais('start', '-c', proxy.configFile)).code, 1);
    const visitor = await RawClient.connect(proxy.port);
    await visitor.send(REQUEST).settled();
    assert.match(visitor.received, /^HTTP\/1\.1 200 /);
    visitor.close();
  });

  it('has less to say than a config file that was changed since', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const client = await proxy.connect();
    const before = await status(client);
    const cluster = { id: 'later', loadBalancing: 'round-robin', answers: {} } as const;
    assert.equal((await client.send({ kind: 'add-cluster', cluster })).status, 'ok');
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    const later = Date.now() / 1000 + 60;
    await utimes(proxy.configFile, later, later);
    const second = await startAgain(test, proxy);
    assert.match(second.stdout(), /the config file was changed since/);
    assert.equal((await status(await connected(test, proxy))).stateHash, before.stateHash);
  });

  it('gives nothing to whoever only knocks, and ends who talks nonsense', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    const [place = ''] = await orphanPlaces(proxy, 2);
    const answer = await new Promise<string>(resolve => {
      let received = '';
      const socket = connect(place);
      socket.on('data', text => {
        received += text;
      });
      socket.on('close', () => resolve(received));
      socket.on('error', () => {});
      socket.write('{"type":"take","version":99}\n');
    });
    assert.equal(answer, '');
    const visitor = await RawClient.connect(proxy.port);
    await visitor.send(REQUEST).settled();
    assert.match(visitor.received, /^HTTP\/1\.1 200 /);
    visitor.close();
  });
});
