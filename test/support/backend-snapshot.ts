/** What a worker tells about a backend that has nothing to do. */
import type { BackendSnapshot } from '../../proxy/command/snapshots.ts';

export function backendSnapshot(fields: Partial<BackendSnapshot> = {}): BackendSnapshot {
  return {
    clusterId: 'web',
    backendId: 'b1',
    address: '127.0.0.1:1',
    admin: 'ready',
    weight: 100,
    backup: false,
    version: '',
    sharePercent: 100,
    healthy: true,
    breaker: 'closed',
    failures: 0,
    failureThreshold: 3,
    retryInMs: 0,
    activeRequests: 0,
    idleConnections: 0,
    requestsTotal: 0,
    connectFailuresTotal: 0,
    ...fields,
  };
}
