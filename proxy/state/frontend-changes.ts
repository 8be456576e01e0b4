/** Which frontends must leave and come so that the right ones stand in the right order. */
import { isDeepStrictEqual } from 'node:util';
import { frontendKey } from '../command/frontend-identity.ts';
import type { Frontend, StateRequest } from '../command/requests.ts';

/**
 * Of two frontends that match the same request the one added first may serve, so their order is
 * part of the state. One that is added stands behind all others: where the order is another, those
 * behind the first difference leave and come back.
 */
export function frontendChanges(
  from: ReadonlyMap<string, Frontend>,
  to: ReadonlyMap<string, Frontend>,
): StateRequest[] {
  const remove: StateRequest[] = [];
  const kept = new Map<string, Frontend[]>();
  for (const [key, frontend] of from) {
    if (!isDeepStrictEqual(frontend, to.get(key))) {
      remove.push({ kind: 'remove-frontend', frontend });
    } else append(kept, rivalsOf(frontend), frontend);
  }
  const add: StateRequest[] = [];
  for (const [rivals, wanted] of grouped(to.values())) {
    const present = kept.get(rivals) ?? [];
    const same = sameStart(present, wanted);
    for (const frontend of present.slice(same)) remove.push({ kind: 'remove-frontend', frontend });
    for (const frontend of wanted.slice(same)) add.push({ kind: 'add-frontend', frontend });
  }
  return [...remove, ...add];
}

/** Only among the frontends with the same one can the order decide. */
export function rivalsOf({ listener, position = 'tree', hostname }: Frontend): string {
  return [listener, position, position === 'tree' ? hostname : ''].join('\0');
}

function grouped(frontends: Iterable<Frontend>): Map<string, Frontend[]> {
  const groups = new Map<string, Frontend[]>();
  for (const frontend of frontends) append(groups, rivalsOf(frontend), frontend);
  return groups;
}

function append(groups: Map<string, Frontend[]>, key: string, frontend: Frontend): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [frontend]);
  else group.push(frontend);
}

function sameStart(present: readonly Frontend[], wanted: readonly Frontend[]): number {
  let same = 0;
  while (same < present.length && isSame(present[same], wanted[same])) same += 1;
  return same;
}

function isSame(one: Frontend | undefined, other: Frontend | undefined): boolean {
  return one !== undefined && other !== undefined && frontendKey(one) === frontendKey(other);
}
