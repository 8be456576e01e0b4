/** Two looks at a proxy → what happens in it per second. Pure. */
import type { ProxyEvent } from '../../command/events.ts';
import type { MetricsContent } from '../../command/metrics-snapshots.ts';
import type { BackendReport, StatusContent, WorkerStatus } from '../../command/replies.ts';
import { quantileMs } from '../../metrics/histogram.ts';
import { answersOfClass, type TrafficSnapshot } from '../../metrics/traffic.ts';

/** What the proxy answered at one moment. */
export interface Look {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly status: StatusContent;
  readonly backends: readonly BackendReport[];
  readonly metrics: MetricsContent;
}

export interface WorkerRow {
  readonly worker: WorkerStatus;
  /** Undefined without a look before this one; the same below. */
  readonly perSecond: number | undefined;
}

export interface ClusterRow {
  readonly id: string;
  readonly perSecond: number | undefined;
  readonly errorsPerSecond: number | undefined;
  readonly active: number;
  /** Since the proxy began, or began anew to count; undefined without a request. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** Backends that get requests now, of all. */
  readonly usable: number;
  readonly backends: number;
}

export interface BackendRow {
  readonly backend: BackendReport;
  readonly perSecond: number | undefined;
  readonly failuresPerSecond: number | undefined;
}

export interface TopView {
  readonly status: StatusContent;
  readonly perSecond: number | undefined;
  readonly errorsPerSecond: number | undefined;
  readonly active: number;
  readonly connections: number;
  readonly tunnels: number;
  readonly workers: readonly WorkerRow[];
  readonly clusters: readonly ClusterRow[];
  readonly backends: readonly BackendRow[];
  /** The latest last. */
  readonly events: readonly ProxyEvent[];
}

export function topView(
  before: Look | undefined,
  now: Look,
  events: readonly ProxyEvent[],
): TopView {
  const rate = rateOf(before, now);
  const { status } = now;
  const workers = workerRows(before, now, rate);
  const snapshots = status.workers.flatMap(each => each.snapshot ?? []);
  return {
    status,
    perSecond: sumOf(workers.map(each => each.perSecond)),
    errorsPerSecond: rate(errorsOf(before), errorsOf(now)),
    active: total(snapshots, each => each.activeRequests),
    connections: total(snapshots, each => each.clientConnections),
    tunnels: total(snapshots, each => each.tunnels),
    workers,
    clusters: clusterRows(before, now, rate),
    backends: backendRows(before, now, rate),
    events,
  };
}

type Rate = (before: number | undefined, now: number | undefined) => number | undefined;

/** A count that fell has begun anew: its rate is not known then. */
function rateOf(before: Look | undefined, now: Look): Rate {
  const seconds = before === undefined ? 0 : (now.at - before.at) / 1000;
  return (was, is) =>
    seconds <= 0 || was === undefined || is === undefined || is < was
      ? undefined
      : (is - was) / seconds;
}

function workerRows(before: Look | undefined, now: Look, rate: Rate): WorkerRow[] {
  const known = new Map(
    before?.status.workers.map(each => [each.workerId, each.snapshot?.requestsTotal]),
  );
  return now.status.workers.map(worker => ({
    worker,
    perSecond: rate(known.get(worker.workerId), worker.snapshot?.requestsTotal),
  }));
}

/** Clusters without any request are rows as well when they have backends. */
function clusterRows(before: Look | undefined, now: Look, rate: Rate): ClusterRow[] {
  const counted = new Map(now.metrics.clusters.map(each => [each.id, each]));
  const known = new Map(before?.metrics.clusters.map(each => [each.id, each]));
  const members = new Map<string, BackendReport[]>();
  for (const backend of now.backends) {
    const group = members.get(backend.clusterId);
    if (group === undefined) members.set(backend.clusterId, [backend]);
    else group.push(backend);
  }
  return [...new Set([...members.keys(), ...counted.keys()])].map(id => {
    const traffic = counted.get(id)?.traffic;
    const former = known.get(id)?.traffic;
    // A cluster without a request is not counted, which is a count of 0.
    const rateIn = (count: (traffic: TrafficSnapshot) => number): number | undefined =>
      rate(before && countIn(former, count), countIn(traffic, count));
    return {
      id,
      perSecond: rateIn(each => each.requests),
      errorsPerSecond: rateIn(each => answersOfClass(each, 5)),
      ...times(traffic),
      ...membersOf(members.get(id) ?? []),
    };
  });
}

function countIn(
  traffic: TrafficSnapshot | undefined,
  count: (traffic: TrafficSnapshot) => number,
): number {
  return traffic === undefined ? 0 : count(traffic);
}

function times(traffic: TrafficSnapshot | undefined): Pick<ClusterRow, 'p50Ms' | 'p99Ms'> {
  if (traffic === undefined || traffic.requests === 0)
    return { p50Ms: undefined, p99Ms: undefined };
  return { p50Ms: quantileMs(traffic.latency, 0.5), p99Ms: quantileMs(traffic.latency, 0.99) };
}

function membersOf(
  own: readonly BackendReport[],
): Pick<ClusterRow, 'active' | 'usable' | 'backends'> {
  const usable = own.filter(isUsable).length;
  return { active: total(own, each => each.activeRequests), usable, backends: own.length };
}

function isUsable({ admin, healthy, breaker }: BackendReport): boolean {
  return admin === 'ready' && healthy && breaker === 'closed';
}

function backendRows(before: Look | undefined, now: Look, rate: Rate): BackendRow[] {
  const known = new Map(before?.backends.map(each => [keyOf(each), each]));
  return now.backends.map(backend => {
    const former = known.get(keyOf(backend));
    return {
      backend,
      perSecond: rate(former?.requestsTotal, backend.requestsTotal),
      failuresPerSecond: rate(former?.connectFailuresTotal, backend.connectFailuresTotal),
    };
  });
}

function keyOf({ clusterId, backendId, address }: BackendReport): string {
  return JSON.stringify([clusterId, backendId, address]);
}

function errorsOf(look: Look | undefined): number | undefined {
  if (look === undefined) return undefined;
  return total(look.metrics.listeners, ({ traffic }) => answersOfClass(traffic, 5));
}

function sumOf(rates: readonly (number | undefined)[]): number | undefined {
  const known = rates.filter(rate => rate !== undefined);
  return known.length === 0 ? undefined : total(known, rate => rate);
}

function total<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}
