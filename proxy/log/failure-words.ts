/** What became of a request that failed, in the words of answer pages, logs and `relais why`. */
import type {
  AttemptOutcome,
  AttemptReport,
  FailureStory,
  SkippedBackend,
  SkipReason,
} from '../command/failure-stories.ts';

const outcomes: Readonly<Record<AttemptOutcome, string>> = {
  refused: 'refused the connection',
  reset: 'reset the connection',
  unreachable: 'is unreachable: no machine answers at its address',
  silent: 'kept silent: the connect timed out',
  other: 'could not be connected to',
  stale: 'had closed the kept connection, a new one was opened',
  closed: 'took the request and closed the connection without an answer',
  gone: 'took the request, then its machine vanished',
  'no-answer': 'took the request and did not answer in time',
  'invalid-answer': 'gave an answer that is not valid HTTP',
  cut: 'broke its answer off',
  drained: 'was drained, and the deadline for that was over',
  'error-answer': 'answered with an error',
};

const skips: Readonly<Record<SkipReason, string>> = {
  'in-drain': 'it is in drain',
  'in-maintenance': 'it is in maintenance',
  'breaker-open': 'its circuit breaker is open',
  'on-trial': 'its circuit breaker is half-open and waits for its one trial',
  unhealthy: 'its health checks fail',
  'weight-zero': 'its weight is 0',
  'no-time': 'no time was left',
  'not-repeatable': 'the request may not be sent twice',
  'retry-budget': 'too many requests are being sent again already',
  'not-retried': 'late and broken answers are not asked for elsewhere',
};

type NamedBackend = Pick<AttemptReport, 'backendId' | 'address'>;

type Naming = (backend: NamedBackend) => string;

function tellAttempt(attempt: AttemptReport, name: Naming): string {
  const { outcome, durationMs, status } = attempt;
  const what = outcome === 'error-answer' ? `answered with ${status}` : outcomes[outcome];
  return `${name(attempt)} ${what} (after ${time(durationMs)})`;
}

function tellSkipped(skipped: SkippedBackend, name: Naming): string {
  const { reason, retryInMs = 0 } = skipped;
  const wait = reason === 'breaker-open' ? `, next try in ${time(retryInMs)}` : '';
  return `${name(skipped)} was not tried: ${skips[reason]}${wait}`;
}

/** One sentence without its full stop. Clients read it: where a backend is stays among ourselves. */
export function explainFailure(
  clusterId: string,
  attempts: readonly AttemptReport[],
  skipped: readonly SkippedBackend[],
  skippedInAll: number,
): string {
  if (attempts.length + skippedInAll === 0) return `cluster ${clusterId} has no backend`;
  const backends = new Set(attempts.map(nameOf)).size + skippedInAll;
  const parts = steps(attempts, skipped, skippedInAll, ({ backendId }) => backendId);
  const whole =
    backends === 1
      ? `the only backend of cluster ${clusterId} did not answer`
      : `none of the ${backends} backends of cluster ${clusterId} answered`;
  return `${whole}: ${parts.join('; ')}`;
}

/** A short story for a person. */
export function tellStory(story: FailureStory): string {
  const { method, host, target, requestId, clusterId, attempts, skipped } = story;
  const what = method === '' ? 'a request that could not be read' : `${method} ${host}${target}`;
  const route =
    clusterId === null
      ? `It reached no cluster on listener ${story.listener}.`
      : `It was for cluster ${clusterId}, on listener ${story.listener}.`;
  return [
    `Request ${requestId} at ${story.time}, worker ${story.workerId}: ${what}`,
    `from ${story.client}${story.traceId === undefined ? '' : `, trace ${story.traceId}`}.`,
    route,
    ...steps(attempts, skipped, story.skippedInAll, nameOf).map(
      (step, index) => `  ${index + 1}. ${step}`,
    ),
    endOf(story),
    '',
  ].join('\n');
}

function steps(
  attempts: readonly AttemptReport[],
  skipped: readonly SkippedBackend[],
  skippedInAll: number,
  name: Naming,
): string[] {
  const more = skippedInAll - skipped.length;
  const rest = more > 0 ? [`${more} more were not tried`] : [];
  return [
    ...attempts.map(attempt => tellAttempt(attempt, name)),
    ...skipped.map(each => tellSkipped(each, name)),
    ...rest,
  ];
}

function endOf(story: FailureStory): string {
  const { status, ownAnswer, complete, answeredBy, message } = story;
  const after = `after ${time(story.durationMs)}`;
  const why = message === '' || story.attempts.length > 0 ? '' : `: ${message}`;
  if (status === 0) return `It ended ${after} without an answer${why}.`;
  if (ownAnswer) return `The proxy answered ${status} itself ${after}${why}.`;
  if (!complete) return `The answer ${status} broke off ${after}${why}.`;
  const failed = story.attempts.length;
  const behind = failed === 1 ? 'one try that failed' : `${failed} tries that failed`;
  return `${answeredBy ?? 'A backend'} answered ${status} ${after}, behind ${behind}.`;
}

function nameOf({ backendId, address }: NamedBackend): string {
  return backendId === address ? address : `${backendId} (${address})`;
}

/** 0.3 ms, 12 ms, 3.0 s. */
function time(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
