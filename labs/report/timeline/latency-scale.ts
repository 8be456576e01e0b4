/** How long requests took, as heights: each line up is ten times longer than the one below. */
import type { RequestRecord } from '../../harness/history.ts';

export interface LatencyScale {
  /** Whole powers of ten, in milliseconds, shortest first. */
  readonly lines: readonly number[];
  /** Height above the bottom of the lane. */
  height(durationMs: number): number;
}

const LEAST_DECADES = 2;
/** Nothing that a visitor measures is shorter. */
const SHORTEST_MS = 0.1;

export function latencyScale(requests: readonly RequestRecord[], space: number): LatencyScale {
  const times = requests.map(({ durationMs }) => Math.max(SHORTEST_MS, durationMs));
  const [shortest, longest] = [
    times.reduce((a, b) => Math.min(a, b), 10),
    times.reduce((a, b) => Math.max(a, b), 10),
  ];
  const low = Math.floor(Math.log10(shortest));
  const high = Math.max(low + LEAST_DECADES, Math.ceil(Math.log10(longest)));
  const perDecade = space / (high - low);
  return {
    lines: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    height: ms => {
      const decades = Math.log10(Math.max(SHORTEST_MS, ms)) - low;
      return Math.round(Math.min(high - low, Math.max(0, decades)) * perDecade * 10) / 10;
    },
  };
}
