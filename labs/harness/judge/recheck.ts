/** Gives the verdicts of a run again, from its written history. */
import { addressPlan } from '../../../vms/address-plan.ts';
import { SECOND_PROXY } from '../actions.ts';
import type { HistoryRecord } from '../history.ts';
import type { Check, Lab, Step } from '../lab.ts';
import type { CheckResult, RunResult, StepResult } from '../result.ts';
import type { Verdict } from '../verdict.ts';
import type { JudgeContext } from './evidence.ts';
import { judge } from './judge.ts';
import { interruptedVerdict, overall } from './overall.ts';
import { replayCheck } from './replay-check.ts';
import { type StepMoments, stepMoments, stepMomentsByHand } from './step-moments.ts';
import { atPace } from './window.ts';

export interface RecheckedCase {
  readonly step: string;
  readonly check: string;
  readonly claim: CheckResult['claim'];
  readonly source: CheckResult['source'];
  readonly verdict: Verdict;
  /** What the run had said. */
  readonly recorded: Verdict;
}

export interface Rechecked {
  readonly verdict: Verdict;
  readonly recorded: Verdict;
  /** In the order of the run. */
  readonly cases: readonly RecheckedCase[];
}

/** `lab` is the one that the run was of; a check that it has no more is `unknown`. */
export function recheck(lab: Lab, result: RunResult, records: readonly HistoryRecord[]): Rechecked {
  const steps = result.steps.map(step => ({
    id: step.id,
    checks: recheckStep(step, lab, result, records),
  }));
  const judged = steps.map(({ id, checks }) => ({
    id,
    checks: checks.map(({ check, source, verdict }) => ({ id: check, source, verdict })),
  }));
  const { browser } = result;
  const withBrowser = browser.found || browser.reason !== NOT_WANTED;
  return {
    verdict: result.interrupted ? interruptedVerdict : overall(judged, withBrowser),
    recorded: result.verdict,
    cases: steps.flatMap(({ checks }) => checks),
  };
}

/** Why there is no browser, where none was asked for. */
const NOT_WANTED = '--no-browser';

export function agrees({ verdict, recorded, cases }: Rechecked): boolean {
  return [{ verdict, recorded }, ...cases].every(one => one.verdict.kind === one.recorded.kind);
}

function recheckStep(
  told: StepResult,
  lab: Lab,
  result: RunResult,
  records: readonly HistoryRecord[],
): readonly RecheckedCase[] {
  const step = lab.steps.find(({ id }) => id === told.id);
  const moments = (result.byHand ? stepMomentsByHand : stepMoments)(told.id, records);
  return told.checks.map(check => {
    const { id, claim, source, verdict: recorded } = check;
    const verdict = verdictOf(check, step, { lab, told, result, records, moments });
    return { step: told.id, check: id, claim, source, recorded, verdict };
  });
}

interface Recheck {
  readonly lab: Lab;
  readonly told: StepResult;
  readonly result: RunResult;
  readonly records: readonly HistoryRecord[];
  readonly moments: StepMoments | undefined;
}

function verdictOf(check: CheckResult, step: Step | undefined, facts: Recheck): Verdict {
  const { lab, told, result, records, moments } = facts;
  const known = step === undefined ? lab.throughout : [...step.check, ...(step.during ?? [])];
  const found = known.find(({ id }) => id === check.id);
  if (found === undefined) return unknown(`the lab has no check "${check.id}" here any more`);
  const judged = atPace(asJudged(found, result), result.pace);
  if (step === undefined) return judgeThroughout(judged, told, facts);
  if (moments === undefined) return unknown('not reached');
  const context = contextOf(facts, moments.startedAt, moments.actedAt);
  if (check.source === 'invariant') {
    return judge(judged.probe, records.slice(0, moments.count), context);
  }
  const refusal = result.byHand ? undefined : refusalOf(check, told, facts);
  if (refusal !== undefined) return unknown(refusal);
  const settledAt = moments.actedAt + check.durationMs;
  if (!result.byHand) return replayCheck(judged, records, context, settledAt);
  const seen = records.slice(0, moments.count);
  const verdict = replayCheck(withoutLimit(judged), seen, context, settledAt);
  // A step that was left may have been left before anybody judged it.
  const isProved = verdict.kind === 'pass' && (moments.isDone || check.verdict.kind === 'pass');
  return isProved ? verdict : unknown(verdict.because);
}

/** Who takes their time has not failed. */
function withoutLimit(check: Check): Check {
  return { ...check, window: { ...check.window, within: '1000000m' } };
}

/** The last step of a result judges the whole run, up to the moment when it was judged. */
function judgeThroughout(check: Check, told: StepResult, facts: Recheck): Verdict {
  const until = told.startedAt + told.durationMs;
  const records = facts.records.filter(({ at }) => at <= until);
  return judge(check.probe, records, contextOf(facts, told.startedAt, told.startedAt));
}

/** Why the run did not judge it at all. */
function refusalOf(
  { source }: CheckResult,
  told: StepResult,
  { result, records }: Recheck,
): string | undefined {
  const failed = records.find(
    record => record.kind === 'action' && record.step === told.id && record.error !== undefined,
  );
  if (failed?.kind === 'action') return failed.error;
  return source === 'browser' && !result.browser.found ? result.browser.reason : undefined;
}

function unknown(because: string): Verdict {
  return { kind: 'unknown', because };
}

function contextOf({ lab, result }: Recheck, stepStartedAt: number, actedAt: number): JudgeContext {
  const { portShift, secondProxyPort } = addressPlan(result.environment.instance);
  return {
    language: result.language,
    visitors: Object.keys(lab.visitors),
    backends: lab.backends,
    forwardedPorts: {
      ...Object.fromEntries(
        Object.entries(lab.machines).map(([name, { forwardedPort }]) => [
          name,
          forwardedPort + portShift,
        ]),
      ),
      [SECOND_PROXY]: secondProxyPort,
    },
    stepStartedAt,
    actedAt,
  };
}

function asJudged(check: Check, { imitations }: RunResult): Check {
  const { imitated } = check;
  if (imitated === undefined || imitations[imitated.verb] === undefined) return check;
  return { ...check, probe: imitated.probe };
}
