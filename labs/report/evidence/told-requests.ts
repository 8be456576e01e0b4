/**
 * Which requests a report tells one by one. A short run tells all; of a long one those that decided
 * a verdict, that went wrong or took long come first, and the rest is picked evenly.
 */
import type { HistoryRecord, RequestRecord } from '../../harness/history.ts';
import type { RunResult } from '../../harness/result.ts';
import { visitorRequests } from '../visitor-requests.ts';
import type { ProxyLine, ProxyLog } from './proxy-log.ts';
import { type Outcome, outcomeOf } from './request-outcome.ts';

export interface ToldRequest {
  /** Names its place in the page. */
  readonly id: string;
  readonly request: RequestRecord;
  /** What the proxy's log has of it. */
  readonly line: ProxyLine | undefined;
  readonly outcome: Outcome;
  /** Worth a look: it decided a verdict, failed, was tried twice, or is among the slowest. */
  readonly isNotable: boolean;
}

export interface ToldRequests {
  /** In the order of their beginning. */
  readonly all: readonly ToldRequest[];
  /** Requests of visitors that have no entry. */
  readonly leftOut: number;
  find(request: RequestRecord): ToldRequest | undefined;
}

/** Told as a whole: about 1.3 kB for each request. */
export const SHORT_RUN = 1_200;
/** Of a longer run. */
export const MOST_TOLD = 500;
const MOST_SLOW = 3;

export function tellRequests(
  result: RunResult,
  history: readonly HistoryRecord[],
  proxyLog: ProxyLog,
): ToldRequests {
  const requests = [...visitorRequests(history)].sort((a, b) => a.startedAt - b.startedAt);
  const deciding = decidingKeys(result);
  const slow = new Set(slowest(requests));
  const entries = requests.map((request, index): ToldRequest => {
    const line = request.requestId === undefined ? undefined : proxyLog.get(request.requestId);
    const outcome = outcomeOf(request, line);
    const isNotable = outcome !== 'answered' || deciding.has(keyOf(request)) || slow.has(request);
    return { id: `q${index + 1}`, request, line, outcome, isNotable };
  });
  const all = entries.length <= SHORT_RUN ? entries : selected(entries, deciding);
  const byKey = new Map(all.map(told => [keyOf(told.request), told]));
  return {
    all,
    leftOut: entries.length - all.length,
    find: request => byKey.get(keyOf(request)),
  };
}

/** A record read from a file is another object than the one it was written from. */
function keyOf({ visitor, number, startedAt }: RequestRecord): string {
  return `${startedAt} ${number} ${visitor}`;
}

function decidingKeys({ steps }: RunResult): ReadonlySet<string> {
  const records = steps.flatMap(({ checks }) =>
    checks.flatMap(({ verdict }) => verdict.decidedBy ?? []),
  );
  return new Set(records.flatMap(record => (record.kind === 'request' ? keyOf(record) : [])));
}

function slowest(requests: readonly RequestRecord[]): readonly RequestRecord[] {
  return [...requests].sort((a, b) => b.durationMs - a.durationMs).slice(0, MOST_SLOW);
}

/** Half of the room at most goes to what is notable, so that the whole run stays to be seen. */
function selected(
  entries: readonly ToldRequest[],
  deciding: ReadonlySet<string>,
): readonly ToldRequest[] {
  const first = entries.filter(({ request }) => deciding.has(keyOf(request)));
  const notable = entries.filter(entry => entry.isNotable && !first.includes(entry));
  const chosen = new Set([...first, ...evenly(notable, MOST_TOLD / 2 - first.length)]);
  const rest = entries.filter(entry => !chosen.has(entry));
  for (const entry of evenly(rest, MOST_TOLD - chosen.size)) chosen.add(entry);
  return entries.filter(entry => chosen.has(entry));
}

/** At most so many, from the whole length. */
export function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  const count = Math.max(0, Math.floor(most));
  return Array.from({ length: count }, (_, index) => {
    const at = Math.floor((index * all.length) / count);
    return all[at] as T;
  });
}
