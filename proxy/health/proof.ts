/**
 * Whether a backend is well from now on. The verdict of its health checks may be older than the
 * program that runs there now, so results count from the moment somebody asked:
 *
 *     as many good ones in a row as make a backend healthy: proved
 *     as many bad ones in a row as make it unhealthy: not, and the reason
 */
import type { HealthRules } from './health-state.ts';
import type { ProbeResult } from './probe.ts';

export type ProofEnd =
  | { readonly proved: true }
  | { readonly proved: false; readonly reason: string };

export class Proof {
  private passed = 0;
  private failed = 0;
  private isOver = false;
  private lastReason = 'no health check has ended';
  private readonly onEnd: (end: ProofEnd) => void;

  constructor(onEnd: (end: ProofEnd) => void) {
    this.onEnd = onEnd;
  }

  /** `reason` of a result: plain words. Returns whether it is over. */
  learn({ isSuccess, reason }: ProbeResult, rules: HealthRules): boolean {
    this.lastReason = `the last health check: ${reason}`;
    this.passed = isSuccess ? this.passed + 1 : 0;
    this.failed = isSuccess ? 0 : this.failed + 1;
    if (this.passed >= rules.healthyThreshold) this.end({ proved: true });
    else if (this.failed >= rules.unhealthyThreshold) this.giveUp('its health checks fail');
    return this.isOver;
  }

  giveUp(why: string): void {
    this.end({ proved: false, reason: `${why} (${this.lastReason})` });
  }

  private end(end: ProofEnd): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onEnd(end);
  }
}
