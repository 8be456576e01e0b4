/** The least loaded backend, what load is, and who serves when several have the least. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DECAY_MS, INITIAL_MS, PeakEwma } from '../../../proxy/balancing/peak-ewma.ts';
import { TestCluster } from '../../support/cluster-of.ts';

describe('least requests', () => {
  const options = { loadBalancing: 'least-requests' } as const;

  it('takes the backend with the fewest requests for its weight', () => {
    const cluster = new TestCluster([1, 1, 2], { options });
    cluster.at(0).activeRequests = 2;
    cluster.at(1).activeRequests = 3;
    cluster.at(2).activeRequests = 3;
    assert.equal(cluster.pick(), 'b2');
    cluster.at(2).activeRequests = 5;
    assert.equal(cluster.pick(), 'b0');
  });

  it('lets those with the same load take turns by weight', () => {
    assert.deepEqual(new TestCluster([1, 1, 1], { options }).turns(4), ['b0', 'b1', 'b2', 'b0']);
    assert.deepEqual(new TestCluster([4, 1], { options }).shares(50), [40, 10]);
    const cluster = new TestCluster([1, 1, 1], { options });
    cluster.at(1).activeRequests = 1;
    assert.deepEqual(cluster.shares(6), [3, 0, 3]);
  });

  it('ends up with requests in the proportion of the weights', () => {
    const cluster = new TestCluster([3, 1], { options });
    for (let i = 0; i < 40; i++) {
      const chosen = cluster.set.pick(0, [], 0);
      if (chosen !== undefined) chosen.activeRequests++;
    }
    assert.deepEqual(
      cluster.backends.map(backend => backend.activeRequests),
      [30, 10],
    );
  });
});

describe('least connections', () => {
  it('counts connections that are being opened, too', () => {
    const cluster = new TestCluster([1, 1], { options: { loadBalancing: 'least-connections' } });
    cluster.at(0).pendingConnects = 2;
    cluster.at(1).activeRequests = 1;
    assert.deepEqual(cluster.shares(3), [0, 3]);
  });
});

describe('peak EWMA', () => {
  const options = { loadBalancing: 'peak-ewma' } as const;

  it('prefers who answers fast, and counts what is in progress', () => {
    const cluster = new TestCluster([1, 1], { options });
    cluster.at(0).answerTime.observe(10, 1000);
    cluster.at(1).answerTime.observe(35, 1000);
    assert.equal(cluster.pick(1000), 'b0');
    // Three in progress and one more at 10 ms are worse than one at 35 ms.
    cluster.at(0).activeRequests = 3;
    assert.equal(cluster.pick(1000), 'b1');
  });

  it('divides by weight', () => {
    const cluster = new TestCluster([4, 1], { options });
    cluster.at(0).answerTime.observe(30, 1000);
    cluster.at(1).answerTime.observe(10, 1000);
    assert.equal(cluster.pick(1000), 'b0');
  });

  it('takes 50 ms for granted before it knows', () => {
    const cluster = new TestCluster([1, 1], { options });
    cluster.at(0).answerTime.observe(INITIAL_MS + 10, 1000);
    assert.equal(cluster.pick(1000), 'b1');
    cluster.at(1).answerTime.observe(INITIAL_MS + 20, 1000);
    assert.equal(cluster.pick(1000), 'b0');
  });

  it('tries a backend again that was slow once', () => {
    const cluster = new TestCluster([1, 1], { options });
    let now = 1000;
    cluster.at(0).answerTime.observe(3000, now);
    let returned = 0;
    while (returned === 0) {
      now += 10;
      cluster.at(1).answerTime.observe(5, now);
      if (cluster.pick(now) === 'b0') returned = now;
      assert.ok(now < 20_000, 'it never got another request');
    }
    // 3,000 ms fade to 5 ms in ln(600) decay times.
    assert.ok(Math.abs(returned - 1000 - Math.log(600) * DECAY_MS) < 50, String(returned));
  });
});

describe('PeakEwma', () => {
  it('rises at once and falls slowly', () => {
    const time = new PeakEwma();
    assert.equal(time.read(1000), INITIAL_MS);
    time.observe(10, 1000);
    assert.equal(Math.round(time.read(1000)), 10);
    time.observe(200, 1001);
    assert.equal(time.read(1001), 200);
    time.observe(10, 1001 + DECAY_MS);
    assert.equal(
      Math.round(time.read(1001 + DECAY_MS)),
      Math.round(200 / Math.E + 10 * (1 - 1 / Math.E)),
    );
  });

  it('fades when nothing is observed', () => {
    const time = new PeakEwma();
    time.observe(100, 1000);
    assert.equal(Math.round(time.read(1000 + DECAY_MS)), Math.round(100 / Math.E));
  });

  it('does not mind a clock that stands still', () => {
    const time = new PeakEwma();
    time.observe(20, 5);
    time.observe(10, 5);
    assert.equal(time.read(5), 20);
  });
});
