/** What a worker has counted, as it tells about it. What never had traffic is left out. */
import type { BackendRuntime } from '../balancing/backend-runtime.ts';
import type {
  BackendMetricsEntry,
  ClusterMetricsEntry,
  WorkerMetrics,
} from '../command/metrics-snapshots.ts';
import type { Counters } from '../metrics/counters.ts';
import type { RequestRecords } from '../net/records/request-records.ts';
import type { ClusterTable } from './cluster-table.ts';

export function workerMetrics(
  records: RequestRecords,
  table: ClusterTable,
  counters: Counters,
): WorkerMetrics {
  const clusters: ClusterMetricsEntry[] = [];
  const backends: BackendMetricsEntry[] = [];
  for (const { id, metrics, retries, backends: present } of table.all()) {
    const used = present.all.filter(backend => !backend.metrics.isUnused);
    const { own, gone } = metrics;
    if (own.isUnused && gone.length === 0 && used.length === 0) continue;
    const { retriesTotal, refusedTotal } = retries;
    const again = { retries: retriesTotal, retriesRefused: refusedTotal };
    clusters.push({ id, own: own.snapshot(), gone, ...again });
    for (const backend of used) backends.push(entryOf(backend));
  }
  for (const backend of table.leaving) {
    if (!backend.metrics.isUnused) backends.push(entryOf(backend));
  }
  const { accessLog } = records;
  return {
    connections: {
      open: counters.clientConnections,
      tunnels: counters.tunnels,
      refused: counters.connectionsRefused,
      evicted: counters.connectionsEvicted,
      acceptPauses: counters.acceptPauses,
    },
    listeners: [...records.all].map(({ address, activeRequests, traffic }) => ({
      address,
      activeRequests,
      traffic: traffic.snapshot(),
    })),
    clusters,
    backends,
    accessLog: {
      linesWritten: accessLog?.linesWritten ?? 0,
      linesDropped: accessLog?.linesDropped ?? 0,
    },
  };
}

/** Everything that is told above begins at 0 again; what is open stays open. */
export function clearMetrics(
  records: RequestRecords,
  table: ClusterTable,
  counters: Counters,
): void {
  for (const { traffic } of records.all) traffic.clear();
  for (const { metrics, retries, backends } of table.all()) {
    metrics.clear();
    retries.clearTotals();
    for (const backend of backends.all) backend.metrics.clear();
  }
  for (const backend of table.leaving) backend.metrics.clear();
  counters.clearConnectionCounts();
}

function entryOf(backend: BackendRuntime): BackendMetricsEntry {
  const { clusterId, backendId, address, options, activeRequests, metrics } = backend;
  return {
    clusterId,
    backendId,
    address,
    version: options.version,
    activeRequests,
    metrics: metrics.snapshot(),
  };
}
