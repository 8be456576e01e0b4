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

export function advance(
  window: Check['window'],
  state: WindowState,
  verdict: Verdict,
  now: number,
  actedAt: number,
): WindowState {
  if (state.settled !== undefined) return state;
  if (verdict.kind === 'pass') {
    const heldSince = state.heldSince ?? now;
    const holdMs = window?.for === undefined ? 0 : milliseconds(window.for);
    if (now - heldSince >= holdMs) return { heldSince, settled: verdict, latest: verdict };
    return { heldSince, latest: verdict };
  }
  if (now - actedAt > withinMs(window)) return { settled: verdict, latest: verdict };
  return { latest: verdict };
}
