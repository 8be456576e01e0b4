/** The limits of requests in one worker: what they share with others, and what is told of refusals. */
import type { EventBody } from '../../command/events.ts';
import { RefusalRegimes } from '../../limits/refusal-regimes.ts';
import type { SharedLimits } from '../../limits/shared-limits.ts';
import type { Counters } from '../../metrics/counters.ts';

/** Which limit refuses; where each client has its own, `what` tells of the first one. */
export interface RefusedBy {
  readonly key: string;
  readonly clusterId: string;
  readonly what: string;
}

export interface RequestLimitOptions {
  readonly shared: SharedLimits;
  readonly counters: Counters;
  readonly emit: (event: EventBody) => void;
  readonly now: () => number;
}

export class RequestLimits {
  readonly shared: SharedLimits;
  private readonly options: RequestLimitOptions;
  private readonly regimes = new RefusalRegimes<RefusedBy>();

  constructor(options: RequestLimitOptions) {
    this.shared = options.shared;
    this.options = options;
  }

  refused(by: RefusedBy): void {
    const { counters, emit, now } = this.options;
    counters.requestsLimited++;
    if (!this.regimes.refused(by.key, by, now())) return;
    const cause = `${by.what}; more are answered 429`;
    emit({ kind: 'request-limit-reached', clusterId: by.clusterId, cause });
  }

  /** Now and then: some limit may have refused nobody for a while. */
  tick(): void {
    this.shared.expire();
    for (const { subject, refused } of this.regimes.ended(this.options.now())) {
      const cause = `${subject.what}; ${refused} refused, none in the last seconds`;
      this.options.emit({ kind: 'request-limit-left', clusterId: subject.clusterId, cause });
    }
  }
}
