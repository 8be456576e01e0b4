/** Everything that metrics are made of, gathered at one moment. */
import type { MetricsContent } from '../command/metrics-snapshots.ts';
import type { WorkerStatus } from '../command/replies.ts';
import type { BackendSnapshot, BreakerState } from '../command/snapshots.ts';

/** What the main process knows without asking a worker. */
export interface MainFigures {
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly isStopping: boolean;
  readonly memoryBytes: number;
  readonly clusters: number;
  readonly backends: number;
  readonly frontends: number;
  readonly commandClients: number;
  /** Since the start, by kind. */
  readonly events: ReadonlyMap<string, number>;
  readonly audit: { readonly lines: number; readonly dropped: number };
  readonly statsd: { readonly packets: number; readonly failures: number };
  /** Answers of the admin API by status. */
  readonly adminAnswers: ReadonlyMap<string, number>;
}

/** One backend as all workers together see it. */
export interface BackendView {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  readonly version: string;
  weight: number;
  /** Every worker would send a request to it. */
  available: boolean;
  healthy: boolean;
  /** The gravest. */
  breaker: BreakerState;
  activeRequests: number;
  idleConnections: number;
}

export interface MetricsView {
  readonly main: MainFigures;
  readonly metrics: MetricsContent;
  readonly workers: readonly WorkerStatus[];
  readonly backends: readonly BackendView[];
}

const gravity: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** Adds up what the workers say about each backend. */
export function viewBackends(workers: readonly WorkerStatus[]): BackendView[] {
  const views = new Map<string, BackendView>();
  for (const { snapshot } of workers) {
    for (const seen of snapshot?.backends ?? []) {
      const key = `${seen.clusterId} ${seen.backendId} ${seen.address}`;
      const view = views.get(key);
      if (view === undefined) views.set(key, firstView(seen));
      else addSeen(view, seen);
    }
  }
  return [...views.values()];
}

function firstView(seen: BackendSnapshot): BackendView {
  const { clusterId, backendId, address, version, weight } = seen;
  const { healthy, breaker, activeRequests, idleConnections } = seen;
  const available = isAvailable(seen);
  const numbers = { weight, activeRequests, idleConnections };
  return { clusterId, backendId, address, version, available, healthy, breaker, ...numbers };
}

function addSeen(view: BackendView, seen: BackendSnapshot): void {
  view.available &&= isAvailable(seen);
  view.healthy &&= seen.healthy;
  if (gravity[seen.breaker] > gravity[view.breaker]) view.breaker = seen.breaker;
  view.activeRequests += seen.activeRequests;
  view.idleConnections += seen.idleConnections;
}

function isAvailable({ admin, healthy, breaker, weight }: BackendSnapshot): boolean {
  return admin === 'ready' && healthy && breaker !== 'open' && weight > 0;
}
