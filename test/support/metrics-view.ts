/** Metrics as if workers had counted them, of any size. */
import type { WorkerMetrics } from '../../proxy/command/metrics-snapshots.ts';
import type { WorkerStatus } from '../../proxy/command/replies.ts';
import { mergeMetrics } from '../../proxy/master/answers/merge-metrics.ts';
import { BackendMetrics } from '../../proxy/metrics/backend-metrics.ts';
import { Traffic } from '../../proxy/metrics/traffic.ts';
import { type MetricsView, viewBackends } from '../../proxy/telemetry/metrics-view.ts';
import { backendSnapshot } from './backend-snapshot.ts';

export interface ViewSpec {
  readonly clusterIds: readonly string[];
  readonly requests?: number;
  readonly version?: string;
}

export function metricsView({ clusterIds, requests = 2, version = 'v1' }: ViewSpec): MetricsView {
  const workers = [1, 2].map(workerId => status(workerId, clusterIds, version));
  const metrics = mergeMetrics(workers.map(() => counted(clusterIds, requests, version)));
  const main = {
    version: '1.2.3',
    uptimeSeconds: 12.5,
    isStopping: false,
    memoryBytes: 1,
    clusters: clusterIds.length,
    backends: clusterIds.length,
    frontends: 0,
    commandClients: 1,
    events: new Map([['worker-started', 2]]),
    audit: { lines: 1, dropped: 0 },
    statsd: { packets: 0, failures: 0 },
    adminAnswers: new Map([['200', 3]]),
  };
  return { main, metrics, workers, backends: viewBackends(workers) };
}

function counted(clusterIds: readonly string[], requests: number, version: string): WorkerMetrics {
  const traffic = new Traffic();
  const backend = new BackendMetrics();
  for (let n = 0; n < requests; n++) {
    traffic.ended(n % 2 === 0 ? 200 : 503, true, 0.3 * 2 ** n, 10, 20);
    backend.traffic.ended(200, true, 0.3 * 2 ** n, 10, 20);
  }
  const own = new Traffic().snapshot();
  return {
    connections: { open: 1, tunnels: 0, refused: 2, evicted: 0, acceptPauses: 1 },
    listeners: [{ address: '127.0.0.1:80', activeRequests: 1, traffic: traffic.snapshot() }],
    clusters: clusterIds.map(id => ({ id, own, gone: [], retries: 0, retriesRefused: 0 })),
    backends: clusterIds.map(clusterId => ({
      clusterId,
      backendId: 'b1',
      address: '127.0.0.1:1',
      version,
      activeRequests: 1,
      metrics: backend.snapshot(),
    })),
    accessLog: { linesWritten: 3, linesDropped: 1 },
  };
}

function status(workerId: number, clusterIds: readonly string[], version: string): WorkerStatus {
  return {
    workerId,
    pid: workerId,
    runState: 'running',
    inSync: 'yes',
    snapshot: {
      pid: workerId,
      clientConnections: 1,
      tunnels: 0,
      activeRequests: 1,
      requestsTotal: 1,
      limits: {
        accepting: true,
        pausesTotal: 0,
        refusedTotal: 0,
        evictedTotal: 0,
        limitedTotal: 4,
      },
      answersTotal: {},
      deniedTotal: { 'a "rule"': 1 },
      listeners: [],
      backends: clusterIds.map(clusterId =>
        backendSnapshot({ clusterId, backendId: 'b1', address: '127.0.0.1:1', version }),
      ),
      retries: [],
      regimes: [],
    },
  };
}
