/**
 * Counts of the last while, and how many of them were marked, in a ring of buckets: forgetting is
 * the reuse of a bucket, so memory and work do not grow with traffic.
 *
 *     [ 12/1 ][ 9/0 ][ 14/3 ][ 2/0 ]      each: all/marked of one tenth of the window
 *                               ▲ now; the next one is the oldest
 */

const BUCKETS = 10;

export class SlidingCounts {
  private readonly bucketMs: number;
  private readonly all: number[] = new Array(BUCKETS).fill(0);
  private readonly marked: number[] = new Array(BUCKETS).fill(0);
  /** Number of the current bucket since the clock's zero. */
  private current = 0;
  private currentEnds = 0;

  constructor(windowMs: number) {
    this.bucketMs = Math.max(1, windowMs / BUCKETS);
  }

  count(now: number): void {
    if (now >= this.currentEnds) this.turn(now);
    const slot = this.current % BUCKETS;
    this.all[slot] = (this.all[slot] ?? 0) + 1;
  }

  mark(now: number): void {
    if (now >= this.currentEnds) this.turn(now);
    const slot = this.current % BUCKETS;
    this.marked[slot] = (this.marked[slot] ?? 0) + 1;
  }

  counted(now: number): number {
    if (now >= this.currentEnds) this.turn(now);
    return sum(this.all);
  }

  markedOf(now: number): number {
    if (now >= this.currentEnds) this.turn(now);
    return sum(this.marked);
  }

  clear(): void {
    this.all.fill(0);
    this.marked.fill(0);
  }

  private turn(now: number): void {
    const target = Math.floor(now / this.bucketMs);
    const passed = Math.min(BUCKETS, target - this.current);
    for (let i = 0; i < passed; i++) {
      const slot = (target - i) % BUCKETS;
      this.all[slot] = 0;
      this.marked[slot] = 0;
    }
    this.current = target;
    this.currentEnds = (target + 1) * this.bucketMs;
  }
}

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const each of numbers) total += each;
  return total;
}
