/** One change, be it of several requests: applied to the state as a whole or not at all. */
import type { ChangeRequest, StateRequest } from '../../command/requests.ts';
import { ProxyError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { apply } from '../../state/apply.ts';
import type { ConfigState } from '../../state/config-state.ts';
import type { Applied } from '../../state/outcome.ts';
import { undoAll } from '../../state/undoable-map.ts';
import { completeRequest } from './complete-request.ts';
import { describeChange } from './describe-change.ts';

export interface ChangePlan {
  /** What workers must do. */
  readonly effects: readonly StateRequest[];
  /** One sentence per request. */
  readonly changes: readonly string[];
  /** Takes all of it back from the state. */
  readonly undo: () => void;
}

/** The state has changed when it is ok, and is as before when it is not. */
export function planChange(
  state: ConfigState,
  requests: readonly ChangeRequest[],
): Result<ChangePlan, ProxyError> {
  const effects: StateRequest[] = [];
  const changes: string[] = [];
  const undos: (() => void)[] = [];
  for (const [index, request] of requests.entries()) {
    const step = takeStep(state, request);
    if (!step.ok) {
      undoAll(undos);
      const { error } = step;
      return err(requests.length === 1 ? error : within(error, request, index, requests.length));
    }
    effects.push(...step.value.effects);
    undos.push(step.value.undo);
    changes.push(step.value.change);
  }
  return ok({ effects, changes, undo: () => undoAll(undos) });
}

function takeStep(
  state: ConfigState,
  request: ChangeRequest,
): Result<Applied & { readonly change: string }, ProxyError> {
  const completed = completeRequest(state, request);
  if (!completed.ok) return completed;
  const applied = apply(state, completed.value);
  if (!applied.ok) return applied;
  const { note } = applied.value;
  const change = describeChange(completed.value);
  return ok({ ...applied.value, change: note === undefined ? change : `${change}; ${note}` });
}

function within(
  { code, message }: ProxyError,
  { kind }: ChangeRequest,
  index: number,
  count: number,
): ProxyError {
  return new ProxyError(code, `request ${index + 1} of ${count} (${kind}): ${message}`);
}
