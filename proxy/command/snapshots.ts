/** What a worker tells about itself, and the breaker's state as everybody sees it. */
export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BackendSnapshot {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  /** `draining`: removed from the state, last requests still run. */
  readonly admin: 'ready' | 'draining';
  /** What the last health checks said; true without any. */
  readonly healthy: boolean;
  readonly breaker: BreakerState;
  /** Failures in a row; the breaker opens at `failureThreshold`. */
  readonly failures: number;
  readonly failureThreshold: number;
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
  /** Of the clusters that retried. */
  readonly retries: readonly RetrySnapshot[];
}

export interface RetrySnapshot {
  readonly clusterId: string;
  /** Requests that went to another backend after one that may have worked on them. */
  readonly retriesTotal: number;
  /** Such as were given up because the retry budget was spent. */
  readonly retriesRefusedTotal: number;
}
