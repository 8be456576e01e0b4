/**
 * The gate for authors: is this lab one that a learner can rely on? Every step is jumped into, must
 * be red, is done, must be green, and is red again after a reset; every listed mistake is made;
 * then the whole story is played once more in its order.
 */
import type { Lab, Step } from '../harness/lab.ts';
import { withRun } from '../harness/run/begin-run.ts';
import { throwIfInterrupted } from '../harness/run/interruptible.ts';
import type { LabParts, RunOptions } from '../harness/run/lab-parts.ts';
import { type OpenedPlay, withPlay } from '../harness/run/open-play.ts';
import { restoreStep } from '../harness/run/restore-step.ts';
import { contextOf, invariant } from '../harness/run/run-step.ts';
import { checkMistake } from './check-mistakes.ts';
import { checkGreen, checkRed } from './check-step.ts';
import { checkTexts } from './check-texts.ts';
import { broken, type Finding, holds, type LabReport } from './finding.ts';

/** Tells each finding as it is made. */
export async function checkLab(
  lab: Lab,
  options: RunOptions,
  parts: LabParts,
  signal: AbortSignal,
  onFinding: (finding: Finding) => void,
): Promise<LabReport> {
  const findings: Finding[] = [];
  const goToMs: Record<string, number> = {};
  const tell = (...made: readonly Finding[]): void => {
    findings.push(...made);
    for (const finding of made) onFinding(finding);
  };
  tell(...checkTexts(lab));
  await withRun(lab, options, parts, signal, run =>
    withPlay(run, async opened => {
      const gate = new Gate(lab, opened, goToMs, tell);
      for (const step of lab.steps) await gate.jumpInto(step);
      await gate.playStory();
      await opened.visitors.stop();
    }),
  );
  return { lab: lab.id, findings, goToMs };
}

class Gate {
  readonly #lab: Lab;
  readonly #opened: OpenedPlay;
  readonly #goToMs: Record<string, number>;
  readonly #tell: (...made: readonly Finding[]) => void;

  constructor(
    lab: Lab,
    opened: OpenedPlay,
    goToMs: Record<string, number>,
    tell: (...made: readonly Finding[]) => void,
  ) {
    this.#lab = lab;
    this.#opened = opened;
    this.#goToMs = goToMs;
    this.#tell = tell;
  }

  async jumpInto(step: Step): Promise<void> {
    const { play } = this.#opened;
    await this.#restore(step);
    this.#tell(...(await checkRed(step, play, 'red-before')));
    this.#tell(...(await this.#green(step)));
    await this.#restore(step);
    this.#tell(...(await checkRed(step, play, 'red-again')));
    for (const mistake of step.mistakes ?? []) {
      await this.#restore(step);
      this.#tell(await checkMistake(step, mistake, play));
    }
  }

  /** The second time for every step, as a run plays them. */
  async playStory(): Promise<void> {
    const { play } = this.#opened;
    const [first] = this.#lab.steps;
    await this.#restore(first);
    const begun = play.recorder.now();
    for (const step of this.#lab.steps) {
      this.#tell(...(await checkRed(step, play, 'red-before')));
      this.#tell(...(await this.#green(step)));
    }
    for (const check of this.#lab.throughout) {
      const { verdict } = invariant(check, play, contextOf(play, begun, begun));
      const { kind, because } = verdict;
      this.#tell(kind === 'pass' ? holds('story', check.id) : broken('story', check.id, because));
    }
  }

  async #green(step: Step): Promise<readonly Finding[]> {
    const { play, visitors } = this.#opened;
    if (step.visitors === 'rest') await visitors.rest();
    const findings = await checkGreen(step, play);
    if (step.visitors === 'rest') visitors.resume();
    return findings;
  }

  async #restore(step: Step): Promise<void> {
    const { play, stage, visitors } = this.#opened;
    const { recorder, signal } = play;
    throwIfInterrupted(signal);
    await visitors.rest();
    const begun = recorder.now();
    await restoreStep(this.#lab, step.id, stage, recorder, signal);
    this.#goToMs[step.id] = Math.max(this.#goToMs[step.id] ?? 0, recorder.now() - begun);
    visitors.resume();
  }
}
