/** Which keys of a part differ, in words. */
import { isDeepStrictEqual } from 'node:util';
import type { Part } from './parts.ts';

type Keys = Readonly<Record<string, unknown>>;

/** `weight: 100 → 20, answers`: values only where they are short. */
export function describeChanges(before: Part, after: Part): string {
  const [one, other] = [keysOf(before), keysOf(after)];
  return changedKeys(one, other)
    .map(key => {
      const [from, to] = [show(one[key]), show(other[key])];
      return from === undefined || to === undefined ? key : `${key}: ${from} → ${to}`;
    })
    .join(', ');
}

/**
 * What becomes of a part that was changed from `base` in two places: a key that `live` changed has
 * the value of `live`, every other key that of `file`. `clashes`: keys that both changed, unlike.
 */
export function mergeKeys(
  base: Part | undefined,
  file: Part,
  live: Part,
): { readonly part: Part; readonly clashes: readonly string[] } {
  const [was, wanted, now] = [keysOf(base), keysOf(file), keysOf(live)];
  const changed = changedKeys(was, now);
  const merged: Record<string, unknown> = { ...wanted };
  for (const key of changed) {
    if (now[key] === undefined) Reflect.deleteProperty(merged, key);
    else merged[key] = now[key];
  }
  const clashes = changed.filter(
    key => !isDeepStrictEqual(wanted[key], was[key]) && !isDeepStrictEqual(wanted[key], now[key]),
  );
  // The keys come from two values of this kind, and each of them is complete.
  return { part: { kind: live.kind, value: merged } as unknown as Part, clashes };
}

function keysOf(part: Part | undefined): Keys {
  return { ...part?.value };
}

function changedKeys(before: Keys, after: Keys): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter(key => !isDeepStrictEqual(before[key], after[key]));
}

const LONGEST_SHOWN = 60;

function show(value: unknown): string | undefined {
  if (value === undefined) return 'default';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? undefined : text;
}
