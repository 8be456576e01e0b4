/** The shape of a mark tells how its request ended, so that the drawing needs no colour for it. */
import type { Outcome } from '../evidence/request-outcome.ts';

/** `r` is half the width of the mark. */
const shapes: Readonly<Record<Outcome, (r: number) => string>> = {
  answered: r => `m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  'answered-elsewhere': r => diamond(1.35 * r),
  refused: r => `m${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
  error: r => cross(r),
  'no-answer': r => `${cross(r)}m${-r} ${-2.4 * r}v${2.8 * r}`,
};

function diamond(r: number): string {
  return `m${-r} 0l${r} ${-r} ${r} ${r} ${-r} ${r}z`;
}

function cross(r: number): string {
  return `m${-r} ${-r}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}m${r} ${-r}`;
}

export function shapeAt(outcome: Outcome, x: number, y: number, r: number): string {
  return `M${x} ${y}${shapes[outcome](r)}`;
}

/** Lines, not areas: they are stroked. */
export function isCross(outcome: Outcome): boolean {
  return outcome === 'error' || outcome === 'no-answer';
}
