/** Full at its limit, and again open only well below it: what flaps at the limit is told once. */

/** Accepting goes on below this share of the limit, as in Sōzu. */
export const RESUME_SHARE = 0.9;

export class Watermark {
  full = false;

  /** True when `full` has changed. */
  update(count: number, limit: number): boolean {
    const full = this.full ? count >= limit * RESUME_SHARE : count >= limit;
    if (full === this.full) return false;
    this.full = full;
    return true;
  }
}

/** How many idle connections make room at once. */
export function evictionRound(limit: number): number {
  return Math.max(1, Math.floor(limit / 100));
}
