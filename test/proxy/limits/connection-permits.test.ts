/** Workers that share a limit of connections: every place is used, whatever order things come in. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ConnectionPermits } from '../../../proxy/limits/connection-permits.ts';
import { LimitAuthority } from '../../../proxy/limits/limit-authority.ts';
import type { LimitAsk, LimitOrder } from '../../../proxy/limits/limit-messages.ts';
import { SharedLimits } from '../../../proxy/limits/shared-limits.ts';

const WORKERS = 3;

/** A worker as far as its connections go; it accepts while it has a permit for the next one. */
class Member {
  readonly id: number;
  readonly toMain: LimitAsk[] = [];
  readonly orders: LimitOrder[] = [];
  readonly shared: SharedLimits;
  readonly permits: ConnectionPermits;
  live = 0;

  constructor(id: number, limit: number, now: () => number) {
    this.id = id;
    this.shared = new SharedLimits(WORKERS, ask => this.toMain.push(ask), now);
    this.permits = new ConnectionPermits(this.shared, () => this.update());
    this.configure(limit);
  }

  get accepts(): boolean {
    return !this.permits.asking && !this.permits.exhausted && this.permits.hasSpare;
  }

  configure(limit: number): void {
    this.permits.configure(limit);
    this.update();
  }

  accept(): void {
    if (!this.accepts) return;
    this.live++;
    this.update();
  }

  close(): void {
    if (this.live === 0) return;
    this.live--;
    this.update();
  }

  obeyOne(): boolean {
    const order = this.orders.shift();
    if (order !== undefined) this.shared.obey(order);
    return order !== undefined;
  }

  update(): void {
    this.permits.update(this.live, false, true);
  }
}

/** Workers, the main process, and a channel in each direction between them. */
class Crew {
  members: Member[] = [];
  limit: number;
  private readonly authority: LimitAuthority;
  private lastId = 0;
  private now = 0;

  constructor(limit: number) {
    this.limit = limit;
    this.authority = new LimitAuthority(WORKERS, 0, (workerId, order) =>
      this.members.find(({ id }) => id === workerId)?.orders.push(order),
    );
    while (this.members.length < WORKERS) this.start();
  }

  get total(): number {
    return this.members.reduce((sum, { live }) => sum + live, 0);
  }

  start(): void {
    if (this.members.length === WORKERS) return;
    this.lastId++;
    this.members.push(new Member(this.lastId, this.limit, () => this.now));
  }

  /** What it has sent may or may not have been read before its end was seen. */
  die(member: Member, read: number): void {
    for (let i = 0; i < read; i++) this.hear(member);
    this.members = this.members.filter(each => each !== member);
    this.authority.gone(member.id);
  }

  configure(limit: number): void {
    this.limit = limit;
    for (const member of this.members) member.configure(limit);
  }

  hear(member: Member): boolean {
    const ask = member.toMain.shift();
    if (ask !== undefined) this.authority.receive(member.id, ask, this.now);
    return ask !== undefined;
  }

  tick(): void {
    this.now += 250;
    for (const member of this.members) member.update();
  }

  deliverAll(): void {
    while (this.members.some(member => this.hear(member) || member.obeyOne()));
  }

  closeAll(): void {
    for (const member of this.members) while (member.live > 0) member.close();
    this.deliverAll();
  }

  /** Clients without end: how many get in. */
  fill(): number {
    for (let idle = 0; idle < 3; idle++) {
      this.tick();
      this.deliverAll();
      for (;;) {
        const member = this.members.find(({ accepts }) => accepts);
        if (member === undefined) break;
        idle = 0;
        member.accept();
        this.deliverAll();
      }
    }
    return this.total;
  }
}

interface Step {
  readonly what: 'accept' | 'close' | 'ask' | 'order' | 'tick' | 'die' | 'start' | 'limit';
  readonly which: number;
}

const often = ['accept', 'accept', 'close', 'ask', 'order'] as const;
const rarely = ['tick', 'die', 'start'] as const;
const anyNumber = fc.integer({ min: 0, max: 8 });
const inAnyOrder: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom<Step['what']>(...often, ...often, ...often, ...rarely),
  which: anyNumber,
});
const withChanges: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom<Step['what']>(...often, ...often, ...often, ...rarely, 'limit'),
  which: anyNumber,
});

function take({ what, which }: Step, crew: Crew): void {
  const member = crew.members[which % Math.max(1, crew.members.length)];
  if (what === 'tick') crew.tick();
  else if (what === 'start') crew.start();
  else if (member === undefined) return;
  else if (what === 'accept') member.accept();
  else if (what === 'close') member.close();
  else if (what === 'limit') crew.configure(1 + which);
  else if (what === 'ask') crew.hear(member);
  else if (what === 'order') member.obeyOne();
  else crew.die(member, which % 3);
}

describe('connections of all workers', () => {
  it('a connection that ends while a permit is asked for costs none', () => {
    const crew = new Crew(7);
    const [first] = crew.members;
    crew.deliverAll();
    first?.accept();
    assert.equal(first?.permits.asking, true);
    first?.close();
    crew.deliverAll();
    assert.equal(crew.fill(), 7);
  });

  it('never more than the limit and never fewer than come, in every order of events', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(inAnyOrder, { maxLength: 150 }),
      (limit, steps) => {
        const crew = new Crew(limit);
        for (const step of steps) {
          take(step, crew);
          assert.ok(crew.total <= limit, `${crew.total} of ${limit}`);
        }
        // Without those that have died, and with new ones in their place.
        if (crew.members.length > 0)
          assert.equal(crew.fill(), limit, 'beside those that are there');
        while (crew.members.length < WORKERS) crew.start();
        assert.equal(crew.fill(), limit, 'with new workers');
        crew.closeAll();
        assert.equal(crew.fill(), limit, 'when all have gone');
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });

  it('another limit holds for all, as soon as there are no more than it allows', () => {
    const property = fc.property(fc.array(withChanges, { maxLength: 150 }), steps => {
      const crew = new Crew(5);
      for (const step of steps) take(step, crew);
      while (crew.members.length < WORKERS) crew.start();
      const before = crew.total;
      assert.equal(crew.fill(), Math.max(before, crew.limit), 'beside those that are there');
      crew.closeAll();
      assert.equal(crew.fill(), crew.limit, 'when all have gone');
    });
    fc.assert(property, { numRuns: 2000 });
  });
});
