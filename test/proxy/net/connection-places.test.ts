/** Workers with limits of their own beside the limit that they share. */
import assert from 'node:assert/strict';
import type { Server } from 'node:net';
import { describe, it } from 'node:test';
import { LimitAuthority } from '../../../proxy/limits/limit-authority.ts';
import { SharedLimits } from '../../../proxy/limits/shared-limits.ts';
import { Watermark } from '../../../proxy/limits/watermark.ts';
import { Counters } from '../../../proxy/metrics/counters.ts';
import { AcceptGate } from '../../../proxy/net/listener/accept-gate.ts';
import {
  ConnectionLimits,
  type Evictable,
  type LimitedListener,
} from '../../../proxy/net/listener/connection-limits.ts';

/** A listener of one worker, whose connections are only counted. */
class Place implements LimitedListener {
  readonly address = '127.0.0.1:0';
  readonly sessions: Set<Evictable> = new Set();
  readonly watermark: Watermark = new Watermark();
  readonly gate: AcceptGate;
  readonly limits: ConnectionLimits;
  maxConnections: number;

  constructor(limits: ConnectionLimits, maxConnections: number) {
    this.limits = limits;
    this.maxConnections = maxConnections;
    const handle = { readStart: () => 0, readStop: () => 0 };
    this.gate = new AcceptGate({ _handle: handle } as unknown as Server);
    limits.add(this);
  }

  /** As many clients as it takes. */
  fill(): void {
    while (this.gate.isOpen && this.limits.admit(this)) {
      this.sessions.add({ exchange: { active: true, startedAt: 0 }, close: () => {} });
      this.limits.opened(this);
    }
  }
}

/** Workers whose questions are answered at once. */
function workers(count: number, maxConnectionsTotal: number): ConnectionLimits[] {
  const shared: SharedLimits[] = [];
  const authority = new LimitAuthority(count, 0, (id, order) => shared[id]?.obey(order));
  return Array.from({ length: count }, (_, id) => {
    const mine = new SharedLimits(
      count,
      ask => authority.receive(id, ask, 0),
      () => 0,
    );
    shared.push(mine);
    const limits = new ConnectionLimits({
      shared: mine,
      counters: new Counters(),
      emit: () => {},
      descriptorLimit: () => 1000,
      isDraining: () => false,
    });
    limits.configure({ maxConnections: maxConnectionsTotal });
    return limits;
  });
}

describe('places for connections', () => {
  it('a worker whose own limit is met keeps none that another one could use', () => {
    const [first, second] = workers(2, 7).map(limits => new Place(limits, 5));
    first?.fill();
    second?.fill();
    assert.deepEqual([first?.sessions.size, second?.sessions.size], [5, 2]);
  });

  it('a worker that does not listen yet keeps none', () => {
    const [listening] = workers(2, 7);
    assert.ok(listening !== undefined);
    const place = new Place(listening, 10);
    place.fill();
    assert.equal(place.sessions.size, 7);
  });

  it('a listener whose limit is raised goes on', () => {
    const [limits] = workers(1, 100);
    assert.ok(limits !== undefined);
    const place = new Place(limits, 5);
    place.fill();
    assert.deepEqual([place.sessions.size, place.gate.isOpen], [5, false]);
    place.maxConnections = 9;
    limits.tick();
    place.fill();
    assert.equal(place.sessions.size, 9);
  });
});
