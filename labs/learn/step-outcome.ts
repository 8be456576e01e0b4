/** A step that was done by hand, as the reports know steps. */

import type { Step } from '../harness/lab.ts';
import type { CheckResult, StepResult } from '../harness/result.ts';
import { isBrowserCheck } from '../harness/run/await-checks.ts';
import { gradedPrediction } from '../harness/run/grade-prediction.ts';
import { type Language, t } from '../harness/text.ts';
import { isGreen, type LiveCheck, verdictIn } from './live-step.ts';
import type { JudgedPromise } from './promises.ts';
import type { StepInHand } from './step-in-hand.ts';

/** `seen`: pages were looked at with a browser; without one they are judged like other answers. */
export function stepOutcome(
  hand: StepInHand,
  seen: boolean,
  now: number,
  language: Language,
): StepResult {
  const { step, live, evidence, promises, commands, looks } = hand;
  const context = hand.context(language);
  if (!hand.isDone) promises.judge(context, now, true);
  return {
    id: step.id,
    title: step.title,
    say: step.say,
    commands,
    outputs: [],
    startedAt: live.startedAt,
    durationMs: (live.doneAt ?? now) - live.startedAt,
    checks: [
      ...live.checks.map(one => checkResult(one, hand, seen, language)),
      ...promises.judged.map(one => promiseResult(one, now - live.startedAt)),
    ],
    shots: seen ? looks.shots : [],
    ...gradedPrediction(step, evidence.records, context),
  };
}

const never = 'it was never judged';
const untouched = t('the step was not done', 'l’étape n’a pas été faite');

/** Of a step that was never in hand. */
export function untouchedOutcome(step: Step, now: number, language: Language): StepResult {
  const verdict = { kind: 'unknown', because: untouched[language] } as const;
  const { id, title, say, check } = step;
  return {
    id,
    title,
    say,
    commands: [],
    outputs: [],
    startedAt: now,
    durationMs: 0,
    checks: check.map(one => ({
      id: one.id,
      claim: one.claim,
      source: 'history',
      verdict,
      durationMs: 0,
    })),
    shots: [],
  };
}

function checkResult(
  one: LiveCheck,
  { live, evidence }: StepInHand,
  seen: boolean,
  language: Language,
): CheckResult {
  const { id, claim } = one.check;
  const verdict = verdictIn(one, evidence.records, language) ?? { kind: 'unknown', because: never };
  return {
    id,
    claim,
    source: seen && isBrowserCheck(one.check) ? 'browser' : 'history',
    // What has not held as long as it must is not proved, and a step that was left has not failed.
    verdict: isGreen(one) ? verdict : { ...verdict, kind: 'unknown' },
    durationMs: (one.settledAt ?? live.actedAt) - live.actedAt,
  };
}

function promiseResult({ check, verdict }: JudgedPromise, durationMs: number): CheckResult {
  return { id: check.id, claim: check.claim, source: 'invariant', verdict, durationMs };
}
