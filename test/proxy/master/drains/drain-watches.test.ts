/** When a backend is safe to stop: never before the last request, always once, whoever dies. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { EventBody } from '../../../../proxy/command/events.ts';
import { type CutReport, type InFlight, NO_HOLDERS } from '../../../../proxy/command/holders.ts';
import type { Backend, StateRequest } from '../../../../proxy/command/requests.ts';
import { type DrainEnd, DrainWatches } from '../../../../proxy/master/drains/drain-watches.ts';
import type { WorkerAnswer } from '../../../../proxy/master/workers/worker-answer.ts';
import { apply } from '../../../../proxy/state/apply.ts';
import { type ConfigState, emptyState } from '../../../../proxy/state/config-state.ts';
import { ManualSchedule } from '../../../support/manual-schedule.ts';

type Silence = 'late' | 'gone';

let workers: Map<number, InFlight[] | Silence>;
let events: EventBody[];
let now: number;
let asked: number;
let cuts: number;
let timers: ManualSchedule;
let drains: DrainWatches;
let state: ConfigState;
const A = { clusterId: 'web', backendId: 'a', address: '127.0.0.1:1' };
const B = { clusterId: 'web', backendId: 'b', address: '127.0.0.1:2' };
const CUT: CutReport = { counts: { ...NO_HOLDERS, tunnel: 1, download: 1 }, moved: 1 };

function answers(more: (found: InFlight[]) => object): WorkerAnswer[] {
  return [...workers].map(([workerId, found]) => ({
    workerId,
    answer: typeof found === 'string' ? { kind: found } : { kind: 'ok', ...more(found) },
  }));
}

function busy(backend: Partial<InFlight> = {}, requests = 1): InFlight {
  return { ...A, requests, ...backend };
}

function rest(admin?: Backend['admin'], backend: Backend = A): void {
  const wanted = admin === undefined ? backend : { ...backend, admin };
  commit({ kind: 'add-backend', backend: wanted });
}

/** As the change queue does: the state first, then the workers, and those who follow. */
function commit(request: StateRequest): void {
  const applied = apply(state, request);
  assert.ok(applied.ok, applied.ok ? '' : applied.error.message);
  for (const effect of applied.value.effects) drains.follow(effect);
}

function waits(backend = A): DrainEnd[] {
  const ends: DrainEnd[] = [];
  drains.wait(backend, end => ends.push(end));
  return ends;
}

function kinds(): string[] {
  return events.map(({ kind, backendId }) => `${kind} ${backendId}`);
}

beforeEach(() => {
  workers = new Map([
    [1, []],
    [2, []],
  ]);
  events = [];
  now = 1000;
  asked = 0;
  cuts = 0;
  timers = new ManualSchedule();
  state = emptyState();
  const cluster = { id: 'web', loadBalancing: 'round-robin', answers: {} } as const;
  apply(state, { kind: 'add-cluster', cluster });
  drains = new DrainWatches({
    state,
    inFlight: async () => {
      asked++;
      return answers(found => ({ inFlight: found }));
    },
    cut: async place => {
      cuts++;
      return answers(found => {
        const mine = found.some(each => each.backendId === place.backendId);
        found.length = 0;
        return { cutReport: mine ? CUT : { counts: NO_HOLDERS, moved: 0 } };
      });
    },
    emit: event => events.push(event),
    now: () => now,
    schedule: timers.schedule,
  });
});

describe('a drain', () => {
  it('is safe once no worker has a request in progress, and that is told once', async () => {
    workers.set(1, [busy()]).set(2, [busy({}, 3)]);
    rest('drain');
    const ends = waits();
    await timers.run();
    workers.set(1, []);
    drains.lookAgain();
    await timers.run();
    assert.deepEqual(kinds(), ['backend-in-drain a']);
    workers.set(2, []);
    now += 2500;
    drains.lookAgain();
    await timers.run();
    assert.deepEqual(kinds(), ['backend-in-drain a', 'backend-safe-to-stop a']);
    const [, told] = events;
    assert.equal(told?.durationMs, 2500);
    assert.equal(told?.cause, 'in drain, and no request of it is in progress');
    assert.deepEqual(ends, [
      { kind: 'safe', durationMs: 2500, cut: { counts: NO_HOLDERS, moved: 0 } },
    ]);
    assert.deepEqual(timers.delays, []);
  });

  it('asks again by itself, for a worker that died told nothing', async () => {
    workers.set(1, [busy()]);
    rest('maint');
    await timers.run();
    workers.delete(1);
    await timers.run();
    assert.deepEqual(kinds(), ['backend-in-maintenance a', 'backend-safe-to-stop a']);
  });

  it('is not safe as long as a worker does not answer; one that is gone has nothing', async () => {
    workers.set(1, 'late');
    rest('drain');
    await timers.run();
    assert.deepEqual(kinds(), ['backend-in-drain a']);
    assert.deepEqual(drains.view(A)?.silent, [1]);
    workers.set(1, 'gone');
    await timers.run();
    assert.deepEqual(kinds(), ['backend-in-drain a', 'backend-safe-to-stop a']);
    assert.equal(drains.view(A), undefined);
  });

  it('ends when the backend is ready again, and nothing is told to be safe', async () => {
    workers.set(1, [busy()]);
    rest('drain');
    const ends = waits();
    await timers.run();
    rest();
    workers.set(1, []);
    await timers.run();
    assert.deepEqual(ends, [{ kind: 'given-up', why: 'it is ready again' }]);
    assert.deepEqual(kinds(), ['backend-in-drain a', 'backend-ready a']);
  });

  it('is not ended by an answer that was under way when it was begun anew', async () => {
    workers.set(1, [busy()]);
    rest('drain');
    await timers.run();
    workers.set(1, []);
    const running = timers.run();
    rest();
    rest('drain');
    workers.set(1, [busy()]);
    await running;
    assert.equal(events.filter(({ kind }) => kind === 'backend-safe-to-stop').length, 0);
    await timers.run();
    assert.notEqual(drains.view(A), undefined);
  });

  it('is not safe when workers know before everybody else that it is ready again', async () => {
    workers.set(1, [busy()]);
    rest('drain');
    const ends = waits();
    await timers.run();
    // The state has changed, the workers are being told, nothing is done yet.
    const applied = apply(state, { kind: 'add-backend', backend: A });
    workers.set(1, []);
    await timers.run();
    assert.equal(ends.length, 0);
    // A worker refused: it stays as it was.
    assert.ok(applied.ok);
    applied.value.undo();
    workers.set(1, [busy()]);
    await timers.run();
    assert.equal(ends.length, 0);
    workers.set(1, []);
    await timers.run();
    assert.equal(ends[0]?.kind, 'safe');
  });

  it('goes on as maintenance, and as removal for those who come then', async () => {
    workers.set(1, [busy()]);
    rest('drain');
    const first = waits();
    rest('maint');
    await timers.run();
    assert.deepEqual(first, []);
    commit({ kind: 'remove-backend', ...A });
    assert.deepEqual(first, [{ kind: 'given-up', why: 'it was removed' }]);
    workers.set(1, []);
    await timers.run();
    const safe = events.at(-1);
    assert.equal(safe?.kind, 'backend-safe-to-stop');
    assert.equal(safe?.cause, 'removed, and no request of it is in progress');
    rest();
    assert.equal(events.at(-1), safe);
  });

  it('of one backend says nothing of another, nor of another address of the same one', async () => {
    workers.set(1, [busy(B), busy({ address: '127.0.0.1:3' })]);
    rest('drain');
    rest('drain', B);
    await timers.run();
    assert.deepEqual(kinds(), [
      'backend-in-drain a',
      'backend-in-drain b',
      'backend-safe-to-stop a',
    ]);
  });

  it('of a backend with a name waits for all its addresses', async () => {
    const named = { ...A, address: 'app.test:80' };
    workers.set(1, [busy({ address: '127.0.0.9:80' })]);
    rest('drain', named);
    await timers.run();
    assert.equal(events.length, 1);
    workers.set(1, []);
    await timers.run();
    assert.equal(events.at(-1)?.address, 'app.test:80');
  });

  it('of many at once asks each worker once', async () => {
    for (let i = 0; i < 500; i++) {
      rest(undefined, { ...A, backendId: `b${i}` });
      commit({ kind: 'remove-backend', ...A, backendId: `b${i}` });
    }
    await timers.run();
    assert.equal(asked, 1);
    assert.equal(events.length, 500);
    assert.deepEqual(timers.delays, []);
  });

  it('that nobody waits for any more goes on', async () => {
    workers.set(1, [busy()]);
    rest('drain');
    const ends: DrainEnd[] = [];
    drains.wait(A, end => ends.push(end))();
    workers.set(1, []);
    await timers.run();
    assert.deepEqual(ends, []);
    assert.equal(events.at(-1)?.kind, 'backend-safe-to-stop');
  });

  it('that was under way in another main process is followed by the next one', async () => {
    apply(state, { kind: 'add-backend', backend: { ...A, admin: 'maint' } });
    apply(state, { kind: 'add-backend', backend: B });
    workers.set(1, [busy()]);
    drains.resume();
    await timers.run();
    assert.deepEqual(kinds(), []);
    workers.set(1, []);
    await timers.run();
    rest();
    assert.deepEqual(kinds(), ['backend-safe-to-stop a', 'backend-ready a']);
  });

  it('tells those who wait when the proxy stops', async () => {
    workers.set(1, [busy()]);
    rest('drain');
    const ends = waits();
    drains.stop();
    assert.deepEqual(ends, [{ kind: 'given-up', why: 'the proxy is stopping' }]);
    assert.deepEqual(timers.delays, []);
  });
});

describe('the deadline of a drain', () => {
  it('cuts what is left then, not before, and says what that was', async () => {
    workers.set(1, [busy()]);
    rest('drain');
    const ends = waits();
    drains.setDeadline(A, 3000);
    assert.deepEqual(drains.view(A)?.deadlineInMs, 3000);
    now += 2999;
    await timers.run();
    assert.equal(cuts, 0);
    now += 1;
    await timers.run();
    assert.equal(cuts, 1);
    await timers.run();
    assert.deepEqual(ends, [{ kind: 'safe', durationMs: 3000, cut: CUT }]);
    assert.equal(
      events.at(-1)?.cause,
      'in drain, and no request of it is in progress; cut 1 tunnel, 1 download; ' +
        '1 request went to another backend instead',
    );
  });

  it('cuts nothing when all has ended before it', async () => {
    rest('drain');
    drains.setDeadline(A, 0);
    await timers.run();
    assert.equal(cuts, 0);
    assert.equal(events.at(-1)?.kind, 'backend-safe-to-stop');
  });

  it('is over for a worker that does not answer as soon as it does', async () => {
    workers.set(1, 'late').set(2, []);
    rest('drain');
    drains.setDeadline(A, 0);
    await timers.run();
    workers.set(1, [busy()]);
    await timers.run();
    await timers.run();
    assert.equal(events.at(-1)?.kind, 'backend-safe-to-stop');
    assert.ok(cuts >= 2);
  });
});
