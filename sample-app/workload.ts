/** How a machine of limited capacity behaves: it slows down when it is full, then it refuses. */
import type { Knobs } from './knobs.ts';

/** What a page takes on a machine with a capacity, when `delayMs` says nothing. */
export const WORK_MS = 60;

/** A cold machine can do this share of its work. */
const COLD_SHARE = 0.1;

/** Beyond so many times its capacity a machine refuses at once. */
const REFUSES_AT = 2;

export interface Admission {
  readonly admitted: boolean;
  /** How long the work takes, decided when it begins. */
  readonly workMs: number;
}

/** How many pages at once the machine can do at full speed now; Infinity without a limit. */
export function capacityNow({ capacity, warmUpMs }: Knobs, warmForMs: number): number {
  if (capacity === 0) return Number.POSITIVE_INFINITY;
  const warmth = warmUpMs === 0 ? 1 : Math.min(1, warmForMs / warmUpMs);
  return Math.max(1, capacity * (COLD_SHARE + (1 - COLD_SHARE) * warmth));
}

/**
 * May one more page begin beside `running` others? The work of each grows with the square of the
 * load, so that beyond its capacity a machine gets less done, not only the same later.
 */
export function admit(knobs: Knobs, running: number, warmForMs: number): Admission {
  const room = capacityNow(knobs, warmForMs);
  const load = (running + 1) / room;
  if (load > REFUSES_AT) return { admitted: false, workMs: 0 };
  const workMs = knobs.delayMs === 0 && knobs.capacity > 0 ? WORK_MS : knobs.delayMs;
  return { admitted: true, workMs: Math.round(workMs * Math.max(1, load * load)) };
}
