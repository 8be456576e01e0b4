/** Turns moments of the run into places on the drawing. */

export interface Scale {
  readonly left: number;
  readonly right: number;
  readonly endMs: number;
  x(ms: number): number;
}

/** Two marks nearer than this are one: a drawing of 50,000 requests stays small. */
const GRID = 3;

export function makeScale(left: number, right: number, endMs: number): Scale {
  const perMs = (right - left) / Math.max(1, endMs);
  return {
    left,
    right,
    endMs,
    x: ms => Math.round((left + Math.min(Math.max(0, ms), endMs) * perMs) * 10) / 10,
  };
}

export function snap(x: number): number {
  return Math.round(x / GRID) * GRID;
}

/** Round moments for the axis, at most ten. */
export function ticks(endMs: number): readonly number[] {
  const steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000];
  const step =
    steps.find(candidate => endMs / candidate <= 10) ?? Math.ceil(endMs / 10 / 6e5) * 6e5;
  return Array.from({ length: Math.floor(endMs / step) + 1 }, (_, index) => index * step);
}
