/** Contents of replies as text for people. Pure. */
import type { ProxyEvent } from '../command/events.ts';
import type { BackendReport, StatusContent, WorkerStatus } from '../command/replies.ts';
import type { BackendSnapshot, WorkerSnapshot } from '../command/snapshots.ts';
import { formatTable } from './table.ts';

const configurations: Readonly<Record<WorkerStatus['inSync'], string>> = {
  yes: 'in sync',
  diverged: 'diverged, being replaced',
  unknown: '?',
};

export function showStatus(content: StatusContent): string {
  const rows = content.workers.map(({ workerId, pid, runState, inSync, snapshot }) => [
    String(workerId),
    String(pid),
    runState,
    configurations[inSync],
    connections(snapshot),
    count(snapshot?.tunnels),
    count(snapshot?.activeRequests),
    count(snapshot?.requestsTotal),
    count(snapshot?.limits.limitedTotal),
  ]);
  const listening = content.listeners.map(address => `http://${address}`).join(', ');
  return [
    `main process ${content.pid}, relais ${content.version}, state ${content.stateHash}`,
    listening === '' ? 'accepting no connections' : `listening on ${listening}`,
    ...content.warnings.map(warning => `warning: ${warning}`),
    '',
    formatTable([
      [
        'worker',
        'pid',
        'state',
        'configuration',
        'connections',
        'tunnels',
        'active',
        'requests',
        'limited',
      ],
      ...rows,
    ]),
  ].join('\n');
}

export function showBackends(backends: readonly BackendReport[], perWorker: boolean): string {
  const heading = [
    'cluster',
    'backend',
    'address',
    'state',
    'weight',
    'share',
    'health',
    'breaker',
    'active',
    'requests',
    'failed connects',
  ];
  if (!perWorker)
    return formatTable([heading, ...backends.map(backend => backendRow(backend, backend))]);
  const rows = backends.flatMap(backend =>
    backend.workers.map(view => [String(view.workerId), ...backendRow(view, backend)]),
  );
  return formatTable([['worker', ...heading], ...rows]);
}

function backendRow(
  backend: BackendSnapshot & { readonly name?: string },
  health: Pick<BackendReport, 'checked' | 'check'>,
): string[] {
  return [
    backend.clusterId,
    backend.backendId,
    backend.name === undefined ? backend.address : `${backend.address} (${backend.name})`,
    backend.admin,
    showWeight(backend),
    `${backend.sharePercent.toFixed(backend.sharePercent % 1 === 0 ? 0 : 1)} %`,
    showHealth(backend.healthy, health),
    showBreaker(backend),
    String(backend.activeRequests),
    String(backend.requestsTotal),
    String(backend.connectFailuresTotal),
  ];
}

function showWeight({ weight, backup }: BackendSnapshot): string {
  return backup ? `${weight}, backup` : String(weight);
}

/** Nobody asked those that are not checked. The countdown to another verdict is shown like the breaker's. */
function showHealth(
  healthy: boolean,
  { checked, check }: Pick<BackendReport, 'checked' | 'check'>,
): string {
  if (!checked) return 'not checked';
  const verdict = healthy ? 'healthy' : 'unhealthy';
  if (check === undefined || check.against === 0) return verdict;
  return `${verdict}, ${healthy ? 'failed' : 'passed'} checks ${check.against}/${check.needed}`;
}

/** The waiting is the lesson, so the time that is left is always shown. */
export function showBreaker(backend: BackendSnapshot): string {
  const { breaker, failures, failureThreshold, retryInMs } = backend;
  if (breaker === 'open') return `open, next try in ${(retryInMs / 1000).toFixed(1)} s`;
  if (breaker === 'half-open') return 'half-open, one trial under way';
  return failures === 0 ? 'closed' : `closed, failures ${failures}/${failureThreshold}`;
}

export function showEvent(event: ProxyEvent): string {
  const where = [
    event.workerId === undefined ? '' : `worker ${event.workerId}`,
    event.clusterId ?? '',
    event.address ?? event.backendId ?? '',
    event.failure ?? '',
    event.durationMs === undefined ? '' : `${Math.round(event.durationMs)} ms`,
    event.cause ?? '',
  ];
  return [event.time, `#${event.seq}`, event.kind, ...where.filter(part => part !== '')].join('  ');
}

/** At a limit the next clients wait: the number alone would not say so. */
function connections(snapshot: WorkerSnapshot | undefined): string {
  if (snapshot === undefined) return '?';
  const { accepting, evictedTotal } = snapshot.limits;
  const evicted = evictedTotal > 0 ? `, ${evictedTotal} evicted` : '';
  return `${snapshot.clientConnections}${accepting ? '' : ' (full)'}${evicted}`;
}

function count(value: number | undefined): string {
  return value === undefined ? '?' : String(value);
}
