/** The clusters of a worker and their backends, those included that still finish requests. */
import { isDeepStrictEqual } from 'node:util';
import {
  type AdminState,
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
import type { Backend, Cluster, DataPlaneSettings } from '../command/requests.ts';
import { cookieValue } from '../http1/cookie-reader.ts';
import { type ClusterLimits, clusterLimits } from '../limits/cluster-limits.ts';
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

/** What became of a backend that was there already. */
export interface Update {
  /** Its admin state until now. */
  readonly before: AdminState;
  readonly sameOptions: boolean;
}

export class ClusterTable {
  private readonly clusters = new Map<string, ClusterRuntime>();
  /** Removed, with requests that still run. */
  private readonly leavers = new Set<BackendRuntime>();
  /** In drain or in maintenance. */
  private readonly resting = new Set<BackendRuntime>();
  private readonly options: TableOptions;
  private maxConnectionsPerIp = 0;

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
      const limits = this.limitsOf(config);
      this.clusters.set(id, { id, config, backends, readKey, metrics, breaker, retries, limits });
    } else {
      reconfigure(known, config);
      known.limits = this.limitsOf(config);
    }
  }

  /** What clusters have that do not say otherwise. */
  configure({ maxConnectionsPerIp = 0 }: DataPlaneSettings): void {
    if (maxConnectionsPerIp === this.maxConnectionsPerIp) return;
    this.maxConnectionsPerIp = maxConnectionsPerIp;
    for (const cluster of this.clusters.values()) cluster.limits = this.limitsOf(cluster.config);
  }

  remove(clusterId: string): boolean {
    return this.clusters.delete(clusterId);
  }

  /** The record of this very backend, be it in selection or leaving. */
  findBackend({ clusterId, backendId, address }: Backend): BackendRuntime | undefined {
    const inSelection = this.clusters.get(clusterId)?.backends.all ?? [];
    return [...inSelection, ...this.leavers].find(
      known =>
        known.clusterId === clusterId && known.backendId === backendId && known.address === address,
    );
  }

  addBackend(cluster: ClusterRuntime, backend: Backend): void {
    const { backendId, address } = backend;
    const runtime = new BackendRuntime(cluster.id, backendId, address, optionsOf(backend));
    setBreakerRules(runtime, cluster.breaker);
    this.setAdmin(runtime, backend.admin ?? 'ready');
    cluster.backends.add(runtime, this.options.now());
  }

  /** Counters, breaker and connections of the backend stay as they are. */
  updateBackend(cluster: ClusterRuntime, known: BackendRuntime, wanted: Backend): Update {
    const { options, admin } = known;
    const now = this.options.now();
    known.options = optionsOf(wanted);
    this.setAdmin(known, wanted.admin ?? 'ready');
    if (admin === 'leaving') cluster.backends.add(known, now);
    else cluster.backends.changed();
    const isBack = known.admin === 'ready' && (admin === 'drain' || admin === 'maint');
    if (isBack) cluster.backends.cameBack(known, now);
    return { before: admin, sameOptions: isDeepStrictEqual(options, known.options) };
  }

  /** Out of selection; what runs there ends. */
  takeOut(cluster: ClusterRuntime, backend: BackendRuntime): void {
    this.setAdmin(backend, 'leaving');
    cluster.backends.remove(backend);
  }

  /** True once: when the last request of a backend that is leaving has ended. */
  forgetGone(backend: BackendRuntime): boolean {
    if (backend.activeRequests > 0 || !this.leavers.delete(backend)) return false;
    this.clusters.get(backend.clusterId)?.metrics.retire(backend.options.version, backend.metrics);
    return true;
  }

  *all(): Iterable<ClusterRuntime> {
    yield* this.clusters.values();
  }

  get leaving(): Iterable<BackendRuntime> {
    return this.leavers;
  }

  /** Those that get no new request: in drain, in maintenance, or leaving. */
  *unwanted(): Iterable<BackendRuntime> {
    yield* this.leavers;
    yield* this.resting;
  }

  private limitsOf(config: Cluster): ClusterLimits | undefined {
    return clusterLimits({ maxConnectionsPerIp: this.maxConnectionsPerIp, ...config });
  }

  private setAdmin(backend: BackendRuntime, admin: AdminState): void {
    backend.admin = admin;
    this.leavers.delete(backend);
    this.resting.delete(backend);
    if (admin === 'leaving') this.leavers.add(backend);
    else if (admin !== 'ready') this.resting.add(backend);
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
  cluster.retries.rules = retryRules(config.retry);
  for (const backend of cluster.backends.all) setBreakerRules(backend, cluster.breaker);
}
