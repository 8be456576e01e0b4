/** One step: act, watch until every check has its verdict, take the pictures. */
import { setImmediate } from 'node:timers/promises';
import type { Capabilities } from '../../../vms/provider.ts';
import type { Action } from '../actions.ts';
import { commandOf, nativeLinesOf } from '../commands.ts';
import { messageOf } from '../errors.ts';
import { diagnosed } from '../judge/diagnose.ts';
import type { JudgeContext } from '../judge/evidence.ts';
import { judge } from '../judge/judge.ts';
import { atPace } from '../judge/window.ts';
import type { Check, Lab, Step } from '../lab.ts';
import type { Narrator } from '../narrator/narration.ts';
import type { CheckResult, StepResult } from '../result.ts';
import { type Language, type Text, t } from '../text.ts';
import {
  awaitChecks,
  type CheckUnderWay,
  isBrowserCheck,
  sourceOf,
  underWay,
  verdictOf,
} from './await-checks.ts';
import { gradedPrediction } from './grade-prediction.ts';
import { imitationOf } from './imitations.ts';
import { pause, unlessInterrupted } from './interruptible.ts';
import {
  askDirectly,
  directMachines,
  isAskedDirectly,
  isLookedAt,
  type Look,
  lookOnce,
  looksOf,
  shotResults,
  type Viewer,
} from './look.ts';
import type { Recorder } from './recorder.ts';
import { addressBook, runAction } from './run-action.ts';
import type { RunFolder } from './run-folder.ts';
import type { Stage } from './stage.ts';

export interface Play {
  readonly lab: Lab;
  readonly stage: Stage;
  readonly recorder: Recorder;
  readonly folder: RunFolder;
  readonly narrator: Narrator;
  readonly language: Language;
  readonly signal: AbortSignal;
  /** Demo pace: time to read and to talk between commands. */
  readonly slow: boolean;
  /** The reason stands where there is no browser. */
  readonly browser: Viewer | { readonly missing: string };
  readonly forwardedPorts: Readonly<Record<string, number>>;
}

const LOOK_AGAIN_MS = 150;
/** What was recorded just now is judged in the next turn of the event loop. */
const judged = (): Promise<void> => setImmediate();
const DEMO_PAUSE_MS = 2_500;

/** The step's checks as they are judged on these machines. */
export function honestChecks({ check }: Step, capabilities: Capabilities): readonly Check[] {
  return check.map(one => atPace(honestly(one, capabilities), capabilities.pace));
}

/** Where something is imitated, the check tells and judges what is true there. */
function honestly(check: Check, capabilities: Capabilities): Check {
  const { imitated } = check;
  if (imitated === undefined) return check;
  if (imitationOf(imitated.verb, capabilities) === undefined) return check;
  return { ...check, claim: imitated.claim, probe: imitated.probe };
}

export function contextOf(play: Play, stepStartedAt: number, actedAt: number): JudgeContext {
  return {
    language: play.language,
    visitors: Object.keys(play.lab.visitors),
    backends: play.lab.backends,
    forwardedPorts: play.forwardedPorts,
    stepStartedAt,
    actedAt,
  };
}

export async function runStep(step: Step, play: Play): Promise<StepResult> {
  const { recorder } = play;
  const startedAt = recorder.now();
  recorder.append({ kind: 'step', step: step.id, phase: 'start' });
  const said: Said[] = [];
  const acted = await act(step, play, said);
  recorder.append({ kind: 'step', step: step.id, phase: 'acted' });
  const actedAt = recorder.now();
  const context = contextOf(play, startedAt, actedAt);
  const checks = underWay(honestChecks(step, play.stage.room.capabilities));
  const looks = looksOf(step, play.stage.url, play.forwardedPorts, play.folder);
  const results: CheckResult[] =
    acted.error === undefined
      ? await watch(step, play, checks, looks, context)
      : checks.map(one => refused(one, `${acted.error}`));
  const invariants = (step.during ?? []).map(check => invariant(check, play, context));
  for (const result of invariants) play.narrator.settled(result);
  recorder.append({ kind: 'step', step: step.id, phase: 'end' });
  if (step.recap !== undefined) play.narrator.recap(step.recap);
  if (play.slow) await pause(DEMO_PAUSE_MS, play.signal);
  return {
    id: step.id,
    title: step.title,
    say: step.say,
    commands: said.map(({ command }) => command),
    outputs: said.map(({ output }) => output),
    startedAt,
    durationMs: recorder.now() - startedAt,
    checks: [...results, ...invariants],
    shots: 'missing' in play.browser ? [] : shotResults(step, looks),
    ...gradedPrediction(step, play.recorder.records, context),
  };
}

interface Said {
  readonly command: string;
  output: string;
}

async function act(step: Step, play: Play, said: Said[]): Promise<{ readonly error?: string }> {
  for (const action of step.act) {
    try {
      await actOnce(step, action, play, said);
    } catch (error) {
      if (play.signal.aborted) throw error;
      return { error: messageOf(error) };
    }
  }
  return {};
}

async function actOnce(step: Step, action: Action, play: Play, said: Said[]): Promise<void> {
  const { recorder, narrator, stage, signal } = play;
  const command = commandOf(action, await addressBook(stage));
  const line: Said = { command, output: '' };
  said.push(line);
  narrator.command(command, nativeLinesOf(action, stage.room));
  if (play.slow) await pause(DEMO_PAUSE_MS, signal);
  const record = { kind: 'action', step: step.id, command } as const;
  recorder.append({ ...record, phase: 'start' });
  const before = recorder.records.length;
  try {
    const { told, imitated } = await unlessInterrupted(
      runAction(action, stage, recorder, signal),
      signal,
    );
    recorder.append({ ...record, phase: 'end' });
    line.output = told ?? '';
    if (told !== undefined && told !== '') narrator.told(told);
    if (imitated !== undefined) narrator.note(imitation(imitated));
  } catch (error) {
    recorder.append({ ...record, phase: 'end', error: messageOf(error) });
    throw error;
  }
  const connects = recorder.records.slice(before).filter(one => one.kind === 'connect');
  if (connects.length > 0) narrator.measured(connects);
}

function imitation(how: string): Text {
  return t(`imitated here: ${how}`, `imité ici : ${how}`);
}

/** Looks with browsers and past the proxy, again and again, while the history is judged. */
async function watch(
  step: Step,
  play: Play,
  checks: readonly CheckUnderWay[],
  looks: readonly Look[],
  context: JudgeContext,
): Promise<CheckResult[]> {
  const { browser, recorder, narrator, signal } = play;
  const results = new Map<string, CheckResult>();
  const settle = (one: CheckUnderWay, result: CheckResult): void => {
    results.set(one.check.id, result);
    narrator.settled(result);
  };
  const isOpen = (wants: (check: Check) => boolean): boolean =>
    !signal.aborted && checks.some(one => wants(one.check) && !results.has(one.check.id));
  let blind: string | undefined;
  const blindChecks = 'missing' in browser ? checks.filter(one => isBrowserCheck(one.check)) : [];
  for (const one of blindChecks) {
    settle(one, refused(one, 'missing' in browser ? browser.missing : ''));
  }
  const lookLoop = async (): Promise<void> => {
    if ('missing' in browser || looks.length === 0) return;
    do {
      blind = await lookOnce(browser, looks, recorder, play.folder);
      await judged();
      if (isOpen(isLookedAt)) await pause(LOOK_AGAIN_MS, signal);
    } while (isOpen(isLookedAt));
  };
  const directLoop = async (): Promise<void> => {
    const machines = directMachines(step);
    for (let number = 1; isOpen(isAskedDirectly); number += 1) {
      await askDirectly(machines, play.forwardedPorts, recorder, number);
      await judged();
      if (isOpen(isAskedDirectly)) await pause(LOOK_AGAIN_MS, signal);
    }
  };
  const onSettled = (one: CheckUnderWay): void =>
    settle(one, resultOf(one, context, blind, recorder));
  const seeing = checks.filter(one => !blindChecks.includes(one));
  const judging = awaitChecks(seeing, recorder, context, signal, onSettled);
  await unlessInterrupted(Promise.all([judging, lookLoop(), directLoop()]), signal);
  return checks.flatMap(one => results.get(one.check.id) ?? []);
}

function resultOf(
  one: CheckUnderWay,
  context: JudgeContext,
  blind: string | undefined,
  recorder: Recorder,
): CheckResult {
  const verdict = diagnosed(one.check, verdictOf(one), recorder.records, context);
  const blinded = verdict.kind === 'unknown' && isBrowserCheck(one.check) && blind !== undefined;
  return {
    id: one.check.id,
    claim: one.check.claim,
    source: sourceOf(one.check),
    verdict: blinded ? { kind: 'unknown', because: blind ?? '' } : verdict,
    durationMs: Math.max(0, (one.settledAt ?? context.actedAt) - context.actedAt),
  };
}

function refused(one: CheckUnderWay, because: string): CheckResult {
  const { id, claim } = one.check;
  return {
    id,
    claim,
    source: sourceOf(one.check),
    verdict: { kind: 'unknown', because },
    durationMs: 0,
  };
}

/** Judged once, over all records of the stretch. */
export function invariant(check: Check, play: Play, context: JudgeContext): CheckResult {
  const verdict = judge(check.probe, play.recorder.records, context);
  return {
    id: check.id,
    claim: check.claim,
    source: 'invariant',
    verdict: diagnosed(check, verdict, play.recorder.records, context),
    durationMs: play.recorder.now() - context.stepStartedAt,
  };
}
