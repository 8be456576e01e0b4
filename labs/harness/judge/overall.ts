/** One verdict for a whole run. */
import type { StepResult } from '../result.ts';
import { type Verdict, worst } from '../verdict.ts';

export const interruptedVerdict: Verdict = { kind: 'unknown', because: 'interrupted' };

type JudgedStep = Pick<StepResult, 'id'> & {
  readonly checks: readonly Pick<StepResult['checks'][number], 'id' | 'source' | 'verdict'>[];
};

/** Where no browser was wanted, what only a browser can tell is left out of the verdict. */
export function overall(steps: readonly JudgedStep[], withBrowser: boolean): Verdict {
  const verdicts = steps.flatMap(step =>
    step.checks
      .filter(({ source }) => withBrowser || source !== 'browser')
      .map(({ id, verdict }) =>
        verdict.kind === 'pass'
          ? verdict
          : { ...verdict, because: `${step.id}.${id}: ${verdict.because}` },
      ),
  );
  const gravest = worst(verdicts);
  if (gravest.kind !== 'pass') return gravest;
  return { kind: 'pass', because: `${verdicts.length} checks` };
}
