/** Which of a step's predictions came true, judged from what was recorded. */
import type { HistoryRecord } from '../history.ts';
import type { JudgeContext } from '../judge/evidence.ts';
import { judge } from '../judge/judge.ts';
import type { Step } from '../lab.ts';
import type { StepResult } from '../result.ts';

/** Nothing for a step that asks for no prediction. */
export function gradedPrediction(
  { predict }: Step,
  records: readonly HistoryRecord[],
  context: JudgeContext,
): Pick<StepResult, 'prediction'> {
  if (predict === undefined) return {};
  const choices = predict.choices.map(({ id, text, trueWhen }) => ({
    id,
    text,
    happened: judge(trueWhen, records, context).kind === 'pass',
  }));
  return { prediction: { ask: predict.ask, choices } };
}
