/**
 * The circuit breaker of one backend, as a pure step from state to state.
 *
 *             threshold failures            wait is over
 *     closed ───────────────────▶ open ──────────────────▶ half-open
 *       ▲                         ▲ ▲   wait doubles            │ │ │
 *       │                         │ └────── trial fails ────────┘ │ │
 *       │                         └───── nobody saw its end ──────┘ │
 *       └───────────────────────────────── trial succeeds ──────────┘
 *
 * closed: traffic flows. open: none until a time. half-open: one trial is under way.
 */

export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | {
      readonly state: 'open';
      readonly failures: number;
      /** How often in a row it opened; decides the next wait. */
      readonly openings: number;
      readonly waitMs: number;
      readonly until: number;
    }
  | { readonly state: 'half-open'; readonly failures: number; readonly openings: number };

export type BreakerEvent =
  | 'succeeded'
  /** One more in a row; the threshold decides. */
  | 'failed'
  /** Enough was seen, whatever the threshold says. */
  | 'tripped'
  /** A request takes the one trial that an open breaker lets through. */
  | 'trial-started'
  /** Its client went away before it ended: the next request is a trial at once. */
  | 'trial-abandoned'
  /** Somebody says that the backend is well, such as an operator who adds it again. */
  | 'reset';

export interface BreakerRules {
  readonly failureThreshold: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** An answer that does not begin in time is a failure, too. */
  readonly countTimeouts: boolean;
  /** This share of 5xx answers trips it; 0: answers do not count. */
  readonly errorPercent: number;
  readonly errorMinRequests: number;
  readonly errorWindowMs: number;
}

export const DEFAULT_BREAKER: BreakerRules = {
  failureThreshold: 3,
  firstWaitMs: 1000,
  longestWaitMs: 30_000,
  countTimeouts: false,
  errorPercent: 0,
  errorMinRequests: 20,
  errorWindowMs: 10_000,
};

/** Waits differ by this share, so that backends that fell together are not tried together. */
export const WAIT_JITTER: number = 0.1;

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

/** The rules with what `options` says; no options give the shared default record. */
export function breakerRules(options: Partial<BreakerRules> | undefined): BreakerRules {
  return options === undefined ? DEFAULT_BREAKER : { ...DEFAULT_BREAKER, ...options };
}

/** A connect alone proves nothing where answers count: then the answer decides about a trial. */
export function judgesAnswers(rules: BreakerRules): boolean {
  return rules.countTimeouts || rules.errorPercent > 0;
}

/** May a request go through at `now` (monotonic milliseconds)? */
export function admits(breaker: Breaker, now: number): boolean {
  if (breaker.state === 'closed') return true;
  return breaker.state === 'open' && now >= breaker.until;
}

/** `random` is in [0, 1). */
export function stepBreaker(
  breaker: Breaker,
  event: BreakerEvent,
  rules: BreakerRules,
  now: number,
  random: number,
): Breaker {
  switch (event) {
    case 'succeeded':
    case 'reset':
      return breaker.state === 'closed' && breaker.failures === 0 ? breaker : CLOSED;
    case 'trial-started':
      if (breaker.state !== 'open' || now < breaker.until) return breaker;
      return { state: 'half-open', failures: breaker.failures, openings: breaker.openings };
    case 'trial-abandoned':
      return breaker.state === 'half-open' ? { ...breaker, ...NO_WAIT, until: now } : breaker;
    case 'failed':
    case 'tripped':
      return afterFailure(breaker, event, rules, now, random);
  }
}

const NO_WAIT = { state: 'open', waitMs: 0 } as const;

function afterFailure(
  breaker: Breaker,
  event: 'failed' | 'tripped',
  rules: BreakerRules,
  now: number,
  random: number,
): Breaker {
  const failures = breaker.failures + 1;
  switch (breaker.state) {
    case 'closed':
      return event === 'failed' && failures < rules.failureThreshold
        ? { state: 'closed', failures }
        : open(failures, 1, rules, now, random);
    case 'open':
      // An attempt from before it opened: known already, so the wait stays as it is.
      return { ...breaker, failures };
    case 'half-open':
      return open(failures, breaker.openings + 1, rules, now, random);
  }
}

function open(
  failures: number,
  openings: number,
  { firstWaitMs, longestWaitMs }: BreakerRules,
  now: number,
  random: number,
): Breaker {
  const doubled = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(openings - 1, 30));
  const waitMs = Math.round(doubled * (1 + WAIT_JITTER * (2 * random - 1)));
  return { state: 'open', failures, openings, waitMs, until: now + waitMs };
}

/** Milliseconds until an open breaker lets a trial through; 0 in every other state. */
export function retryInMs(breaker: Breaker, now: number): number {
  return breaker.state === 'open' ? Math.max(0, Math.ceil(breaker.until - now)) : 0;
}
