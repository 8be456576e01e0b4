/** Says with a failure what probably led to it. */
import type { HistoryRecord } from '../history.ts';
import type { Check, Diagnosis } from '../lab.ts';
import type { Verdict } from '../verdict.ts';
import type { JudgeContext } from './evidence.ts';
import { judge } from './judge.ts';

/** The first that fits now, whatever the check itself says. */
export function fittingDiagnosis(
  { because }: Pick<Check, 'because'>,
  records: readonly HistoryRecord[],
  context: JudgeContext,
): Diagnosis | undefined {
  return because?.find(({ when }) => judge(when, records, context).kind === 'pass');
}

/** The first diagnosis that fits is told; other verdicts stay as they are. */
export function diagnosed(
  check: Check,
  verdict: Verdict,
  records: readonly HistoryRecord[],
  context: JudgeContext,
): Verdict {
  if (verdict.kind !== 'fail') return verdict;
  const fits = fittingDiagnosis(check, records, context);
  if (fits === undefined) return verdict;
  return { ...verdict, because: `${verdict.because}. ${fits.say[context.language]}` };
}
