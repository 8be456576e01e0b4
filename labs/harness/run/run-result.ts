/** Puts the outcome of a run together: the value behind result.json and every report. */
import { SYSTEM_NAME } from '../../../vms/platform.ts';
import type { Capabilities, Provider } from '../../../vms/provider.ts';
import { isFailed, type JudgeContext } from '../judge/evidence.ts';
import { interruptedVerdict, overall } from '../judge/overall.ts';
import type { Check, Imitable, Lab, Step } from '../lab.ts';
import type { RunResult, StepResult } from '../result.ts';
import { t } from '../text.ts';
import { sourceOf } from './await-checks.ts';
import { imitationOf } from './imitations.ts';
import type { RunOptions } from './lab-parts.ts';
import type { Recorder } from './recorder.ts';
import { honestChecks, invariant, type Play } from './run-step.ts';

export interface RunFacts {
  readonly lab: Lab;
  readonly options: RunOptions;
  readonly provider: Provider;
  readonly startedAt: Date;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  readonly steps: readonly StepResult[];
  readonly browser: RunResult['browser'];
}

export function runResult(facts: RunFacts): RunResult {
  const { lab, options, provider, recorder, signal } = facts;
  return {
    schema: 1,
    lab: lab.id,
    title: lab.title,
    language: options.language,
    provider: provider.name,
    imitations: imitationsIn(lab, provider.capabilities),
    ...(provider.capabilities.pace !== undefined && { pace: provider.capabilities.pace }),
    browser: facts.browser,
    startedAt: facts.startedAt.toISOString(),
    durationMs: Math.round(recorder.now()),
    environment: {
      relais: options.version,
      node: process.version,
      platform: `${SYSTEM_NAME}-${process.arch}`,
      seed: options.seed,
      instance: options.instance,
    },
    requests: countRequests(lab, recorder),
    verdict: signal.aborted ? interruptedVerdict : overall(facts.steps, options.browser),
    interrupted: signal.aborted,
    steps: facts.steps,
  };
}

function countRequests(lab: Lab, recorder: Recorder): RunResult['requests'] {
  const visitors = Object.keys(lab.visitors);
  const requests = recorder.records
    .filter(record => record.kind === 'request')
    .filter(record => visitors.includes(record.visitor));
  return { total: requests.length, failed: requests.filter(isFailed).length };
}

/** Only what this lab uses: a reader wants to know about this run. */
function imitationsIn(lab: Lab, capabilities: Capabilities): Readonly<Record<string, string>> {
  const failures = lab.steps.flatMap(step =>
    step.act.flatMap(action => (action.kind === 'machine-down' ? [action.how] : [])),
  );
  const judged = lab.steps
    .flatMap(({ check }) => check)
    .some(({ imitated }) => imitated?.verb === 'silent-connect');
  const used: readonly Imitable[] = [
    ...new Set(failures),
    ...(judged ? (['silent-connect'] as const) : []),
    ...(lab.proxy.monitor === true ? (['prometheus'] as const) : []),
  ];
  return Object.fromEntries(
    used.flatMap(what => {
      const how = imitationOf(what, capabilities);
      return how === undefined ? [] : [[what, how]];
    }),
  );
}

/** A step after one that failed: nothing is known about it. */
export function notReached(step: Step, failed: Step, play: Play): StepResult {
  const because = t(
    `not reached: step "${failed.id}" did not pass`,
    `pas atteint : l’étape « ${failed.id} » n’a pas réussi`,
  )[play.language];
  const { capabilities } = play.stage.room;
  return {
    id: step.id,
    title: step.title,
    say: step.say,
    commands: [],
    outputs: [],
    startedAt: play.recorder.now(),
    durationMs: 0,
    checks: honestChecks(step, capabilities).map(check => ({
      id: check.id,
      claim: check.claim,
      source: sourceOf(check),
      verdict: { kind: 'unknown', because },
      durationMs: 0,
    })),
    shots: [],
  };
}

/** The promises of the whole run, told as a last step. */
export function throughoutResult(
  checks: readonly Check[],
  play: Play,
  context: JudgeContext,
): StepResult {
  return {
    id: 'throughout',
    title: t('From beginning to end', 'Du début à la fin'),
    say: t(
      'What had to hold for every single request of this run.',
      'Ce qui devait rester vrai pour chaque requête de cette exécution.',
    ),
    commands: [],
    outputs: [],
    startedAt: 0,
    durationMs: play.recorder.now(),
    checks: checks.map(check => invariant(check, play, context)),
    shots: [],
  };
}
