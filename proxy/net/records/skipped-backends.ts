/** Why backends of a cluster were not tried for a request that failed. */
import type { BackendRuntime } from '../../balancing/backend-runtime.ts';
import { admits, retryInMs } from '../../balancing/circuit-breaker.ts';
import type { AttemptOutcome, SkippedBackend, SkipReason } from '../../command/failure-stories.ts';
import type { Exchange } from '../session/exchange.ts';

/** More are only counted: a page with a thousand reasons explains nothing. */
const MOST_TOLD = 12;

export interface Skipped {
  readonly skipped: readonly SkippedBackend[];
  readonly skippedInAll: number;
}

export const NONE_SKIPPED: Skipped = { skipped: [], skippedInAll: 0 };

/** As it is at `now`, right behind the last try. */
export function skippedBackends(exchange: Exchange, now: number): Skipped {
  const { cluster, attempts = [] } = exchange;
  if (cluster === undefined) return NONE_SKIPPED;
  const tried = new Set(attempts.map(attempt => attempt.backend));
  const skipped: SkippedBackend[] = [];
  let skippedInAll = 0;
  for (const backend of cluster.backends.all) {
    if (tried.has(backend)) continue;
    skippedInAll++;
    if (skipped.length < MOST_TOLD) skipped.push(skippedBackend(backend, exchange, now));
  }
  return { skipped, skippedInAll };
}

function skippedBackend(backend: BackendRuntime, exchange: Exchange, now: number): SkippedBackend {
  const { backendId, address } = backend;
  const reason = reasonOf(backend, exchange, now);
  if (reason !== 'breaker-open') return { backendId, address, reason };
  return { backendId, address, reason, retryInMs: retryInMs(backend.breaker, now) };
}

function reasonOf(
  backend: BackendRuntime,
  { attempts, replayable }: Exchange,
  now: number,
): SkipReason {
  if (backend.admin === 'drain') return 'in-drain';
  if (backend.admin === 'maint') return 'in-maintenance';
  if (backend.breaker.state === 'half-open') return 'on-trial';
  if (!admits(backend.breaker, now)) return 'breaker-open';
  if (!backend.healthy) return 'unhealthy';
  if (backend.weight === 0) return 'weight-zero';
  // It could have been asked: what became of the last try forbids it.
  const last = attempts?.at(-1)?.outcome;
  if (last === undefined || !mayHaveActed.has(last)) return 'no-time';
  if (!replayable) return 'not-repeatable';
  return last === 'closed' || last === 'gone' ? 'retry-budget' : 'not-retried';
}

const mayHaveActed: ReadonlySet<AttemptOutcome> = new Set([
  'closed',
  'gone',
  'no-answer',
  'invalid-answer',
  'cut',
  'drained',
]);
