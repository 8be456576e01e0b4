/**
 * What a worker counts about one cluster beside its backends: what the proxy answered itself, and
 * what backends had counted that are gone. So a cluster's sums never fall when a backend leaves.
 */
import {
  type BackendMetrics,
  type BackendMetricsSnapshot,
  mergeBackends,
} from './backend-metrics.ts';
import { Traffic } from './traffic.ts';

export class ClusterMetrics {
  /** Requests that were routed here and answered by the proxy. */
  readonly own: Traffic = new Traffic();
  private readonly retired = new Map<string, BackendMetricsSnapshot>();

  /** By version of the application; '' for backends without one. */
  retire(version: string, metrics: BackendMetrics): void {
    if (metrics.isUnused) return;
    const before = this.retired.get(version);
    const now = metrics.snapshot();
    this.retired.set(version, before === undefined ? now : mergeBackends([before, now]));
  }

  clear(): void {
    this.own.clear();
    this.retired.clear();
  }

  get gone(): readonly { readonly version: string; readonly metrics: BackendMetricsSnapshot }[] {
    return [...this.retired].map(([version, metrics]) => ({ version, metrics }));
  }
}
