/** The clusters of a worker and their backends, those included that still finish requests. */
import { BackendRuntime, setBreakerRules } from '../balancing/backend-runtime.ts';
import { BackendSet } from '../balancing/backend-set.ts';
import { breakerRules } from '../balancing/circuit-breaker.ts';
import { RetryBudget, retryRules } from '../balancing/retry-budget.ts';
import type { Backend, Cluster } from '../command/requests.ts';
import type { ClusterRuntime } from '../net/data-plane-view.ts';

export class ClusterTable {
  private readonly clusters = new Map<string, ClusterRuntime>();
  private readonly draining = new Set<BackendRuntime>();
  private readonly offset: number;

  /** `offset`: where the round robin of each cluster begins. */
  constructor(offset: number) {
    this.offset = offset;
  }

  find(clusterId: string): ClusterRuntime | undefined {
    return this.clusters.get(clusterId);
  }

  /** A cluster that is there already gets the new configuration and keeps its backends. */
  put(config: Cluster): void {
    const known = this.clusters.get(config.id);
    if (known === undefined) {
      const backends = new BackendSet(this.offset);
      const breaker = breakerRules(config.breaker);
      const retries = new RetryBudget(retryRules(config.retry));
      this.clusters.set(config.id, { id: config.id, config, backends, breaker, retries });
    } else reconfigure(known, config);
  }

  remove(clusterId: string): boolean {
    return this.clusters.delete(clusterId);
  }

  /** The record of this very backend, be it in selection or draining. */
  findBackend({ clusterId, backendId, address }: Backend): BackendRuntime | undefined {
    const inSelection = this.clusters.get(clusterId)?.backends.all ?? [];
    return [...inSelection, ...this.draining].find(
      known =>
        known.clusterId === clusterId && known.backendId === backendId && known.address === address,
    );
  }

  addBackend(cluster: ClusterRuntime, { backendId, address }: Backend): void {
    const backend = new BackendRuntime(cluster.id, backendId, address);
    setBreakerRules(backend, cluster.breaker);
    cluster.backends.add(backend);
  }

  drain(cluster: ClusterRuntime, backend: BackendRuntime): void {
    backend.admin = 'draining';
    cluster.backends.remove(backend);
    this.draining.add(backend);
  }

  undrain(cluster: ClusterRuntime, backend: BackendRuntime): void {
    this.draining.delete(backend);
    backend.admin = 'ready';
    cluster.backends.add(backend);
  }

  /** True once: when the last request of a draining backend has ended. */
  forgetDrained(backend: BackendRuntime): boolean {
    return backend.activeRequests === 0 && this.draining.delete(backend);
  }

  all(): Iterable<ClusterRuntime> {
    return this.clusters.values();
  }

  *backends(): Iterable<BackendRuntime> {
    for (const cluster of this.clusters.values()) yield* cluster.backends.all;
    yield* this.draining;
  }
}

function reconfigure(cluster: ClusterRuntime, config: Cluster): void {
  cluster.config = config;
  cluster.breaker = breakerRules(config.breaker);
  cluster.retries.rules = retryRules(config.retry);
  for (const backend of cluster.backends.all) setBreakerRules(backend, cluster.breaker);
}
