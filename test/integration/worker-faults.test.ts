/** Workers that hang, throw or talk nonsense: found, told with their cause, replaced. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { CommandClient, ProxyEvent, StatusContent } from '../../proxy/index.ts';
import { eventually } from '../support/eventually.ts';
import { answerOf, RawBackend, RawClient } from '../support/raw-peer.ts';
import { inspectable, runInWorker } from '../support/run-in-worker.ts';
import { type RunningProxy, startProxy } from '../support/start-proxy.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: web\r\n\r\n';

function config(backend: string, workerTimeoutS: number): string {
  return `
    worker_count = 1
    worker_timeout = ${workerTimeoutS}
    [[listeners]]
    address = "127.0.0.1:0"
    protocol = "http"
    [clusters.web]
    protocol = "http"
    frontends = [{ address = "127.0.0.1:0", hostname = "*" }]
    backends = [{ address = "${backend}" }]
  `;
}

interface Stage {
  readonly proxy: RunningProxy;
  readonly client: CommandClient;
  readonly events: ProxyEvent[];
  /** Of the one worker at the start. */
  readonly pid: number;
}

async function stage(test: TestContext, backend: RawBackend, timeoutS = 60): Promise<Stage> {
  test.after(() => backend.close());
  const proxy = await startProxy(test, {
    config: config(backend.address, timeoutS),
    options: { env: inspectable },
  });
  const client = await proxy.connect();
  const events: ProxyEvent[] = [];
  const watcher = await proxy.connect();
  watcher.events(event => events.push(event));
  return { proxy, client, events, pid: (await status(client)).workers[0]?.pid ?? 0 };
}

async function status(client: CommandClient): Promise<StatusContent> {
  const { content } = await client.send({ kind: 'status' }, { timeoutMs: 30_000 });
  assert.ok(content !== undefined);
  return content;
}

async function replaced({ client, pid }: Stage): Promise<void> {
  await eventually('another worker runs', async () => {
    const { workers } = await status(client);
    return workers.some(each => each.pid !== pid && each.runState === 'running');
  });
}

async function serves(proxy: RunningProxy): Promise<void> {
  const visitor = await RawClient.connect(proxy.port);
  await visitor.send(REQUEST).settled();
  assert.match(visitor.received, /^HTTP\/1\.1 200 /);
  visitor.close();
}

describe('a worker', () => {
  it('that is stopped is found by its silence, ended and replaced', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const now = await stage(test, backend, 0.4);
    process.kill(now.pid, 'SIGSTOP');
    await replaced(now);
    await serves(now.proxy);
    const told = now.events.filter(({ workerId }) => workerId === 1).map(({ kind }) => kind);
    assert.deepEqual(told, ['worker-started', 'worker-not-answering', 'worker-exited']);
    const exit = now.events.find(({ kind }) => kind === 'worker-exited');
    assert.equal(exit?.cause, 'SIGKILL: it did not answer for 0.4 s');
  });

  it('that computes for ever is found as well', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const now = await stage(test, backend, 0.4);
    await runInWorker(now.proxy, now.pid, 'setTimeout(() => { for (;;); }, 0)');
    await replaced(now);
    await serves(now.proxy);
  });

  it('that throws finishes its requests while another one takes its place', async test => {
    const waiting: (() => void)[] = [];
    const backend = await RawBackend.answering((head, peer) => {
      if (!head.startsWith('GET /slow')) return answerOf('hi');
      waiting.push(() => peer.send(answerOf('late')));
      return undefined;
    });
    const now = await stage(test, backend);
    const visitor = await RawClient.connect(now.proxy.port);
    visitor.send('GET /slow HTTP/1.1\r\nHost: web\r\n\r\n');
    await eventually('the request is at the backend', () => waiting.length === 1);
    await runInWorker(now.proxy, now.pid, "setTimeout(() => { throw new Error('oh no'); }, 0)");
    await replaced(now);
    await serves(now.proxy);
    assert.equal(visitor.received, '');
    waiting[0]?.();
    await visitor.settled();
    assert.match(visitor.received, /^HTTP\/1\.1 200 .*\r\nConnection: close\r\n.*late$/s);
    visitor.close();
    await eventually('its end is told', () =>
      now.events.some(({ kind, workerId }) => kind === 'worker-exited' && workerId === 1),
    );
    const crash = now.events.find(({ kind }) => kind === 'worker-crashed');
    assert.equal(crash?.cause, 'Error: oh no');
    assert.match(now.proxy.stdout(), /worker 1: Error: oh no\\n +at /);
    const { workers } = await status(now.client);
    assert.equal(workers.length, 1);
  });

  for (const [what, code] of [
    ['talks nonsense', "process.send({ type: 'limit' })"],
    ['rejects a promise that nobody awaits', "Promise.reject(new Error('lost'))"],
  ]) {
    it(`that ${what} is replaced`, async test => {
      const backend = await RawBackend.answering(() => answerOf('hi'));
      const now = await stage(test, backend);
      await runInWorker(now.proxy, now.pid, code ?? '');
      await replaced(now);
      await serves(now.proxy);
      assert.equal((await status(now.client)).pid, now.proxy.pid);
    });
  }

  it('that writes what is not even a message does not take the main process down', async test => {
    const backend = await RawBackend.answering(() => answerOf('hi'));
    const now = await stage(test, backend);
    await runInWorker(now.proxy, now.pid, "require('node:fs').writeSync(3, '{nonsense\\n')");
    await eventually('it is told', () =>
      now.proxy.stdout().includes('a worker wrote what is no message'),
    );
    await serves(now.proxy);
    assert.equal((await status(now.client)).pid, now.proxy.pid);
  });
});
