/** "Did you mean": the valid name nearest to a wrong one. */
import { closest, distance } from 'fastest-levenshtein';

/** Undefined when nothing is near enough to be meant. */
export function nearest(wrong: string, valid: readonly string[]): string | undefined {
  if (valid.length === 0) return undefined;
  const candidate = closest(wrong.toLowerCase(), valid);
  const tolerance = Math.max(2, Math.ceil(candidate.length / 3));
  return distance(wrong.toLowerCase(), candidate) <= tolerance ? candidate : undefined;
}

/** One sentence for an unknown name: the name, what was likely meant, and what exists. */
export function unknownName(what: string, wrong: string, valid: readonly string[]): string {
  const meant = nearest(wrong, valid);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return `There is no ${what} "${wrong}".${hint} Valid: ${valid.join(', ')}.`;
}
