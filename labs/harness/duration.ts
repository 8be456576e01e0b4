/** Durations as labs write them, in milliseconds. */
import type { Duration } from './lab.ts';

const unitMs = { ms: 1, s: 1_000, m: 60_000 } as const;

export function milliseconds(duration: Duration): number {
  const unit = duration.endsWith('ms') ? 'ms' : duration.endsWith('s') ? 's' : 'm';
  const value = Number(duration.slice(0, -unit.length));
  if (!Number.isFinite(value) || value < 0) throw new TypeError(`"${duration}" is no duration`);
  return value * unitMs[unit];
}
