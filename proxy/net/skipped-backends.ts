/** Why backends of a cluster were not tried for a request that failed. */
import type { BackendRuntime } from '../balancing/backend-runtime.ts';
import { admits, retryInMs } from '../balancing/circuit-breaker.ts';
import type { SkippedBackend, SkipReason } from '../command/failure-stories.ts';
import type { Exchange } from './exchange.ts';

/** What was said about it at `now`, right behind the last try. */
export function skippedBackends(exchange: Exchange, now: number): SkippedBackend[] {
  const { cluster, attempts = [] } = exchange;
  const tried = new Set(attempts.map(attempt => attempt.backend));
  const others = cluster?.backends.all.filter(backend => !tried.has(backend)) ?? [];
  return others.map(backend => {
    const { backendId, address } = backend;
    const reason = reasonOf(backend, exchange, now);
    if (reason !== 'breaker-open') return { backendId, address, reason };
    return { backendId, address, reason, retryInMs: retryInMs(backend.breaker, now) };
  });
}

function reasonOf(backend: BackendRuntime, { attempts }: Exchange, now: number): SkipReason {
  if (backend.breaker.state === 'half-open') return 'on-trial';
  if (!admits(backend.breaker, now)) return 'breaker-open';
  if (!backend.healthy) return 'unhealthy';
  if (backend.weight === 0) return 'weight-zero';
  // It could have been asked: what the last one may have done with the request forbids it.
  const last = attempts?.at(-1)?.outcome;
  return last !== undefined && mayHaveActed.has(last) ? 'not-repeatable' : 'no-time';
}

const mayHaveActed = new Set(['closed', 'gone', 'no-answer', 'invalid-answer', 'cut']);
