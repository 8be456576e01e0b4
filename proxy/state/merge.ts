/**
 * What was changed at run time, put on top of a config file that may have been edited since.
 *
 *            base: the file as it was, when the state was saved
 *           ╱    ╲
 *     edited      changed at run time
 *         ╱        ╲
 *     file          live ──▶ merged: every change of both; where both changed the same key, live
 */
import { isDeepStrictEqual } from 'node:util';
import type { ConfigState } from './config-state.ts';
import { mergeKeys } from './part-changes.ts';
import { describePart, hasItsPlace, type Part, partsOf, stateOfParts } from './parts.ts';

export interface Merged {
  readonly state: ConfigState;
  /** Where file and run time disagree: one sentence each. */
  readonly notes: readonly string[];
}

export function mergeStates(base: ConfigState, file: ConfigState, live: ConfigState): Merged {
  const [was, wanted, now] = [partsOf(base), partsOf(file), partsOf(live)];
  const notes: string[] = [];
  const merged: Part[] = [];
  for (const key of new Set([...wanted.keys(), ...now.keys()])) {
    const step = mergePart(was.get(key), wanted.get(key), now.get(key));
    if (step.part !== undefined) merged.push(step.part);
    if (step.note !== undefined) notes.push(step.note);
  }
  const state = stateOfParts(merged);
  for (const part of merged) {
    if (hasItsPlace(state, part)) continue;
    notes.push(`${describePart(part)} is left out: what it belongs to is there no longer`);
  }
  return { state, notes };
}

interface Step {
  /** Absent: it is in the merged state no longer. */
  readonly part?: Part;
  readonly note?: string;
}

function mergePart(base: Part | undefined, file: Part | undefined, live: Part | undefined): Step {
  if (isDeepStrictEqual(base, live)) return file === undefined ? {} : { part: file };
  if (live === undefined) return removedAtRunTime(base, file);
  const name = describePart(live);
  if (file === undefined) {
    if (base === undefined) return { part: live };
    return { note: `${name} was changed at run time, but the file has it no longer: it is gone` };
  }
  const { part, clashes } = mergeKeys(base, file, live);
  if (clashes.length === 0) return { part };
  const keys = clashes.join(', ');
  return { part, note: `${name}: ${keys} as changed at run time, not as the file says now` };
}

function removedAtRunTime(base: Part | undefined, file: Part | undefined): Step {
  if (file === undefined || isDeepStrictEqual(base, file)) return {};
  const name = describePart(file);
  return { note: `${name} was removed at run time and stays so, although the file changed it` };
}
