/** Turns by weight: exact, smooth, and in the order of the backends when they weigh the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sharesOf, TestCluster } from '../../support/cluster-of.ts';

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

describe('round robin', () => {
  it('goes through equal weights in order', () => {
    assert.deepEqual(new TestCluster([100, 100, 100]).turns(5), ['b0', 'b1', 'b2', 'b0', 'b1']);
  });

  it('begins elsewhere for another worker', () => {
    assert.deepEqual(new TestCluster([1, 1, 1], { offset: 1 }).turns(3), ['b1', 'b2', 'b0']);
    assert.deepEqual(new TestCluster([4, 1], { offset: 2 }).turns(5), [
      'b1',
      'b0',
      'b0',
      'b0',
      'b0',
    ]);
  });

  it('spreads a heavy backend instead of sending it bursts', () => {
    const turns = new TestCluster([5, 1, 1]).turns(7);
    assert.deepEqual(turns, ['b0', 'b0', 'b1', 'b0', 'b2', 'b0', 'b0']);
  });

  it('gives weight 0 nothing, even when nobody else is left', () => {
    assert.deepEqual(new TestCluster([0, 1]).turns(3), ['b1', 'b1', 'b1']);
    assert.deepEqual(new TestCluster([0]).turns(2), ['none', 'none']);
  });

  it('is exact in every window, whatever the weights and wherever the window begins', () => {
    const weight = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(80, 20, 100, 1000));
    const weights = fc.array(weight, { minLength: 1, maxLength: 8 });
    fc.assert(fc.property(weights, fc.nat(500), fc.nat(40), checkWindow), { numRuns: 300 });
  });

  it('starts over with new weights, so that an old debt does not starve anybody', () => {
    const cluster = new TestCluster([1000, 1000]);
    cluster.turns(1);
    cluster.at(1).options = { ...cluster.at(1).options, weight: 999 };
    cluster.set.changed();
    cluster.turns(1);
    for (const backend of cluster.backends) backend.options = { ...backend.options, weight: 1 };
    cluster.set.changed();
    assert.deepEqual(cluster.shares(10), [5, 5]);
  });
});

function checkWindow(weights: readonly number[], skipped: number, offset: number): void {
  const cluster = new TestCluster(weights, { offset });
  const common = weights.reduce(greatestDivisor, 0);
  if (common === 0) {
    assert.equal(cluster.pick(), 'none');
    return;
  }
  const expected = weights.map(weight => weight / common);
  const window = expected.reduce((sum, turns) => sum + turns, 0);
  cluster.turns(skipped);
  for (let i = 0; i < 2; i++) {
    assert.deepEqual(sharesOf(cluster.backends, cluster.turns(window)), expected);
  }
}
