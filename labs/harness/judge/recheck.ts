/** Gives the verdicts of a run again, from its written history alone. */
import type { HistoryRecord } from '../history.ts';
import type { Check, Lab, Step } from '../lab.ts';
import type { RunResult } from '../result.ts';
import type { Verdict } from '../verdict.ts';
import type { JudgeContext } from './evidence.ts';
import { judge } from './judge.ts';
import { advance, type WindowState } from './window.ts';

export interface Rechecked {
  readonly step: string;
  readonly check: string;
  readonly verdict: Verdict;
}

/** Steps that the history does not know were not reached, and are left out. */
export function recheck(
  lab: Lab,
  result: RunResult,
  records: readonly HistoryRecord[],
): readonly Rechecked[] {
  return lab.steps.flatMap(step => {
    const context = contextFrom(lab, result, step, records);
    if (context === undefined) return [];
    return step.check.map(check => ({
      step: step.id,
      check: check.id,
      verdict: recheckOne(asJudged(check, result), records, context),
    }));
  });
}

function contextFrom(
  lab: Lab,
  result: RunResult,
  step: Step,
  records: readonly HistoryRecord[],
): JudgeContext | undefined {
  const phases = records.filter(record => record.kind === 'step' && record.step === step.id);
  const at = (phase: string): number | undefined =>
    phases.find(record => record.kind === 'step' && record.phase === phase)?.at;
  const [stepStartedAt, actedAt] = [at('start'), at('acted')];
  if (stepStartedAt === undefined || actedAt === undefined) return undefined;
  const shift = result.environment.instance * 100;
  return {
    language: result.language,
    visitors: Object.keys(lab.visitors),
    backends: lab.backends,
    forwardedPorts: Object.fromEntries(
      Object.entries(lab.machines).map(([name, machine]) => [name, machine.forwardedPort + shift]),
    ),
    stepStartedAt,
    actedAt,
  };
}

function asJudged(check: Check, { imitations }: RunResult): Check {
  const { imitated } = check;
  if (imitated === undefined || imitations[imitated.verb] === undefined) return check;
  return { ...check, probe: imitated.probe };
}

/** Judged at every record after the step had acted, as the run did. */
function recheckOne(
  check: Check,
  records: readonly HistoryRecord[],
  context: JudgeContext,
): Verdict {
  let state: WindowState = {};
  for (const [index, { at }] of records.entries()) {
    if (at < context.actedAt) continue;
    const verdict = judge(check.probe, records.slice(0, index + 1), context);
    state = advance(check.window, state, verdict, at, context.actedAt);
    if (state.settled !== undefined) return state.settled;
  }
  return state.latest ?? { kind: 'unknown', because: 'nothing was recorded' };
}
