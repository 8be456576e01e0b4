/** Did each request get what it was owed? Pure. */
import { CUT, INCOMPLETE, LANES, type Lane, type Visit } from './load/visit.ts';

/** A worker that was killed on purpose. */
export interface Death {
  /** When it stood still: what it held by then, it held until its end. */
  readonly frozenAt: number;
  /** The clients' ports of its connections. */
  readonly ports: readonly number[];
}

/** From the reply to `remove` until `add` was sent, no request may go to the backend. */
export interface Absence {
  readonly backend: string;
  readonly from: number;
  readonly until: number;
}

export interface Evidence {
  readonly visits: readonly Visit[];
  readonly deaths: readonly Death[];
  readonly absences: readonly Absence[];
  /** Ids of POSTs that reached backends twice. */
  readonly repeated: readonly string[];
}

export interface LaneCount {
  readonly requests: number;
  readonly failed: number;
}

export interface Judgement {
  readonly lanes: Readonly<Record<Lane, LaneCount>>;
  /** They were on a connection that a killed worker held. */
  readonly excused: number;
  /** The longest that a short request has waited for its answer, milliseconds. */
  readonly longestPauseMs: number;
  /** How requests failed, and how many in each way. */
  readonly failures: Readonly<Record<string, number>>;
  /** Sentences: other promises that were broken. */
  readonly problems: readonly string[];
}

export function judge(evidence: Evidence): Judgement {
  const { visits, deaths } = evidence;
  const bad = visits.filter(visit => visit.outcome !== 'ok');
  const excused = new Set(bad.filter(visit => isExcused(visit, deaths)));
  const failed = bad.filter(visit => !excused.has(visit));
  const count = (lane: Lane): LaneCount => ({
    requests: visits.filter(visit => visit.lane === lane).length,
    failed: failed.filter(visit => visit.lane === lane).length,
  });
  return {
    lanes: { kept: count('kept'), fresh: count('fresh'), long: count('long') },
    excused: excused.size,
    longestPauseMs: visits
      .filter(visit => visit.lane !== 'long' && !excused.has(visit))
      .reduce((longest, visit) => Math.max(longest, visit.ms), 0),
    failures: countBy(failed.map(visit => `${visit.lane}: ${visit.outcome}`)),
    problems: [...lacking(visits), ...intrusions(evidence), ...twice(evidence.repeated)],
  };
}

/** Its connection was held by a worker that died, and ended with it. Nothing else is an excuse. */
function isExcused(visit: Visit, deaths: readonly Death[]): boolean {
  if (visit.outcome !== CUT && visit.outcome !== INCOMPLETE) return false;
  return deaths.some(
    ({ frozenAt, ports }) =>
      visit.connectedAt < frozenAt &&
      visit.beganAt + visit.ms > frozenAt &&
      ports.includes(visit.port),
  );
}

/** Nothing can fail where nothing is asked. */
function lacking(visits: readonly Visit[]): string[] {
  const silent = LANES.filter(lane => !visits.some(visit => visit.lane === lane));
  return silent.map(lane => `no request went over connections of the kind "${lane}"`);
}

/** Requests that a removed backend has answered, for each absence. */
export function intruders(
  visits: readonly Pick<Visit, 'by' | 'beganAt' | 'ms'>[],
  absences: readonly Absence[],
): number[] {
  const names = new Set(absences.map(({ backend }) => backend));
  const answered = visits.filter(({ by }) => names.has(by));
  // One that lasted longer than the absence may have been sent there behind it, and rightly.
  return absences.map(
    ({ backend, from, until }) =>
      answered.filter(
        ({ by, beganAt, ms }) => by === backend && beganAt > from && beganAt + ms < until,
      ).length,
  );
}

function intrusions({ visits, absences }: Evidence): string[] {
  const seen = intruders(visits, absences);
  const total = seen.reduce((sum, each) => sum + each, 0);
  const times = seen.filter(each => each > 0).length;
  if (total === 0) return [];
  return [`${total} requests began after a backend was removed and reached it (${times} times)`];
}

function twice(repeated: readonly string[]): string[] {
  return repeated.length === 0 ? [] : [`${repeated.length} POSTs reached backends twice`];
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
