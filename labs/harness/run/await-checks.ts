/** Judges the checks of a step over the growing history until each has its verdict. */

import type { JudgeContext } from '../judge/evidence.ts';
import { judge } from '../judge/judge.ts';
import { advance, type WindowState } from '../judge/window.ts';
import type { Check } from '../lab.ts';
import type { CheckResult } from '../result.ts';
import type { Verdict } from '../verdict.ts';
import { interrupted, throwIfInterrupted } from './interruptible.ts';
import type { Recorder } from './recorder.ts';

/** Windows end by time as well as by records. */
const TICK_MS = 50;

export interface CheckUnderWay {
  readonly check: Check;
  state: WindowState;
  settledAt?: number;
}

export function underWay(checks: readonly Check[]): CheckUnderWay[] {
  return checks.map(check => ({ check, state: {} }));
}

/** One round: every open check is judged at this moment. */
export function judgeRound(
  open: readonly CheckUnderWay[],
  recorder: Pick<Recorder, 'records'>,
  context: JudgeContext,
  now: number,
): readonly CheckUnderWay[] {
  const settled: CheckUnderWay[] = [];
  for (const one of open) {
    if (one.state.settled !== undefined) continue;
    const verdict = judge(one.check.probe, recorder.records, context);
    one.state = advance(one.check.window, one.state, verdict, now, context.actedAt);
    if (one.state.settled === undefined) continue;
    one.settledAt = now;
    settled.push(one);
  }
  return settled;
}

/**
 * Resolves when all are settled. Records that arrive in one go are judged together: two browsers
 * that looked at the same moment count as one look.
 */
export async function awaitChecks(
  checks: readonly CheckUnderWay[],
  recorder: Recorder,
  context: JudgeContext,
  signal: AbortSignal,
  onSettled: (settled: CheckUnderWay) => void,
): Promise<void> {
  throwIfInterrupted(signal);
  let stop = (): void => {};
  const settledAll = new Promise<void>((resolve, reject) => {
    const round = (): void => {
      for (const one of judgeRound(checks, recorder, context, recorder.now())) onSettled(one);
      if (checks.every(({ state }) => state.settled !== undefined)) resolve();
    };
    let scheduled = false;
    const onAppend = recorder.onAppend(() => {
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        round();
      });
    });
    const tick = setInterval(round, TICK_MS);
    const abort = (): void => reject(interrupted());
    signal.addEventListener('abort', abort, { once: true });
    stop = () => {
      onAppend();
      clearInterval(tick);
      signal.removeEventListener('abort', abort);
    };
    round();
  });
  await settledAll.finally(() => stop());
}

export function verdictOf(one: CheckUnderWay): Verdict {
  return (
    one.state.settled ?? one.state.latest ?? { kind: 'unknown', because: 'it was never judged' }
  );
}

export function sourceOf(check: Check): CheckResult['source'] {
  return isBrowserCheck(check) ? 'browser' : 'history';
}

export function isBrowserCheck(check: Check): boolean {
  return check.probe.kind === 'page' || check.probe.kind === 'pages-differ';
}
