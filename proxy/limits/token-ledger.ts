/** The token buckets of all rates, where all workers draw from them. */
import type { BucketSize } from './bucket-size.ts';
import { refillMs } from './bucket-size.ts';
import { TokenBucket } from './token-bucket.ts';
import { TwoGenerations } from './two-generations.ts';

/** Of clients, whose number is theirs to choose. Beyond it the oldest are forgotten: full buckets. */
export const MAX_BUCKETS_PER_GENERATION = 65_536;

export class TokenLedger {
  private readonly buckets: TwoGenerations<TokenBucket>;
  private readonly workers: number;
  /** As of the last `take` that gave nothing. */
  waitMs = 0;

  constructor(workers: number, now: number) {
    this.workers = workers;
    this.buckets = new TwoGenerations(MAX_BUCKETS_PER_GENERATION, now);
  }

  get size(): number {
    return this.buckets.size;
  }

  /**
   * Tokens for one worker: a few at once, so that a high rate does not cost a message for each
   * request. What it has not used when the bucket is full again comes on top: a quarter of the
   * burst, over all workers.
   */
  take(key: string, size: BucketSize, now: number): number {
    let bucket = this.buckets.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(size, now);
      this.buckets.set(key, bucket, now, refillMs(size));
    }
    const share = this.workers === 1 ? 1 : Math.floor(size.burst / (4 * this.workers));
    const taken = bucket.take(size, Math.max(1, share), now);
    this.waitMs = taken > 0 ? 0 : bucket.waitMs(size);
    return taken;
  }
}
