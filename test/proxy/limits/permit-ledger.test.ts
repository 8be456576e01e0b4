/** Workers that share a limit: never more than it says, and none refused while one is idle. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HeldPermits, type PermitWaiter } from '../../../proxy/limits/held-permits.ts';
import type { LimitAsk, LimitOrder } from '../../../proxy/limits/limit-messages.ts';
import { PermitLedger } from '../../../proxy/limits/permit-ledger.ts';

/** Workers and ledger with a channel in each direction, which delivers when it is told to. */
class Crew {
  readonly ledger: PermitLedger;
  readonly workers: HeldPermits[];
  readonly inUse: number[];
  readonly waiting: number[];
  refused = 0;
  now = 0;
  private readonly toLedger: { workerId: number; ask: LimitAsk }[] = [];
  private readonly toWorker: { workerId: number; order: LimitOrder }[] = [];

  constructor(count: number) {
    this.ledger = new PermitLedger(count, (workerId, order) =>
      this.toWorker.push({ workerId, order }),
    );
    this.inUse = new Array<number>(count).fill(0);
    this.waiting = new Array<number>(count).fill(0);
    this.workers = this.inUse.map(
      (_, workerId) => new HeldPermits(ask => this.toLedger.push({ workerId, ask })),
    );
  }

  get total(): number {
    return this.inUse.reduce((sum, each) => sum + each, 0);
  }

  acquire(workerId: number, limit: number, keep = true): void {
    const waiter: PermitWaiter = {
      onPermit: granted => {
        this.add(this.waiting, workerId, -1);
        if (granted) this.add(this.inUse, workerId, 1);
        else this.refused++;
        return true;
      },
    };
    const permission = this.workers[workerId]?.acquire('k', limit, keep, this.now, waiter);
    if (permission === 'yes') this.add(this.inUse, workerId, 1);
    else if (permission === 'later') this.add(this.waiting, workerId, 1);
    else this.refused++;
  }

  release(workerId: number): void {
    if (this.inUse[workerId] === 0) return;
    this.add(this.inUse, workerId, -1);
    this.workers[workerId]?.release('k');
  }

  deliverOne(fromLedger: boolean): boolean {
    if (fromLedger) {
      const next = this.toWorker.shift();
      if (next === undefined) return false;
      const { workerId, order } = next;
      if (order.kind === 'recall') this.workers[workerId]?.recall(order.key);
      else if (order.kind === 'granted') {
        this.workers[workerId]?.granted(order.key, order.permits, this.now);
      }
      return true;
    }
    const next = this.toLedger.shift();
    if (next === undefined) return false;
    const { workerId, ask } = next;
    if (ask.kind === 'permit') this.ledger.ask(workerId, ask.key, ask.limit);
    else if (ask.kind === 'give-back') {
      this.ledger.giveBack(workerId, ask.key, ask.permits, ask.recalled);
    }
    return true;
  }

  step({ what, worker }: Step, limit: number, keep: boolean): void {
    if (what === 'acquire') this.acquire(worker, limit, keep);
    else if (what === 'release') this.release(worker);
    else if (what === 'time') this.now += 20;
    else this.deliverOne(what === 'order');
  }

  acquireInTurns(limit: number, keep: boolean): void {
    for (let i = 0; i < limit; i++) {
      this.now += 20;
      this.acquire(i % this.workers.length, limit, keep);
      this.deliverAll();
    }
  }

  releaseAll(): void {
    for (const worker of this.workers.keys()) while (this.inUse[worker]) this.release(worker);
    this.deliverAll();
  }

  deliverAll(): void {
    while (this.deliverOne(false) || this.deliverOne(true));
  }

  private add(counts: number[], index: number, change: number): void {
    counts[index] = (counts[index] ?? 0) + change;
  }
}

interface Step {
  readonly what: 'acquire' | 'release' | 'ask' | 'order' | 'time';
  readonly worker: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('acquire', 'acquire', 'release', 'ask', 'order', 'time'),
  worker: fc.integer({ min: 0, max: 2 }),
});

describe('permits that workers share', () => {
  it('all of them can be used by one worker', () => {
    const crew = new Crew(4);
    for (let i = 0; i < 12; i++) crew.acquire(0, 10);
    crew.deliverAll();
    assert.deepEqual([crew.inUse[0], crew.refused], [10, 2]);
  });

  it('a permit that lies idle in one worker is given to another', () => {
    const crew = new Crew(2);
    for (let i = 0; i < 10; i++) crew.acquire(0, 10);
    crew.deliverAll();
    for (let i = 0; i < 10; i++) crew.release(0);
    for (let i = 0; i < 10; i++) {
      crew.acquire(1, 10);
      crew.deliverAll();
    }
    assert.deepEqual([crew.inUse, crew.refused], [[0, 10], 0]);
  });

  it('a limit of one serves whichever worker asks', () => {
    const crew = new Crew(3);
    for (const workerId of [0, 1, 2, 1, 0]) {
      crew.acquire(workerId, 1);
      crew.deliverAll();
      assert.equal(crew.inUse[workerId], 1);
      crew.release(workerId);
    }
    assert.equal(crew.refused, 0);
  });

  it('a refused worker does not ask again for a while', () => {
    const crew = new Crew(2);
    crew.acquire(0, 1);
    crew.deliverAll();
    crew.acquire(1, 1);
    crew.deliverAll();
    for (let i = 0; i < 1000; i++) crew.acquire(1, 1);
    assert.equal(crew.refused, 1001);
    assert.equal(crew.deliverOne(false), false);
    crew.release(0);
    crew.now += 20;
    crew.acquire(1, 1);
    crew.deliverAll();
    assert.deepEqual(crew.inUse, [0, 1]);
  });

  it('what a dead worker held is free again', () => {
    const crew = new Crew(2);
    for (let i = 0; i < 5; i++) crew.acquire(0, 5);
    crew.deliverAll();
    crew.inUse[0] = 0;
    crew.ledger.gone(0);
    for (let i = 0; i < 5; i++) crew.acquire(1, 5);
    crew.deliverAll();
    assert.equal(crew.inUse[1], 5);
  });

  it('the end of a worker that was asked to give back ends the wait for it', () => {
    const crew = new Crew(2);
    crew.acquire(0, 1);
    crew.deliverAll();
    crew.acquire(1, 1);
    while (crew.deliverOne(false));
    crew.inUse[0] = 0;
    crew.ledger.gone(0);
    crew.deliverAll();
    assert.equal(crew.inUse[1], 1);
  });

  it('a lower limit holds as soon as enough requests have ended', () => {
    const crew = new Crew(2);
    for (let i = 0; i < 10; i++) crew.acquire(i % 2, 10);
    crew.deliverAll();
    assert.equal(crew.total, 10);
    for (let i = 0; i < 40; i++) {
      crew.release(i % 2);
      crew.now += 20;
      crew.acquire(i % 2, 3);
      crew.deliverAll();
    }
    assert.equal(crew.total, 3);
  });

  it('nothing is kept of a client that is gone', () => {
    const crew = new Crew(2);
    for (let i = 0; i < 3; i++) crew.acquire(i % 2, 4, false);
    crew.deliverAll();
    for (let i = 0; i < 3; i++) crew.release(i % 2);
    crew.deliverAll();
    assert.deepEqual([crew.ledger.size, ...crew.workers.map(each => each.size)], [0, 0, 0]);
  });

  it('a permit that its taker does not need after all is given back once', () => {
    const asked: LimitAsk[] = [];
    const permits = new HeldPermits(ask => asked.push(ask));
    const waiter: PermitWaiter = {
      onPermit: () => {
        permits.release('k');
        return true;
      },
    };
    assert.equal(permits.acquire('k', 4, false, 0, waiter), 'later');
    permits.granted('k', 2, 0);
    const returned = asked.flatMap(ask => (ask.kind === 'give-back' ? ask.permits : []));
    assert.deepEqual([returned, permits.size], [[2], 0]);
  });

  it('holds in every order of events', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.boolean(),
      fc.array(anyStep, { maxLength: 200 }),
      (limit, keep, steps) => {
        const crew = new Crew(3);
        for (const each of steps) {
          crew.step(each, limit, keep);
          assert.ok(crew.total <= limit, `${crew.total} of ${limit} in use`);
        }
        crew.deliverAll();
        assert.deepEqual(crew.waiting, [0, 0, 0], 'nobody waits for ever');
        crew.releaseAll();
        const { refused } = crew;
        crew.acquireInTurns(limit, keep);
        assert.deepEqual([crew.total, crew.refused], [limit, refused], 'all can be had again');
        crew.releaseAll();
        assert.ok(keep || crew.ledger.size === 0, 'nothing is left');
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });
});
