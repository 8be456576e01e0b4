import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkerMetrics } from '../../../../proxy/command/metrics-snapshots.ts';
import { mergeMetrics } from '../../../../proxy/master/answers/merge-metrics.ts';
import { BackendMetrics } from '../../../../proxy/metrics/backend-metrics.ts';
import { Traffic } from '../../../../proxy/metrics/traffic.ts';

function traffic(requests: number, status = 200): Traffic {
  const counted = new Traffic();
  for (let n = 0; n < requests; n++) counted.ended(status, true, 1, 10, 20);
  return counted;
}

function backend(requests: number): BackendMetrics {
  const metrics = new BackendMetrics();
  for (let n = 0; n < requests; n++) metrics.traffic.ended(200, true, 1, 10, 20);
  return metrics;
}

function worker(requests: number): WorkerMetrics {
  const place = { clusterId: 'web', backendId: 'b1', address: '127.0.0.1:1', version: 'v2' };
  return {
    connections: { open: 1, tunnels: 0, refused: 2, evicted: 0, acceptPauses: 1 },
    listeners: [
      { address: '127.0.0.1:80', activeRequests: 1, traffic: traffic(requests).snapshot() },
    ],
    clusters: [
      {
        id: 'web',
        own: traffic(1, 503).snapshot(),
        gone: [{ version: 'v1', metrics: backend(5).snapshot() }],
        retries: 1,
        retriesRefused: 0,
      },
    ],
    backends: [{ ...place, activeRequests: 1, metrics: backend(requests).snapshot() }],
    accessLog: { linesWritten: 3, linesDropped: 1 },
  };
}

describe('mergeMetrics', () => {
  const { connections, listeners, clusters, backends, versions, accessLog } = mergeMetrics([
    worker(10),
    worker(20),
  ]);

  it('adds up what the workers counted', () => {
    assert.deepEqual(
      listeners.map(each => [each.address, each.activeRequests, each.traffic.requests]),
      [['127.0.0.1:80', 2, 30]],
    );
    assert.deepEqual(
      backends.map(each => [each.backendId, each.activeRequests, each.metrics.traffic.requests]),
      [['b1', 2, 30]],
    );
    assert.deepEqual(accessLog, { linesWritten: 6, linesDropped: 2 });
    assert.deepEqual([connections.open, connections.refused], [2, 4]);
  });

  it('counts in a cluster what the proxy answered, and what backends did that are gone', () => {
    const [cluster] = clusters;
    assert.equal(cluster?.traffic.requests, 30 + 10 + 2);
    assert.deepEqual(cluster?.traffic.answers, { 200: 40, 503: 2 });
    assert.equal(cluster?.own.requests, 2);
    assert.equal(cluster?.retries, 2);
  });

  it('tells versions apart, those that are gone included', () => {
    assert.deepEqual(
      versions.map(each => [each.version, each.metrics.traffic.requests]),
      [
        ['v2', 30],
        ['v1', 10],
      ],
    );
  });
});
