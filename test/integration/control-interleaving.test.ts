/**
 * Several clients change the proxy at once, some of their changes are refused, workers die: there is one
 * order, the same for the main process and for every worker, and nobody sees half a transaction.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Backend, CommandClient, ProxyRequest, StatusContent } from '../../proxy/index.ts';
import { breakProxy } from '../support/broken-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { startProxy } from '../support/start-proxy.ts';

const config = `
log_level = "warn"
[[listeners]]
protocol = "http"
address = "127.0.0.1:0"
[clusters.web]
protocol = "http"
frontends = []
backends = [
  { address = "127.0.0.1:9", backend_id = "left" },
  { address = "127.0.0.2:9", backend_id = "right" },
  { address = "127.0.0.3:9", backend_id = "own0" },
  { address = "127.0.0.4:9", backend_id = "own1" },
]
`;

/** Workers 1 and 3 are the ones that die; all others refuse this weight. */
const CURSED = 666;
const MORTAL = [1, 3];
const refusing = {
  file: 'worker/worker.js',
  from: 'const applied = applyOne(request);',
  to: `const applied = request.backend?.weight === ${CURSED} && !${JSON.stringify(MORTAL)}.includes(Number(workerId))
    ? { ok: false, error: new Error("never") } : applyOne(request);`,
};

/** Of the backends whose ids begin with it. */
const ADDRESSES = { left: 1, right: 2, own0: 3, own1: 4 } as const;
type Id = keyof typeof ADDRESSES;
const OWN: readonly Id[] = ['own0', 'own1'];

function setWeight(backendId: Id, weight: number): ProxyRequest & { kind: 'set-weight' } {
  const address = `127.0.0.${ADDRESSES[backendId]}:9`;
  return { kind: 'set-weight', clusterId: 'web', backendId, address, weight };
}

function addHost(n: number): ProxyRequest & { kind: 'add-frontend' } {
  const hostname = `host-${n}.test`;
  return {
    kind: 'add-frontend',
    frontend: { listener: '127.0.0.1:1', hostname, path: '', clusterId: 'web' },
  };
}

const removeNobody = { kind: 'remove-backend', clusterId: 'web', address: '127.0.0.9:9' } as const;

type Step =
  | { readonly do: 'weigh'; readonly id: Id; readonly weight: number }
  /** Both always weigh the same. */
  | { readonly do: 'pair'; readonly weight: number; readonly wrong: boolean }
  | { readonly do: 'refused'; readonly how: 'unknown' | 'cursed' | 'cursed pair' | 'no listener' }
  | { readonly do: 'look' };

const someWeight = fc.integer({ min: 0, max: 600 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('weigh' as const), id: fc.constantFrom(...OWN), weight: someWeight }),
  fc.record({ do: fc.constant('pair' as const), weight: someWeight, wrong: fc.boolean() }),
  fc.record({
    do: fc.constant('refused' as const),
    how: fc.constantFrom('unknown', 'cursed', 'cursed pair', 'no listener'),
  }),
  fc.record({ do: fc.constant('look' as const) }),
);
/** What one client does, each step behind the answer to the one before, or all at once. */
interface Script {
  readonly steps: readonly Step[];
  readonly atOnce: boolean;
}
const script: fc.Arbitrary<Script> = fc.record({
  steps: fc.array(step, { minLength: 5, maxLength: 25 }),
  atOnce: fc.boolean(),
});

/** A change of a weight that was done, between these moments. */
interface Written {
  readonly id: Id;
  readonly weight: number;
  readonly sentAt: number;
  readonly doneAt: number;
}

async function backendsOf(client: CommandClient): Promise<ReadonlyMap<string, Backend>> {
  const { content } = await client.send({ kind: 'dump-state' });
  const added = (content?.requests ?? []).flatMap(each =>
    each.kind === 'add-backend' ? [each.backend] : [],
  );
  return new Map(added.map(backend => [backend.backendId, backend]));
}

async function look(client: CommandClient): Promise<void> {
  const backends = await backendsOf(client);
  assert.equal(backends.size, 4);
  assert.equal(backends.get('left')?.weight, backends.get('right')?.weight, 'half a transaction');
}

const refusals = {
  unknown: removeNobody,
  cursed: setWeight('own0', CURSED),
  'cursed pair': {
    kind: 'transaction',
    requests: [setWeight('left', 1), setWeight('right', 1), setWeight('own0', CURSED)],
  },
  'no listener': addHost(1),
} as const satisfies Record<string, ProxyRequest>;

async function take(client: CommandClient, each: Step, written: Written[]): Promise<void> {
  const sentAt = performance.now();
  const wrote = (id: Id, value: number): void => {
    written.push({ id, weight: value, sentAt, doneAt: performance.now() });
  };
  switch (each.do) {
    case 'look':
      return look(client);
    case 'weigh': {
      const reply = await client.send(setWeight(each.id, each.weight), { timeoutMs: 60_000 });
      assert.equal(reply.status, 'ok', reply.message);
      return wrote(each.id, each.weight);
    }
    case 'refused': {
      const reply = await client.send(refusals[each.how], { timeoutMs: 60_000 });
      assert.equal(reply.status, 'failure', `${each.how}: ${reply.message}`);
      return;
    }
    case 'pair': {
      const both = [setWeight('left', each.weight), setWeight('right', each.weight)];
      const requests = each.wrong ? [...both, removeNobody] : both;
      const reply = await client.send({ kind: 'transaction', requests }, { timeoutMs: 60_000 });
      assert.equal(reply.status, each.wrong ? 'failure' : 'ok', reply.message);
      if (!each.wrong) wrote('left', each.weight);
    }
  }
}

/** The last value is one that nobody has overwritten: no change began after it was done. */
function assertLastWritten(
  written: readonly Written[],
  id: Id,
  before: number | undefined,
  after: number | undefined,
): void {
  const own = written.filter(each => each.id === id);
  const last = own.filter(each => !own.some(other => other.sentAt > each.doneAt));
  const possible = last.length === 0 ? [before] : last.map(each => each.weight);
  assert.ok(possible.includes(after), `${id} weighs ${after}, not ${possible.join(' or ')}`);
}

function inSync(client: CommandClient): Promise<StatusContent> {
  return eventually(
    'two workers serve what the main process says',
    async () => {
      const { content } = await client.send({ kind: 'status' });
      const workers = content?.workers ?? [];
      const fine = workers.filter(each => each.runState === 'running' && each.inSync === 'yes');
      return fine.length === 2 && workers.length === 2 && content;
    },
    30_000,
  );
}

describe('clients that change the proxy at once', () => {
  it('get one order on all workers, whoever refuses and dies', async test => {
    const broken = await breakProxy(refusing);
    test.after(() => broken.remove());
    const proxy = await startProxy(test, { config, options: { entry: broken.entry } });
    const watcher = await proxy.connect();
    const clients = await Promise.all(Array.from({ length: 4 }, () => proxy.connect()));
    const mortal = [...MORTAL];
    const differing: string[] = [];
    watcher.events(({ kind, cause = '' }) => {
      if (kind === 'worker-diverged' && /its configuration is/.test(cause)) differing.push(cause);
    });
    let rounds = 0;

    const run = async (planned: readonly Script[]): Promise<void> => {
      const before = await backendsOf(watcher);
      const written: Written[] = [];
      const clientsAtWork = planned.map(async ({ steps, atOnce }, index) => {
        const client = clients[index];
        assert.ok(client);
        if (atOnce) await Promise.all(steps.map(each => take(client, each, written)));
        else for (const each of steps) await take(client, each, written);
      });
      if (++rounds % 4 === 0) await killOne(watcher, mortal);
      await Promise.all(clientsAtWork);
      const { digest, stateHash, workers } = await inSync(watcher);
      for (const worker of workers) assert.equal(worker.digest, digest);
      const after = await backendsOf(watcher);
      for (const id of [...OWN, 'left'] as const) {
        assertLastWritten(written, id, before.get(id)?.weight, after.get(id)?.weight);
      }
      await look(watcher);
      assert.equal((await watcher.send({ kind: 'dump-state' })).content?.hash, stateHash);
    };

    const scripts = fc.array(script, { minLength: 2, maxLength: 4 });
    const property = fc.asyncProperty(scripts, run);
    await fc.assert(property, { numRuns: 12, endOnFailure: true }).catch((error: Error) => {
      throw new Error(`${error.message}\n${error.cause}`, { cause: error });
    });
    // Healing is for workers that are broken, and these are not.
    assert.deepEqual(differing, []);
    assert.deepEqual(mortal, [], 'no worker died meanwhile');
  });
});

async function killOne(client: CommandClient, mortal: number[]): Promise<void> {
  const id = mortal.shift();
  if (id === undefined) return;
  const { content } = await client.send({ kind: 'status' });
  const pid = content?.workers.find(each => each.workerId === id)?.pid;
  assert.ok(pid, `worker ${id} lives`);
  process.kill(pid, 'SIGKILL');
}
