/** How large a token bucket is: a configured rate with its burst filled in. */

export interface BucketSize {
  readonly perSecond: number;
  /** At least 1: otherwise there would never be a whole token. */
  readonly burst: number;
}

export function bucketSize(rate: { perSecond: number; burst?: number | undefined }): BucketSize {
  const { perSecond, burst = perSecond } = rate;
  return { perSecond, burst: Math.max(1, burst) };
}

/** After this time without a request the bucket is full: as good as a new one. */
export function refillMs({ perSecond, burst }: BucketSize): number {
  return (burst * 1000) / perSecond;
}
