/** The state that a list of requests makes of nothing, such as those of a config file. */
import type { StateRequest } from '../command/requests.ts';
import type { ProxyError } from '../shared/errors.ts';
import { ok, type Result } from '../shared/result.ts';
import { apply } from './apply.ts';
import { type ConfigState, emptyState } from './config-state.ts';

/** Fails at the first request that cannot be applied. */
export function buildState(requests: readonly StateRequest[]): Result<ConfigState, ProxyError> {
  const state = emptyState();
  for (const request of requests) {
    const applied = apply(state, request);
    if (!applied.ok) return applied;
  }
  return ok(state);
}
