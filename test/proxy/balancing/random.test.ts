/** Shares of the policies that draw lots; seeds are fixed, so the bounds hold in every run. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestCluster } from '../../support/cluster-of.ts';

/** Pearson's statistic of what was seen against weights. */
function chiSquare(shares: readonly number[], weights: readonly number[]): number {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const weight = weights.reduce((sum, each) => sum + each, 0);
  return shares.reduce((sum, share, index) => {
    const expected = (total * (weights[index] ?? 0)) / weight;
    return sum + (share - expected) ** 2 / expected;
  }, 0);
}

/** Quantile 0.999 of chi-square with two degrees of freedom. */
const IMPROBABLE = 13.8;

describe('random', () => {
  for (const weights of [
    [1, 1, 1],
    [5, 3, 2],
    [800, 150, 50],
  ]) {
    it(`gives shares by weight: ${weights.join(' : ')}`, () => {
      const shares = new TestCluster(weights, { options: { loadBalancing: 'random' } }).shares(
        9000,
      );
      assert.ok(chiSquare(shares, weights) < IMPROBABLE, shares.join(' '));
    });
  }

  it('gives weight 0 nothing', () => {
    const cluster = new TestCluster([1, 0, 1], { options: { loadBalancing: 'random' } });
    assert.equal(cluster.shares(500)[1], 0);
  });
});

describe('two choices', () => {
  const options = { loadBalancing: 'two-choices' } as const;

  it('is even among idle backends of one weight, and by weight among two', () => {
    const even = new TestCluster([1, 1, 1], { options }).shares(9000);
    assert.ok(chiSquare(even, [1, 1, 1]) < IMPROBABLE, even.join(' '));
    const [heavy = 0] = new TestCluster([80, 20], { options }).shares(10_000);
    assert.ok(Math.abs(heavy - 8000) < 150, String(heavy));
  });

  it('draws any two, not the two with the least load, and never takes the most loaded', () => {
    const cluster = new TestCluster([1, 1, 1, 1], { options });
    for (const [index, backend] of cluster.backends.entries()) backend.activeRequests = index;
    const shares = cluster.shares(6000);
    // Of the six pairs b0 wins three, b1 two and b2 one.
    assert.equal(shares[3], 0);
    assert.ok(chiSquare(shares.slice(0, 3), [3, 2, 1]) < IMPROBABLE, shares.join(' '));
  });

  it('compares what the cluster says', () => {
    const slow = new TestCluster([1, 1], {
      options: { ...options, loadMetric: 'connection-time' },
    });
    slow.at(0).connectTime.observe(400, 1000);
    slow.at(1).connectTime.observe(2, 1000);
    assert.deepEqual(slow.shares(20, 1001), [0, 20]);
    const busy = new TestCluster([1, 1], { options: { ...options, loadMetric: 'connections' } });
    busy.at(0).pendingConnects = 1;
    busy.at(0).pendingSince = 1000;
    assert.deepEqual(busy.shares(20, 1001), [0, 20]);
  });
});
