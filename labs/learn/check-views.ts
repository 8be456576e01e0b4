/** Checks and promises as a learner sees them: colour, reason, and the diagnosis that fits. */
import type { HistoryRecord } from '../harness/history.ts';
import { fittingDiagnosis } from '../harness/judge/diagnose.ts';
import type { JudgeContext } from '../harness/judge/evidence.ts';
import type { Check } from '../harness/lab.ts';
import type { Language, Text } from '../harness/text.ts';
import type { Verdict } from '../harness/verdict.ts';
import type { CheckView } from './learn-view.ts';
import { isGreen, type LiveCheck, type LiveStep, verdictIn } from './live-step.ts';

/** A check is red before anything was done: that alone needs no explanation. */
const THINK_MS = 3_000;

export function checkView(
  one: LiveCheck,
  live: LiveStep,
  records: readonly HistoryRecord[],
  now: number,
  language: Language,
): CheckView {
  const { id, claim } = one.check;
  const because = verdictIn(one, records, language)?.because ?? '';
  const tried = live.changes > 0 || live.step.act.length === 0;
  const isDue = tried && now - live.actedAt > THINK_MS;
  const diagnosis = isDue ? diagnosisOf(one, records, live.contextIn(language)) : undefined;
  return { id, claim, state: stateOf(one), because, diagnosis };
}

function stateOf(one: LiveCheck): CheckView['state'] {
  if (isGreen(one)) return 'green';
  if (one.state.heldSince !== undefined) return 'holding';
  return one.state.latest?.kind === 'fail' ? 'red' : 'unknown';
}

/** The first that fits a check that fails. */
export function diagnosisOf(
  { check, state }: LiveCheck,
  records: readonly HistoryRecord[],
  context: JudgeContext,
): Text | undefined {
  if (state.settled !== undefined || state.latest?.kind !== 'fail') return undefined;
  return fittingDiagnosis(check, records, context)?.say;
}

export function promiseView({ id, claim }: Check, { kind, because }: Verdict): CheckView {
  const state = kind === 'pass' ? 'green' : kind === 'fail' ? 'red' : 'unknown';
  return { id, claim, state, because, diagnosis: undefined };
}
