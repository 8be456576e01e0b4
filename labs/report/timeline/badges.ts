/** Numbered badges of moments, moved to a further line where they would cover each other. */
import type { Moment } from './moments.ts';
import type { Scale } from './scale.ts';

export interface Badge {
  readonly number: number;
  readonly x: number;
  /** 0 is the line next to the drawing. */
  readonly line: number;
}

const WIDTH = 20;
const MAX_LINES = 6;

export function placeBadges(moments: readonly Moment[], scale: Scale): readonly Badge[] {
  const lastX: number[] = [];
  return moments.map(({ at }, order) => {
    const x = scale.x(at);
    const free = Array.from({ length: MAX_LINES }, (_, index) => index).find(
      candidate => x - (lastX[candidate] ?? Number.NEGATIVE_INFINITY) >= WIDTH,
    );
    const line = free ?? order % MAX_LINES;
    lastX[line] = x;
    return { number: order + 1, x, line };
  });
}
