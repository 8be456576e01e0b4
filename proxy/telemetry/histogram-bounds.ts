/**
 * The buckets in which times are told. The histogram has an edge at every power of two of a
 * microsecond, so counts at these bounds are exact; at round decimal bounds they would be guesses.
 */
import { countUpTo, type HistogramSnapshot } from '../metrics/histogram.ts';

const FIRST_POWER = 8;
const LAST_POWER = 24;

/** 256 µs to 16.8 s, in milliseconds. */
export const boundsMs: readonly number[] = Array.from(
  { length: LAST_POWER - FIRST_POWER + 1 },
  (_, index) => 2 ** (FIRST_POWER + index) / 1000,
);

/** As the label `le` has them. */
export const boundsSeconds: readonly string[] = boundsMs.map(ms =>
  String(Math.round(ms * 1000) / 1e6),
);

/** How many times were shorter than each bound; together they only grow. */
export function countsUpToBounds(histogram: HistogramSnapshot): number[] {
  if (histogram.count === 0) return boundsMs.map(() => 0);
  return boundsMs.map(ms => countUpTo(histogram, ms - HALF_MICROSECOND_MS));
}

/** The bucket that begins at the bound is not counted. */
const HALF_MICROSECOND_MS = 0.0005;
