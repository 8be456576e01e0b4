/**
 * How many retries a cluster may make: a share of its requests, so that backends in trouble do not
 * get their load multiplied. Only a retry behind a try that a living backend may have worked on
 * draws on it: a connect that failed put no load on anyone.
 */
import { SlidingCounts } from './sliding-counts.ts';

export interface RetryRules {
  /** Idempotent requests that were answered 502, 503 or 504 go to another backend. */
  readonly onError: boolean;
  /** Of the requests of the last ten seconds; 100: no limit. */
  readonly budgetPercent: number;
  /** Always allowed, per worker. */
  readonly budgetMinPerSecond: number;
}

export const DEFAULT_RETRY: RetryRules = {
  onError: false,
  budgetPercent: 20,
  budgetMinPerSecond: 10,
};

const WINDOW_MS = 10_000;

export function retryRules(options: Partial<RetryRules> | undefined): RetryRules {
  return options === undefined ? DEFAULT_RETRY : { ...DEFAULT_RETRY, ...options };
}

export class RetryBudget {
  rules: RetryRules;
  retriesTotal = 0;
  /** Retries that were not made because of the budget. */
  refusedTotal = 0;
  private exhaustedUntil = Number.NEGATIVE_INFINITY;
  private readonly counts = new SlidingCounts(WINDOW_MS);

  constructor(rules: RetryRules) {
    this.rules = rules;
  }

  /** A request came. */
  earn(now: number): void {
    this.counts.count(now);
  }

  /** The retry may be made, and is counted. */
  spend(now: number): 'allowed' | 'refused' | 'first-refused' {
    const { budgetPercent, budgetMinPerSecond } = this.rules;
    const share = (this.counts.counted(now) * budgetPercent) / 100;
    const least = (budgetMinPerSecond * WINDOW_MS) / 1000;
    if (budgetPercent < 100 && this.counts.markedOf(now) + 1 > Math.max(share, least)) {
      return this.refuse(now);
    }
    this.counts.mark(now);
    this.retriesTotal++;
    return 'allowed';
  }

  clearTotals(): void {
    this.retriesTotal = 0;
    this.refusedTotal = 0;
  }

  /** The first in a while begins a time of exhaustion, which is told once. */
  private refuse(now: number): 'refused' | 'first-refused' {
    const isFirst = now >= this.exhaustedUntil;
    this.refusedTotal++;
    this.exhaustedUntil = now + WINDOW_MS;
    return isFirst ? 'first-refused' : 'refused';
  }
}
