/** What a config file changes in a running proxy, part by part, and the state that it leads to. */
import { isDeepStrictEqual } from 'node:util';
import type { PlanLine } from '../command/change-plan.ts';
import type { StateRequest } from '../command/requests.ts';
import type { ConfigState } from './config-state.ts';
import { diff } from './diff.ts';
import { describeChanges } from './part-changes.ts';
import { describePart, type Part, type Parts, partsOf, stateOfParts } from './parts.ts';

export interface ReloadPlan {
  readonly lines: readonly PlanLine[];
  /** Parts that are as the file has them already. */
  readonly unchanged: number;
  readonly requests: readonly StateRequest[];
}

export interface ReloadOptions {
  /** What the file does not have is removed. Default false: it stays. */
  readonly prune: boolean;
  /** A saved state says what an operator switched; a config file has no word for it. Default false. */
  readonly saysSwitches?: boolean;
}

export function planReload(
  running: ConfigState,
  file: ConfigState,
  { prune, saysSwitches = false }: ReloadOptions,
): ReloadPlan {
  const [now, said] = [partsOf(running), partsOf(file)];
  const wanted = saysSwitches ? said : carriedOver(now, said);
  const lines: PlanLine[] = [];
  let unchanged = 0;
  for (const [key, part] of wanted) {
    const before = now.get(key);
    if (isDeepStrictEqual(before, part)) unchanged += 1;
    else lines.push(before === undefined ? added(part) : changed(before, part));
  }
  const absent = [...now].filter(([key]) => !wanted.has(key)).map(([, part]) => part);
  for (const part of absent) lines.push(prune ? removed(part) : kept(part));
  const target = stateOfParts([...wanted.values(), ...(prune ? [] : absent)]);
  return { lines, unchanged, requests: diff(running, target) };
}

/** What an operator switched stays as it is. */
function carriedOver(now: Parts, wanted: Parts): Parts {
  return new Map([...wanted].map(([key, part]) => [key, carryOver(now.get(key), part)]));
}

function carryOver(before: Part | undefined, part: Part): Part {
  if (part.kind === 'listener' && before?.kind === 'listener') {
    const { active } = before.value;
    if (active !== undefined) return { ...part, value: { ...part.value, active } };
  }
  if (part.kind === 'backend' && before?.kind === 'backend') {
    const { admin } = before.value;
    // Another machine under the same id has not been switched.
    const isSame = before.value.address === part.value.address;
    if (admin !== undefined && isSame) return { ...part, value: { ...part.value, admin } };
  }
  return part;
}

function added(part: Part): PlanLine {
  return { sign: '+', kind: part.kind, what: describePart(part) };
}

function changed(before: Part, part: Part): PlanLine {
  const detail = describeChanges(before, part);
  return { sign: '~', kind: part.kind, what: describePart(part), detail };
}

function removed(part: Part): PlanLine {
  return { sign: '-', kind: part.kind, what: describePart(part) };
}

function kept(part: Part): PlanLine {
  const detail = 'kept: not in the file; --prune removes it';
  return { sign: '=', kind: part.kind, what: describePart(part), detail };
}
