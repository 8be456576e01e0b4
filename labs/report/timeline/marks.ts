/** Shapes of requests. The shape tells the version, so that the drawing needs no colour. */
import type { RequestRecord } from '../../harness/history.ts';
import { isFailed } from '../../harness/judge/evidence.ts';
import { endOf } from '../visitor-requests.ts';
import { type Scale, snap } from './scale.ts';

/** Paths around a centre. The sample app wears circle and diamond for its versions, too. */
const shapes: readonly string[] = [
  'm-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z',
  'm-4.5 0l4.5-4.5 4.5 4.5-4.5 4.5z',
  'm-3.2-3.2h6.4v6.4h-6.4z',
  'm-4 3.2l4-7 4 7z',
];
const cross = 'm-4-4l8 8m0-8l-8 8';

export function shapeOf(versionIndex: number, x: number, y: number): string {
  return `M${x} ${y}${shapes[Math.max(0, versionIndex) % shapes.length]}`;
}

export function crossAt(x: number, y: number): string {
  return `M${x} ${y}${cross}`;
}

/** Answered requests of one row and one version, as one path; near ones share a mark. */
export function answeredPath(
  requests: readonly RequestRecord[],
  versionIndex: number,
  scale: Scale,
  y: number,
): string {
  const places = new Set(requests.map(request => snap(scale.x(endOf(request)))));
  return [...places].map(x => shapeOf(versionIndex, x, y)).join('');
}

/** A line from question to answer for those that waited visibly. */
export function waitsPath(requests: readonly RequestRecord[], scale: Scale, y: number): string {
  const lines = requests.flatMap(request => {
    const [from, to] = [snap(scale.x(request.startedAt)), snap(scale.x(endOf(request)))];
    return to - from < 6 ? [] : `M${from} ${y}H${to}`;
  });
  return [...new Set(lines)].join('');
}

export interface FailedMark {
  readonly x: number;
  readonly requests: readonly RequestRecord[];
}

/** Failed ones are never merged into answered ones. */
export function failedMarks(
  requests: readonly RequestRecord[],
  scale: Scale,
): readonly FailedMark[] {
  const byPlace = new Map<number, RequestRecord[]>();
  for (const request of requests.filter(isFailed)) {
    const x = snap(scale.x(endOf(request)));
    const known = byPlace.get(x);
    if (known === undefined) byPlace.set(x, [request]);
    else known.push(request);
  }
  return [...byPlace].map(([x, failed]) => ({ x, requests: failed }));
}
