/**
 * The command socket under clients that are wrong, rude or gone: the main process answers each of them,
 * keeps nothing of them, and others notice nothing.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import type { CommandClient, ProxyRequest } from '../../proxy/index.ts';
import { abuse, countMessages } from '../support/abuse-messages.ts';
import { CommandPeer } from '../support/command-peer.ts';
import { eventually } from '../support/eventually.ts';
import { openDescriptors, residentBytes } from '../support/process-facts.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningProxy, startProxy } from '../support/start-proxy.ts';

const PEERS = 8;
const MESSAGES = 10_000;
const BATCH = 25;
const CONNECTIONS = 1_000;
const MAX_CLIENTS = 256;
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** What a run may leave to the collector; what was sent is more than all of it. */
const SLACK_BYTES = 256 * 1024 * 1024;

const backends = Array.from(
  { length: PEERS },
  (_, index) => `{ address = "127.0.0.${index + 1}:9", backend_id = "b${index}", weight = 1 },`,
);
const config = `
log_level = "warn"
worker_count = 2
[[listeners]]
protocol = "http"
address = "127.0.0.1:0"
[clusters.web]
protocol = "http"
frontends = []
backends = [
${backends.join('\n')}
]
`;
/** More than the kernel and the proxy hold for a client that does not read. */
const UNREAD_BYTES = 3 * 1024 * 1024;
const MANY = 500;

function manyClusters(verb: 'add' | 'remove'): ProxyRequest {
  const ids = Array.from({ length: MANY }, (_, index) => `${'x'.repeat(120)}-${index}`);
  const requests = ids.map(id =>
    verb === 'add'
      ? ({
          kind: 'add-cluster',
          cluster: { id, loadBalancing: 'round-robin', answers: {} },
        } as const)
      : ({ kind: 'remove-cluster', clusterId: id } as const),
  );
  return { kind: 'transaction', requests };
}

const skip = process.platform === 'linux' ? false : 'reads /proc';

function weigh(index: number, weight: number): ProxyRequest & { kind: 'set-weight' } {
  const address = `127.0.0.${index + 1}:9`;
  return { kind: 'set-weight', clusterId: 'web', backendId: `b${index}`, address, weight };
}

async function weights(client: CommandClient): Promise<readonly (number | undefined)[]> {
  const { content } = await client.send({ kind: 'dump-state' }, { timeoutMs: 60_000 });
  const all = new Map(
    (content?.requests ?? []).flatMap(each =>
      each.kind === 'add-backend' ? [[each.backend.backendId, each.backend.weight] as const] : [],
    ),
  );
  assert.equal(all.size, PEERS);
  return Array.from({ length: PEERS }, (_, index) => all.get(`b${index}`));
}

async function stateHash(client: CommandClient): Promise<string> {
  const { content } = await client.send({ kind: 'status' }, { timeoutMs: 60_000 });
  assert.ok(content);
  for (const worker of content.workers) {
    assert.equal(worker.runState, 'running');
    assert.equal(worker.digest, content.digest, `worker ${worker.workerId} serves the same`);
  }
  assert.deepEqual(
    content.workers.map(({ workerId }) => workerId),
    [1, 2],
    'no worker was replaced',
  );
  return content.stateHash;
}

/** Asks on and on while others misbehave; `stop` tells how often it was answered. */
function wellBehaved(client: CommandClient): () => Promise<number> {
  let stopped = false;
  let answers = 0;
  const asking = (async () => {
    while (!stopped) {
      const kind = answers % 2 === 0 ? 'status' : 'list-clusters';
      const { status, message } = await client.send({ kind }, { timeoutMs: 60_000 });
      assert.equal(status, 'ok', message);
      answers += 1;
    }
  })();
  // Reported by `stop`.
  asking.catch(() => undefined);
  return async () => {
    stopped = true;
    await asking;
    return answers;
  };
}

/** In one write, byte by byte, or in pieces that end anywhere. */
function write(peer: CommandPeer, bytes: Buffer, random: () => number): void {
  const way = random();
  if (way < 0.94 || bytes.length > 5_000) {
    peer.send(bytes);
    return;
  }
  let sent = 0;
  while (sent < bytes.length) {
    const size = way < 0.97 ? 1 : 1 + Math.floor(random() * bytes.length);
    peer.send(bytes.subarray(sent, sent + size));
    sent += size;
  }
}

/** What one peer says before it waits for answers: wrong messages, and one that is right. */
function batchOf(n: number, right: object, random: () => number): Buffer[] {
  const batch: Buffer[] = [];
  for (let next = n; batch.length < BATCH; next += PEERS) batch.push(abuse(next, random).bytes);
  const place = Math.floor(random() * batch.length);
  batch.splice(place, 0, Buffer.from(`${JSON.stringify({ id: 'good', ...right })}\n`));
  return random() < 0.3 ? [Buffer.concat(batch)] : batch;
}

/** One peer's share of the messages; the peer has one backend of its own, whose last weight is told. */
async function misbehave(proxy: RunningProxy, index: number, seed: number): Promise<number> {
  const random = seededRandom(seed + index);
  const peer = await CommandPeer.connect(proxy.socketPath);
  let sent = 0;
  let weight = 1;
  for (let n = index; n < MESSAGES; n += BATCH * PEERS) {
    weight = Math.floor(random() * 100);
    for (const bytes of batchOf(n, weigh(index, weight), random)) {
      write(peer, bytes, random);
      sent += countMessages(bytes);
    }
    await peer.answered(sent);
  }
  assert.equal(peer.ends.length, sent, 'one answer per message');
  for (const { id, status, message } of peer.ends) {
    if (id === 'good') assert.equal(status, 'ok', message);
    if (id === 'bad') assert.equal(status, 'failure', message);
  }
  peer.send('x'.repeat(MAX_MESSAGE_BYTES + 1));
  await peer.closed();
  assert.match(peer.ends.at(-1)?.message ?? '', /^a message is larger than \d+ bytes$/);
  return weight;
}

interface Stage {
  readonly proxy: RunningProxy;
  readonly client: CommandClient;
  /** Resolves when the main process holds no more than at the begin. */
  settled(): Promise<void>;
}

async function begin(test: TestContext): Promise<Stage> {
  const proxy = await startProxy(test, { config });
  const client = await proxy.connect();
  await stateHash(client);
  const atMost = openDescriptors(proxy.pid);
  const bytes = residentBytes(proxy.pid);
  const settled = async (): Promise<void> => {
    await eventually(
      `no more than ${atMost} descriptors`,
      () => openDescriptors(proxy.pid) <= atMost,
    );
    const grown = residentBytes(proxy.pid) - bytes;
    assert.ok(grown < SLACK_BYTES, `grown by ${grown} bytes`);
    assert.equal((await client.send({ kind: 'status' })).content?.pid, proxy.pid);
  };
  return { proxy, client, settled };
}

describe('the command socket', { skip }, () => {
  it('outlives clients that are wrong, rude or gone', async test => {
    const stage = await begin(test);
    await test.test(
      'answers 10,000 wrong messages, and changes only what is asked rightly',
      async () => {
        const { proxy, client, settled } = stage;
        const seed = randomInt(2 ** 31);
        const hash = await stateHash(client);
        const beside = await proxy.connect();
        const others = wellBehaved(beside);
        try {
          const shares = Array.from({ length: PEERS }, (_, index) => misbehave(proxy, index, seed));
          const expected = await Promise.all(shares);
          assert.ok((await others()) > 0);
          beside.close();
          assert.deepEqual(await weights(client), expected);
          for (let index = 0; index < PEERS; index += 1) {
            assert.equal((await client.send(weigh(index, 1))).status, 'ok');
          }
          assert.equal(await stateHash(client), hash, 'all is as it was');
          await settled();
        } catch (cause) {
          throw new Error(`seed ${seed}: ${(cause as Error).message}\n${proxy.stderr()}`, {
            cause,
          });
        }
      },
    );

    await test.test(
      'takes as many clients as there is room for, and tells the others so',
      async () => {
        const { proxy, client, settled } = stage;
        const others = wellBehaved(client);
        const peers: CommandPeer[] = [];
        for (let n = 0; n < CONNECTIONS; n += 1) {
          const peer = await CommandPeer.connect(proxy.socketPath);
          peer.send('{"id":"good","kind":"list-clusters"}\n');
          peers.push(peer);
        }
        for (const peer of peers) await peer.answered(1);
        const first = peers.map(({ ends }) => ends[0]);
        const letIn = first.filter(reply => reply?.id === 'good' && reply.status === 'ok');
        const refused = first.filter(reply =>
          /^there are 256 clients on the command socket already; try again$/.test(
            reply?.message ?? '',
          ),
        );
        assert.equal(letIn.length + refused.length, CONNECTIONS);
        assert.ok(letIn.length >= MAX_CLIENTS - 4, `${letIn.length} are let in`);
        assert.ok((await others()) > 0);
        for (const peer of peers) peer.socket.destroy();
        await settled();
      },
    );

    await test.test(
      'keeps nothing for who subscribes to events and does not read them',
      async () => {
        const { proxy, client, settled } = stage;
        const reader = await CommandPeer.connect(proxy.socketPath);
        const sleeper = await CommandPeer.connect(proxy.socketPath);
        for (const peer of [reader, sleeper]) peer.send('{"id":"all","kind":"subscribe-events"}\n');
        await eventually(
          'both are told',
          () => reader.replies.length > 0 && sleeper.replies.length > 0,
        );
        sleeper.socket.pause();
        for (let round = 0, told = 0; told < UNREAD_BYTES; round += 1) {
          const kinds = round % 2 === 0 ? 'add' : 'remove';
          const before = reader.replies.length;
          const reply = await client.send(manyClusters(kinds), { timeoutMs: 60_000 });
          assert.equal(reply.status, 'ok', reply.message);
          await eventually('the reader has it all', () => reader.replies.length >= before + MANY);
          told += JSON.stringify(reader.replies.slice(before)).length;
        }
        sleeper.socket.resume();
        await eventually('the sleeper learns of it', () =>
          sleeper.ends.some(({ message }) => /^cut off behind event \d+: /.test(message)),
        );
        assert.equal(reader.isClosed, false);
        assert.deepEqual(reader.ends, []);
        for (const peer of [reader, sleeper]) peer.socket.destroy();
        await settled();
      },
    );

    await test.test('closes on who is turned away and does not read why', async () => {
      const { proxy, settled } = stage;
      const peer = await CommandPeer.connect(proxy.socketPath);
      peer.socket.pause();
      peer.send('x'.repeat(MAX_MESSAGE_BYTES + 1));
      await eventually(
        'all is sent',
        () => peer.socket.destroyed || peer.socket.writableLength === 0,
      );
      await settled();
      peer.socket.destroy();
    });

    await test.test('serves others while some begin a message and say no more', async () => {
      const { proxy, client, settled } = stage;
      const silent = await Promise.all(
        Array.from({ length: MAX_CLIENTS / 2 }, () => CommandPeer.connect(proxy.socketPath)),
      );
      for (const peer of silent) peer.send(`{"kind":"status","x":"${'x'.repeat(1_000)}`);
      const others = wellBehaved(client);
      const peer = await CommandPeer.connect(proxy.socketPath);
      for (let n = 1; n <= 100; n += 1) {
        peer.send('{"id":"good","kind":"list-backends"}\n');
        await peer.answered(n);
      }
      assert.ok(peer.ends.every(({ status }) => status === 'ok'));
      assert.ok((await others()) > 0);
      for (const each of [...silent, peer]) each.socket.destroy();
      await settled();
    });

    await test.test(
      'does a change wholly or not at all when its client goes in the middle',
      async () => {
        const { proxy, client, settled } = stage;
        const seed = randomInt(2 ** 31);
        const random = seededRandom(seed);
        const hash = await stateHash(client);
        for (let round = 0; round < 100; round += 1) {
          const weight = Math.floor(random() * 100);
          const requests = Array.from({ length: PEERS }, (_, index) => weigh(index, weight));
          const bytes = Buffer.from(`${JSON.stringify({ kind: 'transaction', requests })}\n`);
          const size = random() < 0.5 ? bytes.length : Math.floor(random() * bytes.length);
          const peer = await CommandPeer.connect(proxy.socketPath);
          const before = await weights(client);
          peer.socket.write(bytes.subarray(0, size), () => peer.socket.destroy());
          const [first, ...more] = await weights(client);
          for (const each of more) assert.equal(each, first, `seed ${seed}: half a change`);
          assert.ok(first === weight || first === before[0], `seed ${seed}: ${first}`);
        }
        for (let index = 0; index < PEERS; index += 1) await client.send(weigh(index, 1));
        await eventually('all is as it was', async () => (await stateHash(client)) === hash);
        await settled();
      },
    );
  });
});
