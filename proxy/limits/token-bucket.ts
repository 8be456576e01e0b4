/** A rate as a bucket: `burst` tokens at most, `perSecond` new ones, one for each request. */
import type { BucketSize } from './bucket-size.ts';

export class TokenBucket {
  private tokens: number;
  private at: number;

  /** A new bucket is full. `now` is monotonic milliseconds. */
  constructor(size: BucketSize, now: number) {
    this.tokens = size.burst;
    this.at = now;
  }

  /** Takes whole tokens, as many as there are up to `wanted`; the size may have changed meanwhile. */
  take({ perSecond, burst }: BucketSize, wanted: number, now: number): number {
    const gained = (Math.max(0, now - this.at) * perSecond) / 1000;
    this.tokens = Math.min(burst, this.tokens + gained);
    this.at = now;
    const taken = Math.min(wanted, Math.floor(this.tokens + ROUNDING));
    this.tokens -= taken;
    return taken;
  }

  /** Time until the next whole token, as of the last `take`. */
  waitMs({ perSecond }: BucketSize): number {
    return Math.max(0, ((1 - this.tokens) * 1000) / perSecond);
  }
}

/** Thirds do not add up to a whole: what is this near to a token is one. */
const ROUNDING = 1e-9;
