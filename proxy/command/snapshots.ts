/** What a worker tells about itself, and the breaker's state as everybody sees it. */
import type { AdminState } from '../balancing/backend-runtime.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BackendSnapshot {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  /** `leaving`: removed from the state, last requests still run. */
  readonly admin: AdminState;
  readonly weight: number;
  readonly backup: boolean;
  /** Of the application; '' when nobody said. */
  readonly version: string;
  /** What its weight gives it now of the cluster's requests. */
  readonly sharePercent: number;
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

export interface LimitSnapshot {
  /** False: at a limit, the next connections wait in the kernel's queue. */
  readonly accepting: boolean;
  /** How often a limit has stopped the accepting. */
  readonly pausesTotal: number;
  /** Closed as they were accepted, where they cannot be left waiting. */
  readonly refusedTotal: number;
  /** Closed because they were idle longest and others needed room. */
  readonly evictedTotal: number;
  /** Requests answered 429. */
  readonly limitedTotal: number;
}

export interface ListenerSnapshot {
  readonly address: string;
  readonly connections: number;
}

export interface WorkerSnapshot {
  readonly pid: number;
  readonly clientConnections: number;
  /** Those among them that changed their protocol; a soft stop waits for their end. */
  readonly tunnels: number;
  readonly activeRequests: number;
  readonly requestsTotal: number;
  readonly limits: LimitSnapshot;
  /** Answers sent to clients, by status code. */
  readonly answersTotal: Readonly<Record<string, number>>;
  /** Requests that met a deny rule, by its name. */
  readonly deniedTotal: Readonly<Record<string, number>>;
  readonly backends: readonly BackendSnapshot[];
  readonly listeners: readonly ListenerSnapshot[];
  /** Of the clusters that retried. */
  readonly retries: readonly RetrySnapshot[];
  /** Of the clusters that sent requests to unhealthy backends. */
  readonly regimes: readonly RegimeSnapshot[];
}

export interface RegimeSnapshot {
  readonly clusterId: string;
  /** `fail-open`: no backend is healthy. `panic`: less than the panic threshold is available. */
  readonly regime: 'normal' | 'fail-open' | 'panic';
  /** Choices of a backend without regard to health. */
  readonly failOpenTotal: number;
  readonly panicTotal: number;
}

export interface RetrySnapshot {
  readonly clusterId: string;
  /** Requests that went to another backend after one that may have worked on them. */
  readonly retriesTotal: number;
  /** Such as were given up because the retry budget was spent. */
  readonly retriesRefusedTotal: number;
}
