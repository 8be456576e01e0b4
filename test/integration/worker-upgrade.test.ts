/** New workers in place of old ones under load: no request fails, no idle client is cut off. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { CommandClient, StatusContent } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { oneBackendConfig } from '../support/one-backend-config.ts';
import { answerOf, RawBackend, RawClient } from '../support/raw-peer.ts';
import { type RunningProxy, runRelais, startProxy } from '../support/start-proxy.ts';
import { visit } from '../support/steady-visitors.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';

async function start(test: TestContext, backend: RawBackend): Promise<RunningProxy> {
  test.after(() => backend.close());
  return startProxy(test, {
    config: oneBackendConfig({ backend: backend.address, workers: 2 }),
  });
}

async function status(client: CommandClient): Promise<StatusContent> {
  const { content } = await client.send({ kind: 'status' }, { timeoutMs: 30_000 });
  assert.ok(content !== undefined);
  return content;
}

async function idleClients(port: number, count: number): Promise<RawClient[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => RawClient.connect(port)));
  // Every second one has had a request already.
  for (const [index, client] of clients.entries()) {
    if (index % 2 === 0) await client.send(REQUEST).settled();
    client.received = '';
  }
  return clients;
}

describe('relais upgrade --workers', () => {
  it('fails no request, and idle clients keep their connections', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const client = await proxy.connect();
    const before = await status(client);
    const idle = await idleClients(proxy.port, 40);

    const visits = visit({ port: proxy.port, host: 'web', perSecond: 100, forMs: 4000 });
    const upgrade = await runRelais('-c', proxy.configFile, 'upgrade', '--workers');
    assert.equal(upgrade.code, 0, upgrade.stderr);
    assert.equal(upgrade.stdout, 'Success: 2 workers upgraded\n');
    assert.match(upgrade.stderr, /Processing: worker 3 serves; worker 1 finishes what it has/);
    const { all } = await visits;
    const failed = all.filter(({ outcome }) => outcome !== '200');
    assert.deepEqual(failed, []);

    const after = await status(client);
    assert.deepEqual(
      after.workers.map(({ workerId, runState }) => `${workerId} ${runState}`),
      ['3 running', '4 running'],
    );
    assert.equal(after.stateHash, before.stateHash);
    for (const each of idle) {
      assert.equal(each.end, 'open');
      await each.send(REQUEST).settled();
      assert.match(each.received, /^HTTP\/1\.1 200 /);
      each.close();
    }
  });

  it('lets a request end on the old worker, and tells the client that it was the last', async test => {
    const waiting: (() => void)[] = [];
    const backend = await RawBackend.answering((_head, peer) => {
      waiting.push(() => peer.send(answerOf('late')));
      return undefined;
    });
    const proxy = await start(test, backend);
    const command = await proxy.connect();
    const visitor = await RawClient.connect(proxy.port);
    visitor.send(REQUEST);
    await eventually('the request is at the backend', () => waiting.length === 1);
    const steps: string[] = [];
    const upgraded = command.send(
      { kind: 'upgrade-workers' },
      { timeoutMs: 60_000, onProcessing: ({ message }) => steps.push(message) },
    );
    await eventually('the worker that holds it is asked to go', async () => {
      const { workers } = await status(command);
      return workers.some(
        ({ runState, snapshot }) => runState === 'stopping' && snapshot === undefined,
      );
    });
    const second = await command.send({ kind: 'upgrade-worker', workerId: 2 });
    assert.equal(second.status, 'failure');
    assert.match(second.message, /an upgrade is going on already: worker \d is being replaced/);
    for (const answer of waiting) answer();
    await visitor.settled();
    assert.match(visitor.received, /^HTTP\/1\.1 200 .*late$/s);
    assert.equal((await upgraded).message, '2 workers upgraded');
  });

  it('cuts what is left at the deadline, and counts it', async test => {
    const backend = await RawBackend.answering(() => 'HTTP/1.1 200 OK\r\n\r\nbeginning');
    const proxy = await start(test, backend);
    const visitor = await RawClient.connect(proxy.port);
    await visitor.send(REQUEST).until('beginning');
    const upgrade = await runRelais(
      ...['-c', proxy.configFile, 'upgrade', '--workers', '--deadline', '0.3'],
    );
    assert.equal(upgrade.stdout, 'Success: 2 workers upgraded, cut 1 request\n', upgrade.stderr);
    await eventually('the client is cut', () => visitor.end === 'reset');
  });

  it('names the workers there are when there is none of that number', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const proxy = await start(test, backend);
    const upgrade = await runRelais('-c', proxy.configFile, 'upgrade', '--worker', '7');
    assert.equal(upgrade.code, 1);
    assert.match(upgrade.stderr, /Failure: worker 7 does not exist; there is 1, 2\n/);
  });

  for (const victim of ['new', 'old'] as const) {
    it(`leaves both workers when the ${victim} one is killed during it`, async test => {
      const backend = await RawBackend.answering(() => answerOf('hi'));
      const proxy = await start(test, backend);
      const command = await proxy.connect();
      const [old] = (await status(command)).workers;
      const upgraded = command.send({ kind: 'upgrade-worker', workerId: 1 });
      const pid =
        victim === 'old'
          ? old?.pid
          : await eventually('the new worker is there', async () => {
              const { workers } = await status(command);
              return workers.find(({ workerId }) => workerId === 3)?.pid;
            }).catch(() => undefined);
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      const reply = await upgraded;
      // It may have been too late to matter.
      if (reply.status === 'failure') assert.match(reply.message, /worker 1 serves on/);
      await eventually('two workers run', async () => {
        const { workers } = await status(command);
        return workers.length === 2 && workers.every(({ runState }) => runState === 'running');
      });
      const visitor = await RawClient.connect(proxy.port);
      await visitor.send(REQUEST).settled();
      assert.match(visitor.received, /^HTTP\/1\.1 200 /);
    });
  }
});
