/** A short digest of a state: two processes that print the same one are configured the same. */
import { createHash } from 'node:crypto';
import type { ConfigState } from './config-state.ts';
import { rivalsOf } from './frontend-changes.ts';
import { replay } from './replay.ts';

/** The order in which things were added counts only where it decides: among rival frontends. */
export function hash(state: ConfigState): string {
  const digest = createHash('sha256');
  const rivals = new Map<string, number>();
  const lines = replay(state).map(request => {
    if (request.kind !== 'add-frontend') return canonical(request);
    const group = rivalsOf(request.frontend);
    const place = rivals.get(group) ?? 0;
    rivals.set(group, place + 1);
    return `${canonical(request)} ${place}`;
  });
  for (const line of lines.sort()) digest.update(line).update('\n');
  return digest.digest('hex').slice(0, 16);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
