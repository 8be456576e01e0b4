/** What the workers have counted, for `relais metrics` and for whoever exports it. */
import type { BackendMetricsSnapshot } from '../metrics/backend-metrics.ts';
import type { TrafficSnapshot } from '../metrics/traffic.ts';

export interface ListenerMetrics {
  readonly address: string;
  readonly activeRequests: number;
  readonly traffic: TrafficSnapshot;
}

/** One backend, or all backends of a cluster that have the same version. */
export interface BackendMetricsEntry {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  /** '' without one. */
  readonly version: string;
  readonly activeRequests: number;
  readonly metrics: BackendMetricsSnapshot;
}

export interface GoneBackends {
  readonly version: string;
  readonly metrics: BackendMetricsSnapshot;
}

export interface RetryCounts {
  /** Requests that went to another backend after one that may have worked on them. */
  readonly retries: number;
  /** Such as were given up because the retry budget was spent. */
  readonly retriesRefused: number;
}

export interface ClusterMetricsEntry extends RetryCounts {
  readonly id: string;
  /** Requests for the cluster that the proxy answered itself. */
  readonly own: TrafficSnapshot;
  /** What backends counted that have been removed. */
  readonly gone: readonly GoneBackends[];
}

export interface AccessLogMetrics {
  readonly linesWritten: number;
  readonly linesDropped: number;
}

/** Of client connections, before there is a request to count. */
export interface ConnectionCounts {
  readonly open: number;
  readonly tunnels: number;
  /** Refused or made room because of a limit, and how often accepting stopped. */
  readonly refused: number;
  readonly evicted: number;
  readonly acceptPauses: number;
}

/** Of one worker. Backends and clusters without any traffic are left out. */
export interface WorkerMetrics {
  readonly connections: ConnectionCounts;
  readonly listeners: readonly ListenerMetrics[];
  readonly clusters: readonly ClusterMetricsEntry[];
  readonly backends: readonly BackendMetricsEntry[];
  readonly accessLog: AccessLogMetrics;
}

export interface ClusterTotals extends RetryCounts {
  readonly id: string;
  readonly activeRequests: number;
  /** All requests for the cluster, whoever answered. */
  readonly traffic: TrafficSnapshot;
  /** Those among them that the proxy answered itself. */
  readonly own: TrafficSnapshot;
}

export interface VersionTotals {
  readonly clusterId: string;
  readonly version: string;
  readonly activeRequests: number;
  readonly metrics: BackendMetricsSnapshot;
}

/** Of all workers together, since each of them began, or began anew. */
export interface MetricsContent {
  readonly workers: number;
  readonly connections: ConnectionCounts;
  readonly listeners: readonly ListenerMetrics[];
  readonly clusters: readonly ClusterTotals[];
  readonly backends: readonly BackendMetricsEntry[];
  /** Backends that were removed count here, too. Without those that have no version. */
  readonly versions: readonly VersionTotals[];
  readonly accessLog: AccessLogMetrics;
  /** Only when it was asked for. */
  readonly perWorker?: readonly { readonly workerId: number; readonly metrics: MetricsContent }[];
}
