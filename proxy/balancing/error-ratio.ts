/** The share of 5xx answers of one backend in the last while: does it trip the breaker? */
import type { BreakerRules } from './circuit-breaker.ts';
import { SlidingCounts } from './sliding-counts.ts';

export interface ErrorShare {
  readonly errors: number;
  readonly answers: number;
}

export class ErrorRatio {
  private readonly rules: BreakerRules;
  private readonly counts: SlidingCounts;

  constructor(rules: BreakerRules) {
    this.rules = rules;
    this.counts = new SlidingCounts(rules.errorWindowMs);
  }

  /** The share when it is too high; then counting begins anew. */
  add(isError: boolean, now: number): ErrorShare | undefined {
    this.counts.count(now);
    if (!isError) return undefined;
    this.counts.mark(now);
    const answers = this.counts.counted(now);
    const errors = this.counts.markedOf(now);
    const { errorMinRequests, errorPercent } = this.rules;
    if (answers < errorMinRequests || errors * 100 < answers * errorPercent) return undefined;
    this.counts.clear();
    return { errors, answers };
  }
}
