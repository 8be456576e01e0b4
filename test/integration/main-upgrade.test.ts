/** A new main process in place of the old one, under load: nobody notices, and a failure changes nothing. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, it, type TestContext } from 'node:test';
import { type CommandClient, connectCommand, type StatusContent } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { oneBackendConfig } from '../support/one-backend-config.ts';
import { answerOf, RawBackend, RawClient } from '../support/raw-peer.ts';
import { type RunningProxy, runRelais, spawnRelais, startProxy } from '../support/start-proxy.ts';
import { visit } from '../support/steady-visitors.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';
const windows = process.platform === 'win32' ? 'no hand-over on Windows' : false;

async function start(test: TestContext, backend: RawBackend, workers = 2): Promise<RunningProxy> {
  test.after(() => backend.close());
  let socketPath: string | undefined;
  // Before the first process is ended, which whatever has replaced it would outlive.
  test.after(async () => {
    if (socketPath !== undefined) await runRelais('-s', socketPath, 'shutdown', '--hard');
  });
  const proxy = await startProxy(test, {
    config: oneBackendConfig({ backend: backend.address, workers }),
  });
  socketPath = proxy.socketPath;
  return proxy;
}

async function status(client: CommandClient): Promise<StatusContent> {
  const { content } = await client.send({ kind: 'status' }, { timeoutMs: 30_000 });
  assert.ok(content !== undefined);
  return content;
}

async function statusNow(proxy: RunningProxy): Promise<StatusContent> {
  const client = await connectCommand(proxy.socketPath);
  try {
    return await status(client);
  } finally {
    client.close();
  }
}

async function serves(proxy: RunningProxy): Promise<void> {
  const visitor = await RawClient.connect(proxy.port);
  await visitor.send(REQUEST).settled();
  assert.match(visitor.received, /^HTTP\/1\.1 200 /);
  visitor.close();
}

/** Keeps asking on connections of its own until it is stopped; how many answers were no status. */
function askAgainAndAgain(proxy: RunningProxy): () => Promise<{ asked: number; failed: string[] }> {
  let isOver = false;
  const failed: string[] = [];
  let asked = 0;
  const all = (async () => {
    while (!isOver) {
      asked += 1;
      await statusNow(proxy).catch((error: unknown) => failed.push(String(error)));
    }
  })();
  return async () => {
    isOver = true;
    await all;
    return { asked, failed };
  };
}

describe('relais upgrade', { skip: windows }, () => {
  it('replaces the main process and the workers without a failed request, twice', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const client = await proxy.connect();
    const cluster = { id: 'later', loadBalancing: 'round-robin', answers: {} } as const;
    assert.equal((await client.send({ kind: 'add-cluster', cluster })).status, 'ok');
    const before = await status(client);
    const idle = await Promise.all(Array.from({ length: 20 }, () => RawClient.connect(proxy.port)));
    for (const each of idle) await each.send(REQUEST).settled();

    const visits = visit({ port: proxy.port, host: 'web', perSecond: 60, forMs: 8000 });
    const stopAsking = askAgainAndAgain(proxy);
    const pids = [before.pid];
    for (const round of [1, 2]) {
      const upgrade = await runRelais('-c', proxy.configFile, 'upgrade');
      assert.equal(upgrade.code, 0, upgrade.stderr);
      const after = await statusNow(proxy);
      assert.equal(upgrade.stdout, `Success: the main process is ${after.pid} now\n`);
      assert.ok(!pids.includes(after.pid));
      pids.push(after.pid);
      assert.equal(after.stateHash, before.stateHash);
      assert.deepEqual(after.listeners, before.listeners);
      assert.deepEqual(
        after.workers.map(({ workerId }) => workerId),
        [2 * round + 1, 2 * round + 2],
      );
    }
    const { asked, failed } = await stopAsking();
    assert.ok(asked > 0);
    assert.deepEqual(failed, []);
    const { all } = await visits;
    assert.deepEqual(
      all.filter(({ outcome }) => outcome !== '200'),
      [],
    );
    for (const each of idle) {
      assert.equal(each.end, 'open');
      each.received = '';
      await each.send(REQUEST).settled();
      assert.match(each.received, /^HTTP\/1\.1 200 /);
      each.close();
    }
    // Numbers of events go on.
    const watcher = await connectCommand(proxy.socketPath);
    const seqs: number[] = [];
    watcher.events(({ seq }) => seqs.push(seq));
    await eventually('the events are here', () => seqs.length > 5);
    watcher.close();
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => (seqs[0] ?? 0) + index),
    );

    // The first process stands in for the last one: its signals, its end.
    proxy.child.kill('SIGTERM');
    assert.equal((await proxy.ended).code, 0);
    assert.deepEqual(await readdir(proxy.folder), ['proxy.toml']);
  });

  it('does a change that comes during the switch on the new one', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const client = await proxy.connect();
    let isDone = false;
    const upgraded = runRelais('-c', proxy.configFile, 'upgrade').finally(() => {
      isDone = true;
    });
    const added: string[] = [];
    for (let count = 0; !isDone; count += 1) {
      const cluster = { id: `c${count}`, loadBalancing: 'round-robin', answers: {} } as const;
      // The old process closes what is connected to it when it ends.
      const asker = await connectCommand(proxy.socketPath);
      const reply = await asker.send({ kind: 'add-cluster', cluster }, { timeoutMs: 60_000 });
      assert.equal(reply.status, 'ok', reply.message);
      added.push(cluster.id);
      asker.close();
    }
    assert.equal((await upgraded).code, 0);
    client.close();
    const now = await connectCommand(proxy.socketPath);
    const { content } = await now.send({ kind: 'list-clusters' });
    now.close();
    const ids = content?.clusters.map(({ id }) => id) ?? [];
    assert.deepEqual(
      added.filter(id => !ids.includes(id)),
      [],
    );
  });

  it('changes nothing when the config file cannot be read, and says why', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const before = await statusNow(proxy);
    const text = 'command_socket = "./sock"\nnonsense = 1\n';
    await writeFile(proxy.configFile, text);
    const upgrade = await runRelais('-s', proxy.socketPath, 'upgrade');
    assert.equal(upgrade.code, 1);
    assert.match(upgrade.stderr, /Failure: the new main process cannot serve: .*nonsense/s);
    assert.match(upgrade.stderr, /this main process serves on/);
    const after = await statusNow(proxy);
    assert.deepEqual(
      [after.pid, ...after.workers.map(({ pid }) => pid)],
      [before.pid, ...before.workers.map(({ pid }) => pid)],
    );
    await serves(proxy);
    assert.deepEqual((await readdir(proxy.folder)).sort(), ['proxy.toml', 'sock']);
  });

  for (const moment of [/is starting/, /uses an inherited socket/, /worker-started/]) {
    it(`leaves the old ones alone when the new process is killed after "${moment.source}"`, async test => {
      const backend = await RawBackend.answering(() => answerOf('hi'));
      // So many that the last one is far from ready when the first one is.
      const proxy = await start(test, backend, 8);
      const before = await statusNow(proxy);
      const seen = proxy.stdout().length;
      const upgrade = spawnRelais(['-c', proxy.configFile, 'upgrade']);
      const pid = await eventually('the new process is named', () => {
        return /main process (\d+) is starting/.exec(upgrade.stderr())?.[1];
      });
      await eventually('it has come so far', () =>
        moment.test(upgrade.stderr() + proxy.stdout().slice(seen)),
      );
      process.kill(Number(pid), 'SIGKILL');
      const { code, stderr } = await upgrade.ended;
      assert.equal(code, 1, stderr);
      assert.match(stderr, /Failure: .*this main process serves on/);
      const after = await statusNow(proxy);
      assert.equal(after.pid, before.pid);
      assert.deepEqual(
        after.workers.map(({ workerId }) => workerId),
        before.workers.map(({ workerId }) => workerId),
      );
      await serves(proxy);
    });
  }

  it('is refused while another upgrade goes on', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const results = await Promise.all(
      [1, 2].map(() => runRelais('-c', proxy.configFile, 'upgrade')),
    );
    const refused = results.filter(({ code }) => code === 1);
    // The second may also have come after the first: then it is one more upgrade.
    for (const { stderr } of refused) assert.match(stderr, /an upgrade is going on already/);
    assert.ok(results.some(({ code }) => code === 0));
    await serves(proxy);
  });

  it('is given up when the proxy is told to stop', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const client = await proxy.connect();
    const other = await proxy.connect();
    let pid = 0;
    let stopped: Promise<unknown> | undefined;
    const upgrade = await client.send(
      { kind: 'upgrade-main' },
      {
        timeoutMs: 60_000,
        onProcessing: ({ message }) => {
          pid = Number(/main process (\d+) is starting/.exec(message)?.[1]);
          // Long before a process can have begun to run the program.
          stopped ??= other.send({ kind: 'soft-stop' }, { timeoutMs: 60_000 });
        },
      },
    );
    assert.equal(upgrade.status, 'failure');
    assert.match(upgrade.message, /the proxy is told to stop/);
    await stopped;
    assert.equal((await proxy.ended).code, 0);
    // Not every container's first process reaps orphans.
    await eventually('the new process has ended', () =>
      readFile(`/proc/${pid}/stat`, 'latin1').then(
        stat => stat.includes(') Z '),
        () => true,
      ),
    );
    await eventually('nothing is left', async () => {
      return (await readdir(proxy.folder)).join() === 'proxy.toml';
    });
  });

  it('goes well while a worker is killed', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const [worker] = (await statusNow(proxy)).workers;
    const upgrade = runRelais('-c', proxy.configFile, 'upgrade');
    process.kill(worker?.pid ?? 0, 'SIGKILL');
    assert.equal((await upgrade).code, 0);
    const { workers } = await statusNow(proxy);
    assert.equal(workers.filter(({ runState }) => runState === 'running').length, 2);
    await serves(proxy);
  });
});
