/** The error for a name that nothing has, with the nearest one that something has. */
import { closest, distance } from 'fastest-levenshtein';
import { MachineError } from './errors.ts';

export function unknownMachine(name: string, known: readonly string[]): MachineError {
  const list = known.length === 0 ? 'No machine is there yet.' : `Known: ${known.join(', ')}.`;
  return new MachineError('VM_UNKNOWN', `No machine "${name}".${didYouMean(name, known)} ${list}`);
}

/** ' Did you mean "x"?', or nothing when no known name is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const nearest = closest(name, known);
  const isNear = distance(name, nearest) <= Math.max(2, Math.floor(name.length / 3));
  return isNear ? ` Did you mean "${nearest}"?` : '';
}
