/** What each worker counted → what all of them counted together. Pure. */
import type {
  BackendMetricsEntry,
  ClusterTotals,
  ConnectionCounts,
  ListenerMetrics,
  MetricsContent,
  VersionTotals,
  WorkerMetrics,
} from '../../command/metrics-snapshots.ts';
import { mergeBackends } from '../../metrics/backend-metrics.ts';
import { mergeTraffic } from '../../metrics/traffic.ts';

export function mergeMetrics(workers: readonly WorkerMetrics[]): MetricsContent {
  const backends = mergeEntries(workers.flatMap(worker => worker.backends));
  return {
    workers: workers.length,
    connections: sumConnections(workers),
    listeners: mergeListeners(workers.flatMap(worker => worker.listeners)),
    clusters: sumClusters(workers, backends),
    backends,
    versions: sumVersions(workers, backends),
    accessLog: {
      linesWritten: sum(workers, worker => worker.accessLog.linesWritten),
      linesDropped: sum(workers, worker => worker.accessLog.linesDropped),
    },
  };
}

function sumConnections(workers: readonly WorkerMetrics[]): ConnectionCounts {
  return {
    open: sum(workers, ({ connections }) => connections.open),
    tunnels: sum(workers, ({ connections }) => connections.tunnels),
    refused: sum(workers, ({ connections }) => connections.refused),
    evicted: sum(workers, ({ connections }) => connections.evicted),
    acceptPauses: sum(workers, ({ connections }) => connections.acceptPauses),
  };
}

function mergeListeners(parts: readonly ListenerMetrics[]): ListenerMetrics[] {
  return grouped(parts, part => part.address).map(([address, same]) => ({
    address,
    activeRequests: sum(same, part => part.activeRequests),
    traffic: mergeTraffic(same.map(part => part.traffic)),
  }));
}

function mergeEntries(parts: readonly BackendMetricsEntry[]): BackendMetricsEntry[] {
  const keyOf = ({ clusterId, backendId, address, version }: BackendMetricsEntry): string =>
    JSON.stringify([clusterId, backendId, address, version]);
  return grouped(parts, keyOf).flatMap(([, same]) => {
    const [first] = same;
    if (first === undefined) return [];
    const { clusterId, backendId, address, version } = first;
    const activeRequests = sum(same, part => part.activeRequests);
    const metrics = mergeBackends(same.map(part => part.metrics));
    return [{ clusterId, backendId, address, version, activeRequests, metrics }];
  });
}

function sumClusters(
  workers: readonly WorkerMetrics[],
  backends: readonly BackendMetricsEntry[],
): ClusterTotals[] {
  const entries = workers.flatMap(worker => worker.clusters);
  const byCluster = new Map(grouped(backends, backend => backend.clusterId));
  return grouped(entries, entry => entry.id).map(([id, same]) => {
    const own = mergeTraffic(same.map(entry => entry.own));
    const present = byCluster.get(id) ?? [];
    const gone = same.flatMap(entry => entry.gone);
    const traffic = mergeTraffic([
      own,
      ...present.map(backend => backend.metrics.traffic),
      ...gone.map(({ metrics }) => metrics.traffic),
    ]);
    return {
      id,
      activeRequests: sum(present, backend => backend.activeRequests),
      traffic,
      own,
      retries: sum(same, entry => entry.retries),
      retriesRefused: sum(same, entry => entry.retriesRefused),
    };
  });
}

function sumVersions(
  workers: readonly WorkerMetrics[],
  backends: readonly BackendMetricsEntry[],
): VersionTotals[] {
  const gone = workers
    .flatMap(worker => worker.clusters)
    .flatMap(({ id, gone: left }) =>
      left.map(({ version, metrics }) => ({ clusterId: id, version, activeRequests: 0, metrics })),
    );
  const all: VersionTotals[] = [...backends, ...gone].filter(entry => entry.version !== '');
  const keyOf = ({ clusterId, version }: VersionTotals): string =>
    JSON.stringify([clusterId, version]);
  return grouped(all, keyOf).flatMap(([, same]) => {
    const [first] = same;
    if (first === undefined) return [];
    const { clusterId, version } = first;
    const activeRequests = sum(same, entry => entry.activeRequests);
    const metrics = mergeBackends(same.map(entry => entry.metrics));
    return [{ clusterId, version, activeRequests, metrics }];
  });
}

/** In the order in which the keys came first. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups];
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
