/** The clusters of a worker and their backends, those included that still finish requests. */
import { isDeepStrictEqual } from 'node:util';
import {
  type BackendOptions,
  BackendRuntime,
  defaultOptions,
  setBreakerRules,
} from '../balancing/backend-runtime.ts';
import {
  BackendSet,
  DEFAULT_SELECTION,
  type Regime,
  type SelectionOptions,
} from '../balancing/backend-set.ts';
import { breakerRules } from '../balancing/circuit-breaker.ts';
import { RetryBudget, retryRules } from '../balancing/retry-budget.ts';
import type { Backend, Cluster } from '../command/requests.ts';
import { cookieValue } from '../http1/cookie-reader.ts';
import { clusterLimits } from '../limits/cluster-limits.ts';
import { ClusterMetrics } from '../metrics/cluster-metrics.ts';
import { DEFAULT_HASH_KEY, type KeyReader, keyReader } from '../net/admission/hash-key.ts';
import type { ClusterRuntime } from '../net/session/data-plane-view.ts';
import { headChanges } from './head-changes.ts';

export interface TableOptions {
  /** Whose turn it is first in each cluster. */
  readonly offset: number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly onRegime: (clusterId: string, regime: Regime) => void;
}

export class ClusterTable {
  private readonly clusters = new Map<string, ClusterRuntime>();
  private readonly draining = new Set<BackendRuntime>();
  private readonly options: TableOptions;

  constructor(options: TableOptions) {
    this.options = options;
  }

  find(clusterId: string): ClusterRuntime | undefined {
    return this.clusters.get(clusterId);
  }

  /** A cluster that is there already gets the new configuration and keeps its backends. */
  put(config: Cluster): void {
    const { id } = config;
    const known = this.clusters.get(id);
    if (known === undefined) {
      const { offset, random, onRegime } = this.options;
      const owner = { offset, random, onRegime: (regime: Regime) => onRegime(id, regime) };
      const backends = new BackendSet(owner, selectionOf(config));
      const breaker = breakerRules(config.breaker);
      const retries = new RetryBudget(retryRules(config.retry));
      const metrics = new ClusterMetrics();
      const readKey = keyOf(config);
      const limits = clusterLimits(config);
      this.clusters.set(id, { id, config, backends, readKey, metrics, breaker, retries, limits });
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

  addBackend(cluster: ClusterRuntime, backend: Backend): void {
    const { backendId, address } = backend;
    const runtime = new BackendRuntime(cluster.id, backendId, address, optionsOf(backend));
    setBreakerRules(runtime, cluster.breaker);
    cluster.backends.add(runtime, this.options.now());
  }

  /**
   * Counters, breaker and connections of the backend stay as they are. True when its options are
   * others than before.
   */
  updateBackend(cluster: ClusterRuntime, known: BackendRuntime, wanted: Backend): boolean {
    const before = known.options;
    known.options = optionsOf(wanted);
    if (known.admin === 'draining') this.undrain(cluster, known);
    else cluster.backends.changed();
    return !isDeepStrictEqual(before, known.options);
  }

  drain(cluster: ClusterRuntime, backend: BackendRuntime): void {
    backend.admin = 'draining';
    cluster.backends.remove(backend);
    this.draining.add(backend);
  }

  /** True once: when the last request of a draining backend has ended. */
  forgetDrained(backend: BackendRuntime): boolean {
    if (backend.activeRequests > 0 || !this.draining.delete(backend)) return false;
    this.clusters.get(backend.clusterId)?.metrics.retire(backend.options.version, backend.metrics);
    return true;
  }

  *all(): Iterable<ClusterRuntime> {
    yield* this.clusters.values();
  }

  get leaving(): Iterable<BackendRuntime> {
    return this.draining;
  }

  private undrain(cluster: ClusterRuntime, backend: BackendRuntime): void {
    this.draining.delete(backend);
    backend.admin = 'ready';
    cluster.backends.add(backend, this.options.now());
  }
}

function keyOf({ hashKey = DEFAULT_HASH_KEY }: Cluster): KeyReader {
  return keyReader(hashKey);
}

function selectionOf(config: Cluster): SelectionOptions {
  return {
    loadBalancing: config.loadBalancing,
    loadMetric: config.loadMetric ?? DEFAULT_SELECTION.loadMetric,
    failOpen: config.failOpen ?? DEFAULT_SELECTION.failOpen,
    panicThreshold: config.panicThreshold ?? DEFAULT_SELECTION.panicThreshold,
    slowStartMs: config.slowStartMs ?? DEFAULT_SELECTION.slowStartMs,
  };
}

function optionsOf(backend: Backend): BackendOptions {
  const defaults = defaultOptions(backend.backendId);
  return {
    weight: backend.weight ?? defaults.weight,
    backup: backend.backup ?? defaults.backup,
    stickyId: cookieValue(backend.stickyId ?? defaults.stickyId),
    version: backend.version ?? defaults.version,
    changes: headChanges(backend),
    reusesConnections: backend.reuseConnections ?? defaults.reusesConnections,
  };
}

function reconfigure(cluster: ClusterRuntime, config: Cluster): void {
  cluster.config = config;
  cluster.backends.configure(selectionOf(config));
  cluster.readKey = keyOf(config);
  cluster.breaker = breakerRules(config.breaker);
  cluster.limits = clusterLimits(config);
  cluster.retries.rules = retryRules(config.retry);
  for (const backend of cluster.backends.all) setBreakerRules(backend, cluster.breaker);
}
