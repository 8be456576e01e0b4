/** Turns moments of the run into places on the drawing. */

export interface Scale {
  readonly left: number;
  readonly right: number;
  readonly startMs: number;
  readonly endMs: number;
  x(ms: number): number;
}

/** Two marks nearer than this are one: a drawing of 50,000 requests stays small. */
const GRID = 3;

export function makeScale(left: number, right: number, startMs: number, endMs: number): Scale {
  const perMs = (right - left) / Math.max(1, endMs - startMs);
  return {
    left,
    right,
    startMs,
    endMs,
    x: ms => {
      const inside = Math.min(Math.max(startMs, ms), endMs);
      return Math.round((left + (inside - startMs) * perMs) * 10) / 10;
    },
  };
}

export function snap(x: number): number {
  return Math.round(x / GRID) * GRID;
}

const TICK_STEPS_MS = [100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1.5e4, 3e4, 6e4, 1.2e5, 3e5];

/** Round moments for the axis, at most eleven. */
export function ticks(startMs: number, endMs: number): readonly number[] {
  const length = endMs - startMs;
  const longest = Math.ceil(length / 6e6) * 6e5;
  const step = TICK_STEPS_MS.find(candidate => length / candidate <= 10) ?? longest;
  const first = Math.ceil(startMs / step);
  const last = Math.floor(endMs / step);
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, index) => (first + index) * step,
  );
}
