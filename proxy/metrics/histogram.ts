/**
 * How long things took, in fixed room and mergeable: log-linear buckets over whole microseconds.
 * Below 16 µs every value has a bucket; above, each power of two is cut into 16, so a value that is
 * read back is at most 1/32 off.
 *
 *     0 1 … 15 │ 16 17 … 31 │ 32 34 … 62 │ 64 68 … 124 │ …   2^40 µs, 12 days, and longer
 *      row 0       row 1        row 2        row 3       …        row 37
 */

const CUTS = 16;
const CUT_BITS = 4;
const ROWS = 38;
const LONGEST_US = 2 ** 41 - 1;

export interface HistogramSnapshot {
  readonly count: number;
  readonly sumMs: number;
  readonly maxMs: number;
  /** Bucket number, count, bucket number, count …: those that hold something, in order. */
  readonly buckets: readonly number[];
}

export class Histogram {
  private count = 0;
  private sumMs = 0;
  private maxMs = 0;
  /** A row exists from its first value on; most histograms need five or so. */
  private readonly rows: (number[] | undefined)[] = new Array(ROWS).fill(undefined);

  record(ms: number): void {
    this.count++;
    this.sumMs += ms;
    if (ms > this.maxMs) this.maxMs = ms;
    const bucket = bucketOf(ms);
    const row = this.rowOf(bucket >> CUT_BITS);
    const cut = bucket & (CUTS - 1);
    row[cut] = (row[cut] as number) + 1;
  }

  merge(other: HistogramSnapshot): void {
    this.count += other.count;
    this.sumMs += other.sumMs;
    this.maxMs = Math.max(this.maxMs, other.maxMs);
    for (let i = 0; i + 1 < other.buckets.length; i += 2) {
      const bucket = other.buckets[i] as number;
      const row = this.rowOf(bucket >> CUT_BITS);
      const cut = bucket & (CUTS - 1);
      row[cut] = (row[cut] as number) + (other.buckets[i + 1] as number);
    }
  }

  snapshot(): HistogramSnapshot {
    const buckets: number[] = [];
    for (const [rowIndex, row] of this.rows.entries()) {
      for (const [cut, count] of (row ?? []).entries()) {
        if (count > 0) buckets.push(rowIndex * CUTS + cut, count);
      }
    }
    return { count: this.count, sumMs: this.sumMs, maxMs: this.maxMs, buckets };
  }

  private rowOf(index: number): number[] {
    const row = this.rows[index];
    if (row !== undefined) return row;
    const added: number[] = new Array(CUTS).fill(0);
    this.rows[index] = added;
    return added;
  }
}

export function emptyHistogram(): HistogramSnapshot {
  return { count: 0, sumMs: 0, maxMs: 0, buckets: [] };
}

/** The value that `share` (in [0, 1]) of all values do not exceed; 0 without values. */
export function quantileMs({ count, maxMs, buckets }: HistogramSnapshot, share: number): number {
  const rank = Math.max(1, Math.ceil(count * share));
  let seen = 0;
  for (let i = 0; i + 1 < buckets.length; i += 2) {
    seen += buckets[i + 1] as number;
    if (seen >= rank) return Math.min(maxMs, middleMs(buckets[i] as number));
  }
  return maxMs;
}

/** How many values were at most this long: what a histogram of other buckets is made of. */
export function countUpTo({ buckets }: HistogramSnapshot, ms: number): number {
  const last = bucketOf(ms);
  let seen = 0;
  for (let i = 0; i + 1 < buckets.length && (buckets[i] as number) <= last; i += 2) {
    seen += buckets[i + 1] as number;
  }
  return seen;
}

function bucketOf(ms: number): number {
  const us = ms * 1000;
  // Also for NaN, and for a clock that went back.
  if (!(us >= 0)) return 0;
  if (us < 2 ** 31) return bucketOfInt(us | 0);
  // Beyond 35 minutes the shifts below would overflow.
  const capped = Math.min(LONGEST_US, us);
  const power = Math.floor(Math.log2(capped));
  const cut = Math.floor(capped / 2 ** (power - CUT_BITS)) - CUTS;
  return (power - CUT_BITS + 1) * CUTS + cut;
}

function bucketOfInt(us: number): number {
  if (us < CUTS) return us;
  const power = 31 - Math.clz32(us);
  return ((power - CUT_BITS + 1) << CUT_BITS) + ((us >> (power - CUT_BITS)) & (CUTS - 1));
}

function middleMs(bucket: number): number {
  if (bucket < CUTS) return (bucket + 0.5) / 1000;
  const width = 2 ** (Math.floor(bucket / CUTS) - 1);
  return ((CUTS + (bucket % CUTS)) * width + width / 2) / 1000;
}
