/** What the state and the workers' snapshots look like to an operator. Pure. */
import { type AdminState, DEFAULT_WEIGHT } from '../../balancing/backend-runtime.ts';
import { DEFAULT_BREAKER } from '../../balancing/circuit-breaker.ts';
import type { BackendReport, CheckProgress, WorkerStatus } from '../../command/replies.ts';
import type { BackendSnapshot, BreakerState } from '../../command/snapshots.ts';
import { parseName } from '../../shared/address.ts';
import type { ConfigState } from '../../state/config-state.ts';
import type { Comparison } from '../changes/comparison.ts';
import type { WorkerAnswer } from '../workers/worker-answer.ts';
import type { WorkerProcess } from '../workers/worker-process.ts';

export function reportWorkers(
  workers: readonly WorkerProcess[],
  answers: readonly WorkerAnswer[],
  comparison: Comparison,
): WorkerStatus[] {
  return workers.map(({ id, pid, runState }) => {
    const answer = answers.find(each => each.workerId === id)?.answer;
    const base = { workerId: id, pid, runState, ...comparison.of(id) };
    return answer?.kind === 'ok' && answer.snapshot !== undefined
      ? { ...base, snapshot: answer.snapshot }
      : base;
  });
}

/** What the health checks of a backend have come to. */
export type CheckProgressOf = (backend: BackendKey) => CheckProgress | undefined;

/** Every backend of the state, then those that are removed and still finish requests. */
export function reportBackends(
  state: ConfigState,
  answers: readonly WorkerAnswer[],
  clusterId: string | undefined,
  progressOf: CheckProgressOf = () => undefined,
): BackendReport[] {
  const views = new Map<string, (BackendSnapshot & { workerId: number })[]>();
  for (const { backends } of state.clusters.values()) {
    for (const backend of backends.values()) views.set(keyOf(backend), []);
  }
  for (const { workerId, answer } of answers) {
    if (answer.kind !== 'ok') continue;
    for (const backend of answer.snapshot?.backends ?? []) {
      const seen = views.get(keyOf(backend)) ?? [];
      seen.push({ ...backend, workerId });
      views.set(keyOf(backend), seen);
    }
  }
  const names = namesOf(state, views);
  return [...views]
    .map(([key, workers]) => merge(state, key, workers))
    .map(backend => withProgress(backend, progressOf(backend)))
    .map(backend => withName(backend, names))
    .filter(backend => clusterId === undefined || backend.clusterId === clusterId);
}

/**
 * The names of backends by cluster and id. One that has addresses is no row of its own: they are
 * the rows.
 */
function namesOf(state: ConfigState, views: Map<string, unknown>): Map<string, string> {
  const names = new Map<string, string>();
  for (const { backends } of state.clusters.values()) {
    for (const backend of backends.values()) {
      if (parseName(backend.address) !== undefined) names.set(idOf(backend), backend.address);
    }
  }
  if (names.size === 0) return names;
  for (const key of [...views.keys()]) {
    const [clusterId = '', backendId = '', address = ''] = JSON.parse(key) as string[];
    const name = names.get(idOf({ clusterId, backendId }));
    if (name !== undefined && name !== address) {
      views.delete(keyOf({ clusterId, backendId, address: name }));
    }
  }
  return names;
}

function withName(backend: BackendReport, names: Map<string, string>): BackendReport {
  const name = names.get(idOf(backend));
  return name === undefined || name === backend.address ? backend : { ...backend, name };
}

function withProgress(backend: BackendReport, check: CheckProgress | undefined): BackendReport {
  return check === undefined ? backend : { ...backend, check };
}

function idOf({ clusterId, backendId }: Omit<BackendKey, 'address'>): string {
  return JSON.stringify([clusterId, backendId]);
}

interface BackendKey {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
}

function keyOf({ clusterId, backendId, address }: BackendKey): string {
  return JSON.stringify([clusterId, backendId, address]);
}

const gravity: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

function merge(state: ConfigState, key: string, workers: BackendReport['workers']): BackendReport {
  const [clusterId = '', backendId = '', address = ''] = JSON.parse(key) as string[];
  const gravest = workers.toSorted((a, b) => gravity[b.breaker] - gravity[a.breaker])[0];
  return {
    clusterId,
    backendId,
    address,
    admin: adminOf(state, clusterId, backendId, workers),
    weight: workers[0]?.weight ?? DEFAULT_WEIGHT,
    backup: workers[0]?.backup ?? false,
    version: workers[0]?.version ?? '',
    // Workers that see another breaker give another share; their mean is what clients see.
    sharePercent: sum(workers, 'sharePercent') / Math.max(1, workers.length),
    checked: state.clusters.get(clusterId)?.cluster.healthCheck !== undefined,
    healthy: workers.every(each => each.healthy),
    breaker: gravest?.breaker ?? 'closed',
    failures: Math.max(0, ...workers.map(each => each.failures)),
    failureThreshold: gravest?.failureThreshold ?? DEFAULT_BREAKER.failureThreshold,
    retryInMs: Math.max(0, ...workers.map(each => each.retryInMs)),
    activeRequests: sum(workers, 'activeRequests'),
    idleConnections: sum(workers, 'idleConnections'),
    requestsTotal: sum(workers, 'requestsTotal'),
    connectFailuresTotal: sum(workers, 'connectFailuresTotal'),
    workers,
  };
}

/** As the state has it; a backend that is in the state no more is leaving, or about to be here. */
function adminOf(
  state: ConfigState,
  clusterId: string,
  backendId: string,
  workers: BackendReport['workers'],
): AdminState {
  if (workers.some(each => each.admin === 'leaving')) return 'leaving';
  return state.clusters.get(clusterId)?.backends.get(backendId)?.admin ?? 'ready';
}

type Counter =
  | 'sharePercent'
  | 'activeRequests'
  | 'idleConnections'
  | 'requestsTotal'
  | 'connectFailuresTotal';

function sum(workers: BackendReport['workers'], counter: Counter): number {
  return workers.reduce((total, worker) => total + worker[counter], 0);
}
