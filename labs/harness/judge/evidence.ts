/** What a probe may look at: the history up to now, cut at the step's boundaries. */
import type {
  HistoryRecord,
  MachineRecord,
  PageRecord,
  ProxyRecord,
  RequestRecord,
} from '../history.ts';
import type { Language, Text } from '../text.ts';
import type { Verdict } from '../verdict.ts';

export interface JudgeContext {
  readonly language: Language;
  /** Names of the always-on visitors. */
  readonly visitors: readonly string[];
  /** Machines that the proxy's config names at the start. */
  readonly backends: readonly string[];
  /** Port on 127.0.0.1 that leads to a machine past the proxy, by machine. */
  readonly forwardedPorts: Readonly<Record<string, number>>;
  readonly stepStartedAt: number;
  /** When the last action of the step had ended. */
  readonly actedAt: number;
}

export interface Evidence extends JudgeContext {
  readonly records: readonly HistoryRecord[];
}

/** A verdict whose reason exists in every language. */
export interface Judgement {
  readonly kind: Verdict['kind'];
  readonly because: Text;
  readonly decidedBy?: readonly HistoryRecord[];
}

export function judgement(
  kind: Verdict['kind'],
  en: string,
  fr: string,
  decidedBy?: readonly HistoryRecord[],
): Judgement {
  return { kind, because: { en, fr }, ...(decidedBy === undefined ? {} : { decidedBy }) };
}

/** Records are appended in order of time, so the cut is found by halving. */
function since(records: readonly HistoryRecord[], at: number): readonly HistoryRecord[] {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return records.slice(low);
}

type OfKind<K extends HistoryRecord['kind']> = Extract<HistoryRecord, { kind: K }>;

export function recordsOf<K extends HistoryRecord['kind']>(
  evidence: Evidence,
  kind: K,
  at: number,
): readonly OfKind<K>[] {
  return since(evidence.records, at).filter((record): record is OfKind<K> => record.kind === kind);
}

/** Requests of the always-on visitors that began after the step had acted. */
export function requestsSinceActed(evidence: Evidence): readonly RequestRecord[] {
  return recordsOf(evidence, 'request', evidence.actedAt).filter(
    request => request.startedAt >= evidence.actedAt && evidence.visitors.includes(request.visitor),
  );
}

/** Requests of visitors that ended since the step began. */
export function requestsOfStep(evidence: Evidence): readonly RequestRecord[] {
  return recordsOf(evidence, 'request', evidence.stepStartedAt).filter(({ visitor }) =>
    evidence.visitors.includes(visitor),
  );
}

/** A request in few words: `alice #12: 200 from webapp1`. */
export function describeRequest(request: RequestRecord): string {
  const { visitor, number, status, machine, error } = request;
  const from = machine === undefined ? '' : ` · ${machine}`;
  return `${visitor} #${number}: ${status ?? error ?? '?'}${from}`;
}

/** The last record of each visitor, in the order of `visitors`. */
export function latestPerVisitor<R extends RequestRecord | PageRecord>(
  records: readonly R[],
): ReadonlyMap<string, R> {
  return new Map(records.map(record => [record.visitor, record]));
}

/** Pages that were seen through the proxy since the step had acted. */
export function proxiedPages(evidence: Evidence): readonly PageRecord[] {
  const direct = new Set(Object.values(evidence.forwardedPorts).map(String));
  return recordsOf(evidence, 'page', evidence.actedAt).filter(
    page => !direct.has(new URL(page.url).port),
  );
}

export function latestMachines(evidence: Evidence): ReadonlyMap<string, MachineRecord> {
  return new Map(recordsOf(evidence, 'machine', 0).map(record => [record.machine, record]));
}

export function latestSample(evidence: Evidence, at: number): ProxyRecord | undefined {
  return recordsOf(evidence, 'proxy', at).at(-1);
}

export function addressOf(evidence: Evidence, machine: string): string | undefined {
  return latestMachines(evidence).get(machine)?.address;
}

/** Did the visitor get a complete answer below 500? */
export function isFailed(request: RequestRecord): boolean {
  return request.status === undefined || request.status >= 500;
}

/** A failed request in words: when, who, and what came instead of an answer. */
export function describeFailure(request: RequestRecord): string {
  const outcome = request.error ?? `status ${request.status}`;
  const when = (request.startedAt / 1_000).toFixed(2);
  return `${request.visitor} #${request.number} at ${when} s: ${outcome}`;
}
