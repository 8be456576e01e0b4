import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ChangeRequest, StateRequest } from '../../../../proxy/command/requests.ts';
import { type ChangeDone, ChangeQueue } from '../../../../proxy/master/changes/change-queue.ts';
import type { Fleet } from '../../../../proxy/master/changes/change-round.ts';
import type { ChangeSockets } from '../../../../proxy/master/sockets/listener-sockets.ts';
import type { WorkerAnswer } from '../../../../proxy/master/workers/worker-answer.ts';
import type { Answer } from '../../../../proxy/master/workers/worker-process.ts';
import { apply } from '../../../../proxy/state/apply.ts';
import { type ConfigState, emptyState } from '../../../../proxy/state/config-state.ts';
import { hash } from '../../../../proxy/state/hash.ts';
import { listenerRequests, stateRequest } from '../../../support/state-requests.ts';

/** Does what it is told on a state of its own, later; refuses or is late when its turn says so. */
class FakeWorker {
  readonly id: number;
  readonly state: ConfigState = emptyState();
  /** What the next messages meet; afterwards everything is done. */
  readonly moods: ('done' | 'refuse first' | 'refuse later' | 'late' | 'gone')[];

  constructor(id: number, moods: FakeWorker['moods'], start: readonly StateRequest[]) {
    this.id = id;
    this.moods = moods;
    for (const request of start) apply(this.state, request);
  }

  async tell(requests: readonly StateRequest[]): Promise<Answer> {
    const mood = this.moods.shift() ?? 'done';
    // The message is JSON on its way.
    const received = structuredClone(requests);
    await new Promise(setImmediate);
    const limit = { 'refuse first': 0, 'refuse later': Math.floor(received.length / 2) };
    const stopAt = mood in limit ? limit[mood as keyof typeof limit] : received.length;
    for (const [index, request] of received.entries()) {
      if (index === stopAt) return { kind: 'refused', message: 'not today', applied: index };
      const applied = apply(this.state, request);
      if (!applied.ok) return { kind: 'refused', message: applied.error.message, applied: index };
    }
    if (mood === 'late' || mood === 'gone') return { kind: mood };
    return { kind: 'ok' };
  }
}

class FakeFleet implements Fleet {
  readonly workers: FakeWorker[];
  readonly distrusted: number[] = [];

  constructor(moods: readonly FakeWorker['moods'][], start: readonly StateRequest[]) {
    this.workers = moods.map((each, id) => new FakeWorker(id, [...each], start));
  }

  expand(requests: readonly StateRequest[]): StateRequest[] {
    return [...requests];
  }

  tell(requests: readonly StateRequest[]): Promise<WorkerAnswer[]> {
    return Promise.all(
      this.workers.map(async worker => ({
        workerId: worker.id,
        answer: await worker.tell(requests),
      })),
    );
  }

  workerIds(): number[] {
    return this.workers.map(({ id }) => id);
  }

  correct(workerId: number, requests: readonly StateRequest[]): Promise<Answer> {
    const worker = this.workers.find(({ id }) => id === workerId);
    assert.ok(worker);
    worker.moods.unshift('done');
    return worker.tell(requests);
  }

  distrust(workerId: number): void {
    this.distrusted.push(workerId);
  }
}

/** Nobody listens here; that is the matter of test/integration/proxy-listeners. */
const noSockets: ChangeSockets = {
  open: requests => Promise.resolve(requests),
  startedBy: () => [],
  closeUnused: () => undefined,
};

function setUp(moods: readonly FakeWorker['moods'][]): {
  state: ConfigState;
  fleet: FakeFleet;
  queue: ChangeQueue;
  committed: StateRequest[];
} {
  const state = emptyState();
  for (const request of listenerRequests) apply(state, request);
  const fleet = new FakeFleet(moods, listenerRequests);
  const committed: StateRequest[] = [];
  const queue = new ChangeQueue({
    state,
    sockets: noSockets,
    fleet,
    closed: () => undefined,
    onCommitted: effects => committed.push(...effects),
  });
  return { state, fleet, queue, committed };
}

const web: ChangeRequest = {
  kind: 'add-cluster',
  cluster: { id: 'web', loadBalancing: 'round-robin', answers: {} },
};
function backend(port: number, clusterId = 'web'): ChangeRequest {
  return { kind: 'add-backend', backend: { clusterId, address: `127.0.0.1:${port}` } };
}

function folded(requests: readonly StateRequest[]): ConfigState {
  const state = emptyState();
  for (const request of [...listenerRequests, ...requests]) assert.ok(apply(state, request).ok);
  return state;
}

async function turnsLater(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise(setImmediate);
}

const mood = fc.constantFrom(
  'done' as const,
  'done' as const,
  'refuse first' as const,
  'refuse later' as const,
  'late' as const,
);
const order = fc.array(stateRequest, { minLength: 1, maxLength: 5 });

describe('change queue', () => {
  it('whoever asks, refuses or is late: one order for the state and every worker', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ requests: order, turns: fc.nat(2) }), { maxLength: 12 }),
        fc.array(fc.array(mood, { maxLength: 8 }), { minLength: 1, maxLength: 3 }),
        async (orders, moods) => {
          const { state, fleet, queue, committed } = setUp(moods);
          const submitted: Promise<ChangeDone | undefined>[] = [];
          for (const { requests, turns } of orders) {
            await turnsLater(turns);
            submitted.push(queue.submit({ requests }).catch(() => undefined));
          }
          const done = await Promise.all(submitted);
          const effects = done.flatMap(each => each?.effects ?? []);
          assert.deepEqual(committed, effects, 'in the order in which it was asked');
          const expected = hash(folded(committed));
          assert.equal(hash(state), expected, 'what was told is what happened');
          const trusted = fleet.workers.filter(({ id }) => !fleet.distrusted.includes(id));
          for (const worker of trusted) assert.equal(hash(worker.state), expected);
        },
      ),
    );
  });

  it('a refusal names who and why, and leaves nothing behind, on nobody', async () => {
    const { state, fleet, queue, committed } = setUp([[], ['refuse later'], []]);
    const before = hash(state);
    await assert.rejects(queue.submit({ requests: [web, backend(1), backend(2), backend(3)] }), {
      code: 'PROXY_WORKER_FAILED',
      message: 'worker 1 refused: not today; nothing was changed',
    });
    assert.equal(hash(state), before);
    for (const worker of fleet.workers) assert.equal(hash(worker.state), before);
    assert.deepEqual(committed, []);
    assert.deepEqual(fleet.distrusted, []);
  });

  it('those behind a refused change in the same group are tried again', async () => {
    const { state, queue } = setUp([['done', 'refuse first']]);
    await queue.submit({ requests: [web] });
    const [first, second] = await Promise.allSettled([
      queue.submit({ requests: [backend(1)] }),
      queue.submit({ requests: [backend(2)] }),
    ]);
    assert.equal(first.status, 'rejected');
    assert.equal(second.status, 'fulfilled');
    assert.deepEqual([...(state.clusters.get('web')?.backends.keys() ?? [])], ['127.0.0.1:2']);
  });

  it('a request of a transaction that cannot be done is named, and none is done', async () => {
    const { state, queue } = setUp([[]]);
    const before = hash(state);
    await assert.rejects(queue.submit({ requests: [web, backend(1), backend(2, 'wbe')] }), {
      message: 'request 3 of 3 (add-backend): there is no cluster "wbe"; did you mean "web"?',
    });
    assert.equal(hash(state), before);
  });

  it('a dry run says what would happen, and asks no worker', async () => {
    const { state, fleet, queue, committed } = setUp([['refuse first']]);
    const before = hash(state);
    const done = await queue.submit({ requests: [web, backend(1)], dryRun: true });
    assert.deepEqual(done.changes, [
      'cluster "web" added',
      'backend 127.0.0.1:1 added to cluster "web"',
    ]);
    assert.equal(done.workers, 0);
    assert.equal(hash(state), before);
    assert.deepEqual(fleet.workers[0]?.moods, ['refuse first']);
    assert.deepEqual(committed, []);
  });

  it('a worker that is late refuses nothing', async () => {
    const { queue } = setUp([['late'], []]);
    const done = await queue.submit({ requests: [web] });
    assert.deepEqual([done.workers, done.late], [1, [0]]);
  });

  it('changes that come while the workers are busy go out together', async () => {
    const { fleet, queue } = setUp([[]]);
    let messages = 0;
    const tell = fleet.tell.bind(fleet);
    fleet.tell = requests => {
      messages += 1;
      return tell(requests);
    };
    const all = [queue.submit({ requests: [web] })];
    await new Promise(setImmediate);
    for (let port = 1; port <= 50; port++) all.push(queue.submit({ requests: [backend(port)] }));
    await Promise.all(all);
    assert.ok(messages <= 3, `${messages} messages`);
  });

  it('quiet means that no change is under way', async () => {
    const { queue, state, fleet } = setUp([[], []]);
    const first = queue.submit({ requests: [web] });
    const seen = queue.whenQuiet(async () => {
      await new Promise(setImmediate);
      return [state, ...fleet.workers.map(worker => worker.state)].map(hash);
    });
    const second = queue.submit({ requests: [backend(1)] });
    const hashes = await seen;
    assert.equal(new Set(hashes).size, 1);
    await Promise.all([first, second]);
    assert.notEqual(hash(state), hashes[0]);
  });
});
