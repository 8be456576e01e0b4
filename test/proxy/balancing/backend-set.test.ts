/** Who takes part: breakers, health, backups, doubt, and what happens when nobody is left. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DOUBT_AFTER_MS } from '../../../proxy/balancing/backend-runtime.ts';
import type { Breaker } from '../../../proxy/balancing/circuit-breaker.ts';
import { backendOf, TestCluster } from '../../support/cluster-of.ts';

const OPEN: Breaker = { state: 'open', failures: 3, openings: 1, waitMs: 1000, until: 1000 };

/** `primaries` of weight 1, then backups. */
function withBackups(primaries: number, backups: number): TestCluster {
  const cluster = new TestCluster(new Array<number>(primaries + backups).fill(1));
  for (const backend of cluster.backends.slice(primaries)) {
    backend.options = { ...backend.options, backup: true };
  }
  cluster.set.changed();
  return cluster;
}

describe('BackendSet', () => {
  it('has none to give when there is none', () => {
    assert.deepEqual(new TestCluster([]).turns(2), ['none', 'none']);
  });

  it('leaves out a backend in drain, in maintenance or leaving at once', () => {
    for (const admin of ['drain', 'maint', 'leaving'] as const) {
      const cluster = new TestCluster([1, 1, 1]);
      cluster.at(1).admin = admin;
      assert.deepEqual(cluster.turns(4), ['b0', 'b2', 'b0', 'b2']);
    }
  });

  it('gives a backend its turns back once it is ready again', () => {
    const cluster = new TestCluster([1, 1]);
    cluster.at(1).admin = 'drain';
    cluster.set.changed();
    assert.deepEqual(cluster.turns(4), ['b0', 'b0', 'b0', 'b0']);
    assert.deepEqual(cluster.set.shares(0), [100, 0]);
    cluster.at(1).admin = 'ready';
    cluster.set.changed();
    assert.deepEqual(cluster.shares(4), [2, 2]);
    assert.deepEqual(cluster.set.shares(0), [50, 50]);
  });

  it('gives nobody rather than one in drain, whatever becomes of the others', () => {
    const cluster = new TestCluster([1, 1, 1], { options: { panicThreshold: 50 } });
    cluster.at(0).admin = 'drain';
    cluster.at(1).healthy = false;
    cluster.at(2).healthy = false;
    cluster.set.changed();
    assert.deepEqual([...new Set(cluster.turns(6))].sort(), ['b1', 'b2']);
    cluster.at(1).breaker = OPEN;
    cluster.at(2).breaker = OPEN;
    assert.deepEqual(cluster.turns(2), ['none', 'none']);
  });

  it('leaves out an open breaker until its wait is over', () => {
    const cluster = new TestCluster([1, 1]);
    cluster.at(0).breaker = OPEN;
    assert.deepEqual(cluster.turns(2, 999), ['b1', 'b1']);
    assert.ok(cluster.turns(2, 1000).includes('b0'));
  });

  it('leaves out what was tried', () => {
    const { set, backends } = new TestCluster([1, 1]);
    assert.equal(set.pick(0, backends.slice(0, 1), 0)?.backendId, 'b1');
    assert.equal(set.pick(0, backends, 0), undefined);
  });

  it('leaves out one that keeps a connect waiting, while there is another', () => {
    const cluster = new TestCluster([1, 1]);
    cluster.at(0).pendingConnects = 1;
    cluster.at(0).pendingSince = 1000;
    assert.ok(cluster.turns(2, 1000 + DOUBT_AFTER_MS - 1).includes('b0'));
    assert.deepEqual(cluster.turns(2, 1000 + DOUBT_AFTER_MS), ['b1', 'b1']);
    cluster.at(1).admin = 'leaving';
    assert.deepEqual(cluster.turns(2, 1000 + DOUBT_AFTER_MS), ['b0', 'b0']);
  });

  it('gives every eligible backend the same share, whatever the others do', () => {
    const state = fc.constantFrom('ready', 'drain', 'maint', 'open', 'unhealthy', 'weightless');
    const states = fc.array(state, { minLength: 1, maxLength: 12 });
    const rounds = fc.integer({ min: 1, max: 5 });
    fc.assert(fc.property(states, fc.nat(1000), rounds, checkShares));
  });

  it('takes a changed policy for the next request', () => {
    const cluster = new TestCluster([1, 1]);
    cluster.at(0).activeRequests = 5;
    const loadBalancing = 'least-requests';
    cluster.set.configure({
      loadBalancing,
      loadMetric: 'requests',
      failOpen: true,
      panicThreshold: 0,
      slowStartMs: 0,
    });
    assert.deepEqual(cluster.turns(3), ['b1', 'b1', 'b1']);
  });

  it('tells the share that weights give now', () => {
    const cluster = new TestCluster([80, 20, 100]);
    cluster.at(2).healthy = false;
    assert.deepEqual(cluster.set.shares(0), [80, 20, 0]);
    assert.deepEqual(new TestCluster([0]).set.shares(0), [0]);
  });

  it('shares the weight of a backend among its addresses', () => {
    const cluster = new TestCluster([80, 20]);
    const twin = backendOf('b0', 80);
    cluster.set.add(twin, 0);
    assert.deepEqual(cluster.set.shares(0), [40, 20, 40]);
    cluster.set.remove(twin);
    assert.deepEqual(cluster.set.shares(0), [80, 20]);
  });
});

describe('backups', () => {
  it('serve only when no other backend can', () => {
    const cluster = withBackups(2, 2);
    assert.deepEqual(cluster.shares(4), [2, 2, 0, 0]);
    cluster.at(0).breaker = OPEN;
    assert.deepEqual(cluster.shares(4), [0, 4, 0, 0]);
    cluster.at(1).healthy = false;
    assert.deepEqual(cluster.shares(4), [0, 0, 2, 2]);
    cluster.at(1).healthy = true;
    assert.deepEqual(cluster.shares(4), [0, 4, 0, 0]);
  });

  it('serve a request that has tried all others, and those that would wait for a doubtful one', () => {
    const cluster = withBackups(1, 1);
    assert.equal(cluster.set.pick(0, [cluster.at(0)], 0)?.backendId, 'b1');
    cluster.at(0).pendingConnects = 1;
    assert.deepEqual(cluster.turns(2, DOUBT_AFTER_MS), ['b1', 'b1']);
  });
});

describe('when all backends are unhealthy', () => {
  it('all of them are used, and it is told once', () => {
    const cluster = new TestCluster([1, 1, 1]);
    for (const backend of cluster.backends) backend.healthy = false;
    cluster.at(2).breaker = OPEN;
    assert.deepEqual(cluster.shares(4), [2, 2, 0]);
    assert.deepEqual(cluster.regimes, ['fail-open']);
    assert.equal(cluster.set.failOpenTotal, 4);
    cluster.at(1).healthy = true;
    assert.deepEqual(cluster.shares(2), [0, 2, 0]);
    assert.deepEqual(cluster.regimes, ['fail-open', 'normal']);
  });

  it('none is used when the cluster says so', () => {
    const cluster = new TestCluster([1, 1], { options: { failOpen: false } });
    for (const backend of cluster.backends) backend.healthy = false;
    assert.deepEqual(cluster.turns(2), ['none', 'none']);
    assert.deepEqual(cluster.regimes, []);
  });

  it('a request that has tried the healthy ones says nothing about the cluster', () => {
    const cluster = new TestCluster([1, 1]);
    cluster.at(0).healthy = false;
    assert.equal(cluster.set.pick(0, [cluster.at(1)], 0)?.backendId, 'b0');
    assert.deepEqual(cluster.regimes, []);
  });
});

describe('the panic threshold', () => {
  const options = { panicThreshold: 50 };

  it('ignores health when less of the backends is available', () => {
    const cluster = new TestCluster([1, 1, 1, 1], { options });
    for (const index of [0, 1]) cluster.at(index).healthy = false;
    assert.deepEqual(cluster.shares(4), [0, 0, 2, 2]);
    cluster.at(2).healthy = false;
    assert.deepEqual(cluster.shares(4), [1, 1, 1, 1]);
    assert.deepEqual(cluster.regimes, ['panic']);
    assert.equal(cluster.set.panicTotal, 4);
    cluster.at(2).healthy = true;
    cluster.turns(1);
    assert.deepEqual(cluster.regimes, ['panic', 'normal']);
  });

  it('still believes breakers, and is no panic when only they are open', () => {
    const cluster = new TestCluster([1, 1, 1], { options });
    cluster.at(0).breaker = OPEN;
    cluster.at(1).breaker = OPEN;
    assert.deepEqual(cluster.shares(3), [0, 0, 3]);
    assert.deepEqual(cluster.regimes, []);
    cluster.at(1).breaker = { state: 'closed', failures: 0 };
    cluster.at(1).healthy = false;
    assert.deepEqual(cluster.shares(4), [0, 2, 2]);
  });
});

describe('a visitor may stay', () => {
  it('with a backend of weight 0, but not with one in drain, removed, broken, unhealthy or tried', () => {
    const { set, backends } = new TestCluster([0, 1]);
    const [drained, other] = backends;
    assert.ok(drained !== undefined && other !== undefined);
    assert.equal(set.maySend(drained, 0, []), true);
    assert.equal(set.maySend(drained, 0, [drained]), false);
    drained.breaker = OPEN;
    assert.equal(set.maySend(drained, 0, []), false);
    other.healthy = false;
    assert.equal(set.maySend(other, 0, []), false);
    other.healthy = true;
    other.admin = 'drain';
    assert.equal(set.maySend(other, 0, []), false);
    other.admin = 'ready';
    assert.equal(set.maySend(other, 0, []), true);
    set.remove(other);
    assert.equal(set.maySend(other, 0, []), false);
  });
});

function checkShares(states: readonly string[], offset: number, rounds: number): void {
  const weights = states.map(state => (state === 'weightless' ? 0 : 100));
  const cluster = new TestCluster(weights, { offset, options: { failOpen: false } });
  for (const [index, backend] of cluster.backends.entries()) {
    const state = states[index];
    if (state === 'drain' || state === 'maint') backend.admin = state;
    if (states[index] === 'open') backend.breaker = OPEN;
    if (states[index] === 'unhealthy') backend.healthy = false;
  }
  const eligible = states.filter(state => state === 'ready').length;
  const picked = cluster.turns(Math.max(1, eligible) * rounds);
  if (eligible === 0) assert.deepEqual([...new Set(picked)], ['none']);
  const shares = states.map((_, index) => picked.filter(id => id === `b${index}`).length);
  assert.deepEqual(
    shares,
    states.map(state => (state === 'ready' ? rounds : 0)),
  );
}
