/** What a listener becomes when a few of its keys change and the others stay. */
import type { Listener, PatchListener, StateRequest } from '../command/requests.ts';
import type { ProxyError } from '../shared/errors.ts';
import { ok, type Result } from '../shared/result.ts';
import type { ConfigState } from '../state/config-state.ts';
import { findListener } from '../state/listeners.ts';

export function patched(
  state: ConfigState,
  patch: PatchListener,
): Result<StateRequest, ProxyError> {
  const found = findListener(state, patch.address);
  if (!found.ok) return found;
  const { changes, reset = [] } = patch;
  const keys = Object.entries({ ...found.value, ...changes }).filter(
    ([key]) => !reset.includes(key),
  );
  const answers = Object.entries({ ...found.value.answers, ...changes.answers }).filter(
    ([status]) => !reset.includes(`answers.${status}`),
  );
  const listener = {
    ...Object.fromEntries(keys),
    answers: Object.fromEntries(answers),
  } as Listener;
  return ok({ kind: 'update-listener', listener });
}
