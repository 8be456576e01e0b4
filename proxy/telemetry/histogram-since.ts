/** What a histogram has got since an earlier state of it. Pure. */
import { emptyHistogram, type HistogramSnapshot } from '../metrics/histogram.ts';

/** Empty when it has less than before: a worker ended and took its counts along. */
export function histogramSince(
  now: HistogramSnapshot,
  before: HistogramSnapshot | undefined,
): HistogramSnapshot {
  if (before === undefined) return now;
  if (now.count < before.count) return emptyHistogram();
  const counts = new Map<number, number>();
  for (let at = 0; at + 1 < before.buckets.length; at += 2) {
    counts.set(before.buckets[at] as number, before.buckets[at + 1] as number);
  }
  const buckets: number[] = [];
  for (let at = 0; at + 1 < now.buckets.length; at += 2) {
    const bucket = now.buckets[at] as number;
    const count = (now.buckets[at + 1] as number) - (counts.get(bucket) ?? 0);
    if (count > 0) buckets.push(bucket, count);
  }
  const count = now.count - before.count;
  return { count, sumMs: now.sumMs - before.sumMs, maxMs: now.maxMs, buckets };
}
