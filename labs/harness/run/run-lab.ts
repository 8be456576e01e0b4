/** A run from nothing to nothing: set up, play every step, always take down, judge, report. */
import type { Lab, Step } from '../lab.ts';
import type { RunResult, StepResult } from '../result.ts';
import { withRun } from './begin-run.ts';
import { throwIfInterrupted, unlessInterrupted } from './interruptible.ts';
import type { LabParts, OpenedBrowser, RunOptions } from './lab-parts.ts';
import { type OpenedPlay, type PlayRequest, withPlay } from './open-play.ts';
import { notReached, runResult, throughoutResult } from './run-result.ts';
import { contextOf, type Play, runStep } from './run-step.ts';

export interface RunOutcome {
  readonly result: RunResult;
  readonly folder: string;
}

/** Rejects when nothing could be run; a lab that fails resolves, with its verdict. */
export function runLab(
  lab: Lab,
  options: RunOptions,
  parts: LabParts,
  signal: AbortSignal,
): Promise<RunOutcome> {
  return withRun(lab, options, parts, signal, async run => {
    const { folder, recorder } = run;
    const played = await playLab(run);
    const result = runResult({ ...run, ...played });
    await parts.writeReports(result, recorder.records, folder.folder);
    parts.narrator.summary(result, folder.folder);
    return { result, folder: folder.folder };
  });
}

interface Played {
  readonly steps: readonly StepResult[];
  readonly browser: RunResult['browser'];
}

/** What was played before an interruption or a failure still counts. */
async function playLab(request: PlayRequest): Promise<Played> {
  const steps: StepResult[] = [];
  let browser: OpenedBrowser = { found: false, reason: 'interrupted' };
  try {
    await withPlay(request, async opened => {
      browser = opened.browser;
      await playSteps(opened, request, steps);
      // The last requests of the visitors count, so they end before the run is judged as a whole.
      await opened.visitors.stop();
      if (!request.signal.aborted) steps.push(...judgeThroughout(opened.play));
    });
  } catch (error) {
    if (!request.signal.aborted) throw error;
  }
  return { steps, browser: browserFacts(browser) };
}

async function playSteps(
  { play, visitors }: OpenedPlay,
  { lab, parts, signal }: PlayRequest,
  results: StepResult[],
): Promise<void> {
  for (const [index, step] of lab.steps.entries()) {
    throwIfInterrupted(signal);
    parts.narrator.step(step, index, lab.steps.length);
    if (step.visitors === 'rest') await unlessInterrupted(visitors.rest(), signal);
    const result = await runStep(step, play);
    if (step.visitors === 'rest') visitors.resume();
    results.push(result);
    if (mayGoOn(result)) continue;
    const rest: readonly Step[] = lab.steps.slice(index + 1);
    results.push(...rest.map(one => notReached(one, step, play)));
    return;
  }
}

function judgeThroughout(play: Play): readonly StepResult[] {
  const { throughout } = play.lab;
  if (throughout.length === 0) return [];
  const result = throughoutResult(throughout, play, contextOf(play, 0, 0));
  for (const check of result.checks) play.narrator.settled(check);
  return [result];
}

/** A step without a browser is still a step; one that failed leaves no ground for the next. */
function mayGoOn(step: StepResult): boolean {
  return step.checks.every(
    ({ source, verdict }) =>
      verdict.kind === 'pass' || (source === 'browser' && verdict.kind === 'unknown'),
  );
}

function browserFacts(browser: OpenedBrowser): RunResult['browser'] {
  return browser.found
    ? { found: true, name: browser.name }
    : { found: false, reason: browser.reason };
}
