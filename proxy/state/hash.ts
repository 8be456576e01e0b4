/** A short digest of a state: two processes that print the same one are configured the same. */
import { createHash } from 'node:crypto';
import type { ConfigState } from './config-state.ts';
import { replay } from './replay.ts';

/** The order in which things were added does not count. */
export function hash(state: ConfigState): string {
  const digest = createHash('sha256');
  for (const line of replay(state).map(canonical).sort()) digest.update(line).update('\n');
  return digest.digest('hex').slice(0, 16);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
