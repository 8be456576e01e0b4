/**
 * Turns verdicts over time into one verdict. `within`: it must become true in time; `for`: it
 * must then stay true that long. Pure, so a live run and a later reading of its history agree.
 *
 *     acted ──── fail ── fail ── pass ────── pass ──▶ settled: pass
 *       └───────── within ────────┘└── for ──┘
 */
import { milliseconds } from '../duration.ts';
import type { Check, Window } from '../lab.ts';
import type { Verdict } from '../verdict.ts';

export interface WindowState {
  /** Since when it has been true without a break. */
  readonly heldSince?: number;
  readonly settled?: Verdict;
  readonly latest?: Verdict;
}

export const DEFAULT_WITHIN_MS = 5_000;

export function withinMs(window: Window | undefined): number {
  return window?.within === undefined ? DEFAULT_WITHIN_MS : milliseconds(window.within);
}

/** On machines that take longer, whatever has to become true has that much more time. */
export function atPace(check: Check, pace = 1): Check {
  if (pace === 1) return check;
  return { ...check, window: { ...check.window, within: `${withinMs(check.window) * pace}ms` } };
}

export function advance(
  window: Check['window'],
  state: WindowState,
  verdict: Verdict,
  now: number,
  actedAt: number,
): WindowState {
  const next = advanceWithoutLimit(window, state, verdict, now);
  if (next.settled !== undefined || verdict.kind === 'pass') return next;
  return now - actedAt > withinMs(window) ? { settled: verdict, latest: verdict } : next;
}

/** As `advance`, for somebody who may take all the time in the world. */
export function advanceWithoutLimit(
  window: Check['window'],
  state: WindowState,
  verdict: Verdict,
  now: number,
): WindowState {
  if (state.settled !== undefined) return state;
  if (verdict.kind !== 'pass') return { latest: verdict };
  const heldSince = state.heldSince ?? now;
  const holdMs = window?.for === undefined ? 0 : milliseconds(window.for);
  if (now - heldSince < holdMs) return { heldSince, latest: verdict };
  return { heldSince, settled: verdict, latest: verdict };
}
