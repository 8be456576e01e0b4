/** What a start begins with: the config file, and on top of it what was changed at run time before. */
import type { StateRequest } from '../../command/requests.ts';
import type { Config } from '../../config/load.ts';
import type { ProxyError } from '../../shared/errors.ts';
import { ok, type Result } from '../../shared/result.ts';
import { buildState } from '../../state/build-state.ts';
import { mergeStates } from '../../state/merge.ts';
import { replay } from '../../state/replay.ts';
import { findState } from '../../state/saved-state-file.ts';

export interface Restored {
  readonly requests: readonly StateRequest[];
  /** Of a damaged file, and of changes in file and state that contradict each other. */
  readonly warnings: readonly string[];
}

/** Fails when neither the saved state nor its previous copy is whole: none of it is taken then. */
export function restoreState(config: Config): Result<Restored, ProxyError> {
  const { savedState } = config.settings;
  if (savedState === undefined) return ok({ requests: config.requests, warnings: [] });
  const found = findState(savedState);
  if (!found.ok) return found;
  const { saved, warning } = found.value;
  if (saved === undefined) return ok({ requests: config.requests, warnings: [] });
  const file = buildState(config.requests);
  if (!file.ok) return file;
  const { state, notes } = mergeStates(saved.file, file.value, saved.state);
  const warnings = notes.map(note => `saved state ${savedState}: ${note}`);
  if (warning !== undefined) warnings.unshift(warning);
  return ok({ requests: replay(state), warnings });
}
