/** Changes that are all done, on every worker, or not at all. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { CommandClient, StatusContent } from '../../proxy/index.ts';
import { type Break, breakProxy } from '../support/broken-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningProxy, runRelais, startProxy } from '../support/start-proxy.ts';

const config = `
log_level = "warn"
[[listeners]]
protocol = "http"
address = "127.0.0.1:0"
[clusters.web]
protocol = "http"
frontends = []
backends = []
`;

async function startBackend(test: TestContext, body: string): Promise<string> {
  const server = createServer((_, response) => response.end(body));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  test.after(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Worker 2 alone meets this. */
function worker2(condition: string, instead: string): Break {
  const from = 'const applied = applyOne(request);';
  const to = `const applied = workerId === 2 && ${condition} ? ${instead} : applyOne(request);`;
  return { file: 'worker/worker.js', from, to };
}

async function startBroken(test: TestContext, wrong: Break): Promise<RunningProxy> {
  const broken = await breakProxy(wrong);
  test.after(() => broken.remove());
  return startProxy(test, { config, options: { entry: broken.entry } });
}

async function statusOf(client: CommandClient): Promise<StatusContent> {
  const { content } = await client.send({ kind: 'status' });
  assert.ok(content);
  return content;
}

/** What was told of one worker, the last of it included. */
async function kindsOf(client: CommandClient, workerId: number): Promise<string[]> {
  const kinds: string[] = [];
  const stop = client.events(event => {
    if (event.workerId === workerId) kinds.push(event.kind);
  });
  await eventually('the end is told', () => kinds.includes('worker-exited'));
  stop();
  return kinds;
}

function cluster(id: string): {
  readonly kind: 'add-cluster';
  readonly cluster: { id: string; loadBalancing: 'round-robin'; answers: Record<string, never> };
} {
  return { kind: 'add-cluster', cluster: { id, loadBalancing: 'round-robin', answers: {} } };
}

describe('a transaction', () => {
  it('is done as a whole, and shown by the status as the same on all workers', async test => {
    const address = await startBackend(test, 'one');
    const proxy = await startProxy(test, { config });
    const client = await proxy.connect();
    const listener = proxy.addresses[0] ?? '';
    const reply = await client.send({
      kind: 'transaction',
      requests: [
        cluster('shop'),
        { kind: 'add-backend', backend: { clusterId: 'shop', address } },
        { kind: 'set-weight', clusterId: 'shop', address, weight: 50 },
        {
          kind: 'add-frontend',
          frontend: { listener, hostname: '*', path: '', clusterId: 'shop' },
        },
      ],
    });
    assert.equal(reply.status, 'ok', reply.message);
    assert.match(reply.message, /^4 changes on 2 workers$/);
    assert.equal(reply.content?.changes.length, 4);
    const answer = await fetch(`http://${listener}/`);
    assert.equal(await answer.text(), 'one');
    const status = await statusOf(client);
    assert.deepEqual(
      status.workers.map(({ inSync, digest }) => [inSync, digest]),
      [
        ['yes', status.digest],
        ['yes', status.digest],
      ],
    );
  });

  it('changes nothing when one of its requests cannot be done', async test => {
    const proxy = await startProxy(test, { config });
    const client = await proxy.connect();
    const before = await statusOf(client);
    const reply = await client.send({
      kind: 'transaction',
      requests: [cluster('shop'), { kind: 'remove-cluster', clusterId: 'wbe' }],
    });
    assert.equal(reply.status, 'failure');
    assert.match(reply.message, /^request 2 of 2 \(remove-cluster\): .*did you mean "web"\?/);
    assert.equal((await statusOf(client)).stateHash, before.stateHash);
  });

  it('is refused with the place of what is wrong in it', async test => {
    const proxy = await startProxy(test, { config });
    const client = await proxy.connect();
    const requests = [cluster('a'), { kind: 'add-bakend' }] as never;
    const reply = await client.send({ kind: 'transaction', requests });
    assert.match(reply.message, /^requests\.1: kind: "add-bakend" is no change; did you mean/);
  });
});

describe('a change that one worker refuses', () => {
  it('is taken back everywhere, and the reply says who and why', async test => {
    const condition = 'request.cluster?.id === "cursed"';
    const wrong = worker2(condition, '{ ok: false, error: new Error("never") }');
    const client = await (await startBroken(test, wrong)).connect();
    const before = await statusOf(client);
    const reply = await client.send({
      kind: 'transaction',
      requests: [{ kind: 'remove-cluster', clusterId: 'web' }, cluster('fine'), cluster('cursed')],
    });
    assert.equal(reply.status, 'failure');
    assert.equal(reply.message, 'worker 2 refused: never; nothing was changed');
    const after = await statusOf(client);
    assert.equal(after.stateHash, before.stateHash);
    assert.deepEqual(
      after.workers.map(({ pid, digest }) => [pid, digest]),
      before.workers.map(({ pid, digest }) => [pid, digest]),
    );
    assert.equal((await client.send(cluster('fine'))).status, 'ok');
  });
});

describe('a worker that serves something else', () => {
  it('is shown, told about, and replaced by one that is in sync', async test => {
    const wrong: Break = {
      file: 'worker/worker.js',
      from: 'content.record(request);',
      to: 'if (workerId !== 2 || request.cluster?.id !== "drift") content.record(request);',
    };
    const client = await (await startBroken(test, wrong)).connect();
    await client.send(cluster('drift'));
    const seen = await statusOf(client);
    // The one that takes its place may be seen already.
    assert.deepEqual(
      seen.workers.slice(0, 2).map(({ workerId, inSync }) => [workerId, inSync]),
      [
        [1, 'yes'],
        [2, 'diverged'],
      ],
    );
    const healed = await eventually('both are in sync', async () => {
      const now = await statusOf(client);
      return now.workers.length === 2 && now.workers.every(({ inSync }) => inSync === 'yes') && now;
    });
    assert.ok(!healed.workers.some(({ workerId }) => workerId === 2));
    // It was not ended, it has finished what it had.
    assert.deepEqual(await kindsOf(client, 2), [
      'worker-started',
      'worker-diverged',
      'worker-upgraded',
      'worker-exited',
    ]);
  });
});

describe('a dry run', () => {
  it('says what would happen and changes nothing', async test => {
    const proxy = await startProxy(test, { config });
    const client = await proxy.connect();
    const before = await statusOf(client);
    const reply = await client.send({ kind: 'remove-cluster', clusterId: 'web' }, { dryRun: true });
    assert.equal(reply.message, 'would do: cluster "web" removed');
    assert.equal((await statusOf(client)).stateHash, before.stateHash);
    const cannot = await client.send({ kind: 'status' }, { dryRun: true });
    assert.match(cannot.message, /there is no dry run of "status"/);
    const words = ['backend', 'add', '--id', 'web', '--address', '127.0.0.1:9', '--dry-run'];
    const shown = await runRelais('-s', proxy.socketPath, ...words);
    assert.equal(shown.stdout, 'Success: would do: backend 127.0.0.1:9 added to cluster "web"\n');
    assert.equal((await statusOf(client)).stateHash, before.stateHash);
  });
});
