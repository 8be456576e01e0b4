/** The visitors' requests out of a history, and who answered them. */
import type { HistoryRecord, RequestRecord } from '../harness/history.ts';
import { directVisitor } from '../harness/judge/direct.ts';

const directPrefix = directVisitor('');

/** The engine's own requests past the proxy are told as checks, not as traffic. */
export function visitorRequests(history: readonly HistoryRecord[]): readonly RequestRecord[] {
  return history.filter(
    record => record.kind === 'request' && !record.visitor.startsWith(directPrefix),
  ) as readonly RequestRecord[];
}

export function endOf(request: RequestRecord): number {
  return request.startedAt + request.durationMs;
}

/** In alphabetical order, whoever was answered first. */
export function visitorNames(requests: readonly RequestRecord[]): readonly string[] {
  return [...new Set(requests.map(({ visitor }) => visitor))].sort();
}

/** In the order of the lab, then those that only answers name. */
export function machineNames(history: readonly HistoryRecord[]): readonly string[] {
  const declared = history.flatMap(record => (record.kind === 'machine' ? [record.machine] : []));
  const answering = visitorRequests(history).flatMap(({ machine }) => machine ?? []);
  return [...new Set([...declared, ...answering])];
}

/** Sorted, so that v1 always has the same shape. */
export function versionNames(requests: readonly RequestRecord[]): readonly string[] {
  return [...new Set(requests.flatMap(({ version }) => version ?? []))].sort();
}
