/** Whose turn it is: fair among those that are eligible now. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BackendRuntime, DOUBT_AFTER_MS } from '../../../proxy/balancing/backend-runtime.ts';
import { BackendSet } from '../../../proxy/balancing/backend-set.ts';
import type { Breaker } from '../../../proxy/balancing/circuit-breaker.ts';

const OPEN: Breaker = { state: 'open', failures: 3, openings: 1, waitMs: 1000, until: 1000 };

function setOf(count: number, offset = 0): { set: BackendSet; backends: BackendRuntime[] } {
  const set = new BackendSet(offset);
  const backends = Array.from(
    { length: count },
    (_, index) => new BackendRuntime('web', `b${index}`, `127.0.0.1:${index + 1}`),
  );
  for (const backend of backends) set.add(backend);
  return { set, backends };
}

function turns(set: BackendSet, count: number, now = 0): string[] {
  return Array.from({ length: count }, () => set.pick(now, [])?.backendId ?? 'none');
}

describe('BackendSet', () => {
  it('takes turns', () => {
    assert.deepEqual(turns(setOf(3).set, 5), ['b0', 'b1', 'b2', 'b0', 'b1']);
  });

  it('begins elsewhere for another worker', () => {
    assert.deepEqual(turns(setOf(3, 1).set, 3), ['b1', 'b2', 'b0']);
  });

  it('has none to give when there is none', () => {
    assert.deepEqual(turns(setOf(0).set, 2), ['none', 'none']);
  });

  it('leaves out a draining backend at once', () => {
    const { set, backends } = setOf(3);
    (backends[1] as BackendRuntime).admin = 'draining';
    assert.deepEqual(turns(set, 4), ['b0', 'b2', 'b0', 'b2']);
  });

  it('leaves out an open breaker until its wait is over', () => {
    const { set, backends } = setOf(2);
    (backends[0] as BackendRuntime).breaker = OPEN;
    assert.deepEqual(turns(set, 2, 999), ['b1', 'b1']);
    assert.ok(turns(set, 2, 1000).includes('b0'));
  });

  it('leaves out what was tried', () => {
    const { set, backends } = setOf(2);
    assert.equal(set.pick(0, backends.slice(0, 1))?.backendId, 'b1');
    assert.equal(set.pick(0, backends), undefined);
  });

  it('leaves out one that keeps a connect waiting, while there is another', () => {
    const { set, backends } = setOf(2);
    const [slow, other] = backends as [BackendRuntime, BackendRuntime];
    slow.pendingConnects = 1;
    slow.pendingSince = 1000;
    assert.ok(turns(set, 2, 1000 + DOUBT_AFTER_MS - 1).includes('b0'));
    assert.deepEqual(turns(set, 2, 1000 + DOUBT_AFTER_MS), ['b1', 'b1']);
    other.admin = 'draining';
    assert.deepEqual(turns(set, 2, 1000 + DOUBT_AFTER_MS), ['b0', 'b0']);
  });

  it('gives every eligible backend the same share, whatever the others do', () => {
    const state = fc.constantFrom('ready', 'draining', 'open');
    const states = fc.array(state, { minLength: 1, maxLength: 12 });
    const rounds = fc.integer({ min: 1, max: 5 });
    fc.assert(fc.property(states, fc.nat(1000), rounds, checkShares));
  });
});

function checkShares(states: readonly string[], offset: number, rounds: number): void {
  const { set, backends } = setOf(states.length, offset);
  for (const [index, backend] of backends.entries()) {
    if (states[index] === 'draining') backend.admin = 'draining';
    if (states[index] === 'open') backend.breaker = OPEN;
  }
  const eligible = states.filter(state => state === 'ready').length;
  const picked = turns(set, Math.max(1, eligible) * rounds);
  if (eligible === 0) assert.deepEqual([...new Set(picked)], ['none']);
  const shares = states.map((_, index) => picked.filter(id => id === `b${index}`).length);
  assert.deepEqual(
    shares,
    states.map(state => (state === 'ready' ? rounds : 0)),
  );
}
