/** A run as test cases: one check is one case, named by lab, step and check. */
import type { CheckResult, RunResult } from '../harness/result.ts';
import type { Text } from '../harness/text.ts';
import type { Verdict } from '../harness/verdict.ts';

export interface Case {
  /** `lab.step` */
  readonly suite: string;
  /** Of the check. */
  readonly name: string;
  readonly claim: Text | undefined;
  readonly durationMs: number;
  readonly verdict: Verdict;
}

export interface Suite {
  readonly name: string;
  readonly durationMs: number;
  readonly cases: readonly Case[];
}

export function suitesOf(result: RunResult): readonly Suite[] {
  const steps = result.steps.map(({ id, durationMs, checks }) => {
    const name = `${result.lab}.${id}`;
    return { name, durationMs, cases: checks.map(check => caseOf(name, check)) };
  });
  return [...steps, ...runSuite(result)];
}

function caseOf(suite: string, { id, claim, durationMs, verdict }: CheckResult): Case {
  return { suite, name: id, claim, durationMs, verdict };
}

/** A run cut short, or one that judged nothing, must not look green. */
function runSuite(result: RunResult): readonly Suite[] {
  const judged = result.steps.some(step => step.checks.length > 0);
  if (judged && !result.interrupted) return [];
  const because = result.interrupted ? 'the run was interrupted' : result.verdict.because;
  const verdict: Verdict = { kind: 'unknown', because };
  const { durationMs } = result;
  const suite = `${result.lab}.run`;
  const cases = [{ suite, name: 'completed', claim: undefined, durationMs, verdict }];
  return [{ name: suite, durationMs, cases }];
}
