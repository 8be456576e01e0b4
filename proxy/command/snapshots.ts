/** What a worker tells about itself, and the breaker's state as everybody sees it. */
export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BackendSnapshot {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  /** `draining`: removed from the state, last requests still run. */
  readonly admin: 'ready' | 'draining';
  readonly weight: number;
  readonly backup: boolean;
  /** Of the application; '' when nobody said. */
  readonly version: string;
  /** What its weight gives it now of the cluster's requests. */
  readonly sharePercent: number;
  /** What active checks say. */
  readonly healthy: boolean;
  readonly breaker: BreakerState;
  /** Connect failures in a row; the breaker opens at its threshold. */
  readonly failures: number;
  /** Milliseconds until an open breaker lets a trial through; 0 otherwise. */
  readonly retryInMs: number;
  readonly activeRequests: number;
  readonly idleConnections: number;
  readonly requestsTotal: number;
  readonly connectFailuresTotal: number;
}

export interface WorkerSnapshot {
  readonly pid: number;
  readonly clientConnections: number;
  readonly activeRequests: number;
  readonly requestsTotal: number;
  /** Answers sent to clients, by status code. */
  readonly answersTotal: Readonly<Record<string, number>>;
  readonly backends: readonly BackendSnapshot[];
}
