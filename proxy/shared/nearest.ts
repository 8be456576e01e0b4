/** The valid name that a mistyped one most likely meant. */
import { closest, distance } from 'fastest-levenshtein';

/** Undefined when nothing is near enough: a wild guess helps nobody. */
export function nearest(name: string, valid: readonly string[]): string | undefined {
  if (valid.length === 0) return undefined;
  const wanted = name.toLowerCase();
  const best = closest(
    wanted,
    valid.map(each => each.toLowerCase()),
  );
  const tolerance = Math.max(2, Math.floor(name.length / 3));
  if (distance(wanted, best) > tolerance) return undefined;
  return valid.find(each => each.toLowerCase() === best);
}

/** Ends an error message: names the near miss, or else what there is. */
export function suggest(name: string, valid: readonly string[]): string {
  const near = nearest(name, valid);
  if (near !== undefined) return `; did you mean "${near}"?`;
  if (valid.length === 0) return '';
  const shown = valid.slice(0, 8).map(each => `"${each}"`);
  const more = valid.length > 8 ? ` and ${valid.length - 8} more` : '';
  return `; there is ${shown.join(', ')}${more}`;
}
