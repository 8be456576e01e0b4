/** The way of a backend from a tenth of its share to all of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestCluster } from '../../support/cluster-of.ts';

const slowStart = { slowStartMs: 10_000 };

describe('slow start', () => {
  it('does not delay the backends that a cluster begins with', () => {
    assert.deepEqual(new TestCluster([1, 1], { options: slowStart }).shares(10), [5, 5]);
  });

  it('raises a new backend on a straight line from a tenth', () => {
    const cluster = new TestCluster([100], { options: slowStart });
    cluster.pick(0);
    const fresh = new TestCluster([100, 100]).at(1);
    cluster.set.add(fresh, 1000);
    const at = (now: number): number => cluster.set.shares(now)[1] ?? 0;
    assert.equal(Math.round(at(1000)), Math.round((100 * 10) / 110));
    assert.equal(Math.round(at(6000)), Math.round((100 * 55) / 155));
    assert.equal(at(11_000), 50);
  });

  it('raises one that came back, and gives exactly its share of the turns meanwhile', () => {
    const cluster = new TestCluster([100, 100], { options: slowStart });
    cluster.turns(4);
    cluster.set.cameBack(cluster.at(0), 5000);
    assert.deepEqual(cluster.shares(110, 5000), [10, 100]);
    assert.deepEqual(cluster.shares(10, 15_000), [5, 5]);
  });

  it('is off unless the cluster wants it', () => {
    const cluster = new TestCluster([1, 1]);
    cluster.pick(0);
    cluster.set.cameBack(cluster.at(0), 1);
    assert.deepEqual(cluster.shares(10, 1), [5, 5]);
  });

  for (const loadBalancing of ['random', 'least-requests', 'two-choices'] as const) {
    it(`holds for ${loadBalancing}`, () => {
      const cluster = new TestCluster([100, 100], { options: { ...slowStart, loadBalancing } });
      cluster.pick(0);
      cluster.set.cameBack(cluster.at(0), 1000);
      const [cold = 0] = cluster.shares(1100, 1000);
      assert.ok(Math.abs(cold - 100) <= 30, `${cold} of 1100`);
      const [warm = 0] = cluster.shares(1000, 11_000);
      assert.ok(Math.abs(warm - 500) <= 50, `${warm} of 1000`);
    });
  }

  it('holds for peak EWMA, where a tenth of the weight is ten times the cost', () => {
    const options = { ...slowStart, loadBalancing: 'peak-ewma' } as const;
    const cluster = new TestCluster([1, 1], { options });
    cluster.pick(0);
    cluster.set.cameBack(cluster.at(0), 1000);
    cluster.at(0).answerTime.observe(10, 1000);
    cluster.at(1).answerTime.observe(50, 1000);
    assert.equal(cluster.pick(1000), 'b1');
    assert.equal(cluster.pick(11_000), 'b0');
  });
});
