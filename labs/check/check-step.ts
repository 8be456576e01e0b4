/** One step from its start: red, then its actions, then green, with one prediction that came true. */
import type { Step } from '../harness/lab.ts';
import type { StepResult } from '../harness/result.ts';
import { type Play, runStep } from '../harness/run/run-step.ts';
import { isActing } from './check-texts.ts';
import { broken, type Finding, holds } from './finding.ts';
import { greenWithoutActing } from './watch-checks.ts';

/** As long as it takes the visitors to show that nothing happens by itself. */
const RED_MS = 1_500;

export async function checkRed(
  step: Step,
  play: Play,
  rule: 'red-before' | 'red-again',
): Promise<readonly Finding[]> {
  if (!isActing(step)) return [];
  const green = await greenWithoutActing(step, play, RED_MS);
  if (green.size < step.check.length) return [holds(rule, step.id)];
  return [broken(rule, step.id, 'all its checks are green although nothing was done')];
}

export async function checkGreen(step: Step, play: Play): Promise<readonly Finding[]> {
  const result = await runStep(step, play);
  const wrong = result.checks.filter(({ verdict }) => verdict.kind !== 'pass');
  const green =
    wrong.length === 0
      ? holds('green-after', step.id)
      : broken('green-after', step.id, wrong.map(told).join('; '));
  return [green, ...predictionFinding(step, result)];
}

function told({ id, verdict }: StepResult['checks'][number]): string {
  return `${id}: ${verdict.kind}: ${verdict.because}`;
}

function predictionFinding(step: Step, { prediction }: StepResult): readonly Finding[] {
  if (prediction === undefined) return [];
  const happened = prediction.choices.filter(choice => choice.happened).map(({ id }) => id);
  if (happened.length === 1) return [holds('one-prediction', step.id)];
  const which =
    happened.length === 0 ? 'none of its choices' : `these choices: ${happened.join(', ')}`;
  return [broken('one-prediction', step.id, `it came to ${which}; it must be one`)];
}
