/** The backends and clusters of a worker as it tells about them. */
import type { BackendRuntime } from '../balancing/backend-runtime.ts';
import { retryInMs } from '../balancing/circuit-breaker.ts';
import type { BackendSnapshot, RegimeSnapshot, RetrySnapshot } from '../command/snapshots.ts';
import type { ClusterTable } from './cluster-table.ts';

export function backendSnapshots(clusters: ClusterTable, now: number): BackendSnapshot[] {
  const snapshots: BackendSnapshot[] = [];
  for (const { backends } of clusters.all()) {
    const shares = backends.shares(now);
    for (const [index, backend] of backends.all.entries()) {
      snapshots.push(backendSnapshot(backend, now, shares[index] ?? 0));
    }
  }
  for (const backend of clusters.leaving) snapshots.push(backendSnapshot(backend, now, 0));
  return snapshots;
}

/** Only of clusters that retried: there may be thousands that never did. */
export function retrySnapshots(clusters: ClusterTable): RetrySnapshot[] {
  const snapshots: RetrySnapshot[] = [];
  for (const { id, retries } of clusters.all()) {
    const { retriesTotal, refusedTotal } = retries;
    if (retriesTotal === 0 && refusedTotal === 0) continue;
    snapshots.push({ clusterId: id, retriesTotal, retriesRefusedTotal: refusedTotal });
  }
  return snapshots;
}

/** Only of clusters in which health did not count at some time. */
export function regimeSnapshots(clusters: ClusterTable): RegimeSnapshot[] {
  const snapshots: RegimeSnapshot[] = [];
  for (const { id, backends } of clusters.all()) {
    const { regime, failOpenTotal, panicTotal } = backends;
    if (failOpenTotal === 0 && panicTotal === 0) continue;
    snapshots.push({ clusterId: id, regime, failOpenTotal, panicTotal });
  }
  return snapshots;
}

function backendSnapshot(
  backend: BackendRuntime,
  now: number,
  sharePercent: number,
): BackendSnapshot {
  const { weight, backup, version } = backend.options;
  return {
    clusterId: backend.clusterId,
    backendId: backend.backendId,
    address: backend.address,
    admin: backend.admin,
    weight,
    backup,
    version,
    sharePercent,
    healthy: backend.healthy,
    breaker: backend.breaker.state,
    failures: Math.max(backend.breaker.failures, backend.timeoutsInARow),
    failureThreshold: backend.breakerRules.failureThreshold,
    retryInMs: retryInMs(backend.breaker, now),
    activeRequests: backend.activeRequests,
    idleConnections: backend.idleConnections,
    requestsTotal: backend.requestsTotal,
    connectFailuresTotal: backend.connectFailuresTotal,
  };
}
