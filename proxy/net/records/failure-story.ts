/** An exchange that went wrong → what is remembered of it. */
import type { AttemptReport, FailureStory } from '../../command/failure-stories.ts';
import type { Exchange } from '../session/exchange.ts';
import { NONE_SKIPPED, skippedBackends } from './skipped-backends.ts';

/** A target may be thousands of bytes long; a thousand stories should not be megabytes. */
const LONGEST_TARGET = 256;

/** Refused, failed, cut, or answered only by a second try: worth remembering. */
export function wasTroubled({ ownAnswer, status, complete, attempts, tunnel }: Exchange): boolean {
  // A tunnel ends as its users like; the proxy has no say in it.
  if (tunnel) return attempts !== undefined;
  if (!complete || (ownAnswer && status >= 400)) return true;
  // A kept connection that the backend had closed is everyday life.
  return attempts?.some(({ outcome }) => outcome !== 'stale') ?? false;
}

export function attemptReports({ attempts = [] }: Exchange): AttemptReport[] {
  return attempts.map(({ backend, outcome, durationMs, status }) => {
    const { backendId, address } = backend;
    const report = { backendId, address, outcome, durationMs: Math.round(durationMs * 10) / 10 };
    return status === 0 ? report : { ...report, status };
  });
}

export function failureStory(
  exchange: Exchange,
  listener: string,
  workerId: number,
  now: number,
): FailureStory {
  const { cluster, traceId, ownAnswer, backend, status, target } = exchange;
  const answered = backend !== undefined && !ownAnswer && status > 0;
  const story = {
    requestId: exchange.requestId,
    workerId,
    time: new Date().toISOString(),
    client: exchange.client.peer,
    listener,
    method: exchange.method,
    host: exchange.hostname,
    target: target.length > LONGEST_TARGET ? `${target.slice(0, LONGEST_TARGET)}…` : target,
    clusterId: cluster?.id ?? null,
    status,
    ownAnswer,
    complete: exchange.complete,
    message: exchange.message,
    durationMs: Math.round((now - exchange.startedAt) * 10) / 10,
    attempts: attemptReports(exchange),
    ...(ownAnswer && status >= 500 ? skippedBackends(exchange, now) : NONE_SKIPPED),
    ...(traceId === '' ? {} : { traceId }),
    ...(answered ? { answeredBy: backend.backendId } : {}),
  };
  return story;
}
