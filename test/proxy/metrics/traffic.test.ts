import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BackendMetrics, mergeBackends } from '../../../proxy/metrics/backend-metrics.ts';
import { ClusterMetrics } from '../../../proxy/metrics/cluster-metrics.ts';
import { quantileMs } from '../../../proxy/metrics/histogram.ts';
import { answersOfClass, mergeTraffic, Traffic } from '../../../proxy/metrics/traffic.ts';

describe('Traffic', () => {
  it('counts answers by status, uncommon ones by class, and requests without any', () => {
    const traffic = new Traffic();
    for (const status of [200, 200, 299, 404, 599, 0]) traffic.ended(status, true, 1, 10, 100);
    traffic.ended(200, false, 1, 10, 50);
    const { answers, requests, cuts, bytesIn, bytesOut } = traffic.snapshot();
    assert.deepEqual(answers, { none: 1, 200: 3, 404: 1, '2xx': 1, '5xx': 1 });
    assert.deepEqual([requests, cuts, bytesIn, bytesOut], [7, 1, 70, 650]);
    assert.equal(answersOfClass(traffic.snapshot(), 2), 4);
  });

  it('adds up over workers', () => {
    const [a, b] = [new Traffic(), new Traffic()];
    for (let n = 1; n <= 50; n++) a.ended(200, true, n, 1, 1);
    for (let n = 51; n <= 100; n++) b.ended(500, true, n, 1, 1);
    const both = mergeTraffic([a.snapshot(), b.snapshot()]);
    assert.equal(both.requests, 100);
    assert.deepEqual(both.answers, { 200: 50, 500: 50 });
    const median = quantileMs(both.latency, 0.5);
    assert.ok(Math.abs(median - 50) < 2, String(median));
    assert.equal(both.latency.maxMs, 100);
  });
});

describe('BackendMetrics', () => {
  it('counts failures of connects and changes of the breaker by kind', () => {
    const metrics = new BackendMetrics();
    metrics.connectFailed('refused');
    metrics.connectFailed('silent');
    metrics.breakerChanged('open');
    metrics.traffic.ended(200, true, 2, 3, 4);
    const twice = mergeBackends([metrics.snapshot(), metrics.snapshot()]);
    assert.equal(twice.connectsRefused, 2);
    assert.equal(twice.connectsSilent, 2);
    assert.equal(twice.connectsUnreachable, 0);
    assert.equal(twice.breakerOpened, 2);
    assert.equal(twice.traffic.requests, 2);
  });
});

describe('ClusterMetrics', () => {
  it('keeps what backends counted that are gone, by version', () => {
    const cluster = new ClusterMetrics();
    const [v1, v2, unused] = [new BackendMetrics(), new BackendMetrics(), new BackendMetrics()];
    v1.traffic.ended(200, true, 1, 1, 1);
    v2.traffic.ended(200, true, 1, 1, 1);
    cluster.retire('v1', v1);
    cluster.retire('v1', v1);
    cluster.retire('v2', v2);
    cluster.retire('v3', unused);
    assert.deepEqual(
      cluster.gone.map(({ version, metrics }) => [version, metrics.traffic.requests]),
      [
        ['v1', 2],
        ['v2', 1],
      ],
    );
  });
});
