/** The sentence for a key that no table of the file knows. */
import { nearest } from '../shared/nearest.ts';

/** `offered`: those to list when none is near; default all. */
export function unknownKey(
  key: string,
  known: readonly string[],
  offered: readonly string[] = known,
): string {
  const near = nearest(key, known);
  if (near !== undefined) return `unknown key; did you mean "${near}"?`;
  return `unknown key; the keys here are ${offered.join(', ')}`;
}
