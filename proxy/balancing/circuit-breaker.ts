/**
 * The circuit breaker of one backend, as a pure step from state to state.
 *
 *             threshold failures            wait is over
 *     closed ───────────────────▶ open ──────────────────▶ half-open
 *       ▲                          ▲  wait doubles              │ │
 *       │                          └─────── trial fails ────────┘ │
 *       └───────────────────────────────── trial succeeds ────────┘
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
  | 'connect-succeeded'
  | 'connect-failed'
  /** A request takes the one trial that an open breaker lets through. */
  | 'trial-started'
  /** Somebody says that the backend is well, such as an operator who adds it again. */
  | 'reset';

export const FAILURE_THRESHOLD: number = 3;
export const FIRST_WAIT_MS: number = 1000;
export const LONGEST_WAIT_MS: number = 30_000;
/** Waits differ by this share, so that backends that fell together are not tried together. */
export const WAIT_JITTER: number = 0.1;

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

/** May a request go through at `now` (monotonic milliseconds)? */
export function admits(breaker: Breaker, now: number): boolean {
  if (breaker.state === 'closed') return true;
  return breaker.state === 'open' && now >= breaker.until;
}

/** `random` is in [0, 1). */
export function stepBreaker(
  breaker: Breaker,
  event: BreakerEvent,
  now: number,
  random: number,
): Breaker {
  switch (event) {
    case 'connect-succeeded':
    case 'reset':
      return breaker.state === 'closed' && breaker.failures === 0 ? breaker : CLOSED;
    case 'trial-started':
      if (breaker.state !== 'open' || now < breaker.until) return breaker;
      return { state: 'half-open', failures: breaker.failures, openings: breaker.openings };
    case 'connect-failed':
      return afterFailure(breaker, now, random);
  }
}

function afterFailure(breaker: Breaker, now: number, random: number): Breaker {
  const failures = breaker.failures + 1;
  switch (breaker.state) {
    case 'closed':
      return failures < FAILURE_THRESHOLD
        ? { state: 'closed', failures }
        : open(failures, 1, now, random);
    case 'open':
      // An attempt from before it opened: known already, so the wait stays as it is.
      return { ...breaker, failures };
    case 'half-open':
      return open(failures, breaker.openings + 1, now, random);
  }
}

function open(failures: number, openings: number, now: number, random: number): Breaker {
  const doubled = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(openings - 1, 16));
  const waitMs = Math.round(doubled * (1 + WAIT_JITTER * (2 * random - 1)));
  return { state: 'open', failures, openings, waitMs, until: now + waitMs };
}

/** Milliseconds until an open breaker lets a trial through; 0 in every other state. */
export function retryInMs(breaker: Breaker, now: number): number {
  return breaker.state === 'open' ? Math.max(0, Math.ceil(breaker.until - now)) : 0;
}
