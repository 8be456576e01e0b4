/** A learner's session from nothing to nothing: set up, learn, always take down, report. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Lab } from '../harness/lab.ts';
import { silentNarrator } from '../harness/narrator/narration.ts';
import type { RunResult, StepResult } from '../harness/result.ts';
import { type BegunRun, withRun } from '../harness/run/begin-run.ts';
import type { LabParts, RunOptions } from '../harness/run/lab-parts.ts';
import { recordProxy } from '../harness/run/observe-proxy.ts';
import { type OpenedPlay, withPlay } from '../harness/run/open-play.ts';
import { instanceFolder } from '../harness/run/run-folder.ts';
import type { RunOutcome } from '../harness/run/run-lab.ts';
import { runResult } from '../harness/run/run-result.ts';
import type { Language, Text } from '../harness/text.ts';
import { JournalReader } from '../stage/journal.ts';
import type { ProgressOfLab } from './lab-progress.ts';
import { LateBrowser } from './late-browser.ts';
import { LearnSession } from './learn-session.ts';
import type { LearnerFront, OpenFront } from './learner-front.ts';
import { LearnerRequests } from './learner-requests.ts';
import { ProgressBook } from './progress-book.ts';
import { UndoStack } from './undo-stack.ts';
import { watchStage } from './watch-stage.ts';
import { WorldWatch } from './world-watch.ts';

export interface Learner {
  readonly openFront: OpenFront;
  readonly progress: ProgressOfLab;
  /** Counted from 0; undefined: where the learner was. */
  readonly from: number | undefined;
  /** What opens a terminal in which the commands work. */
  readonly shellCommand: string;
  onLanguage(language: Language): void;
}

/** Rejects when nothing could be opened. A session that was left early resolves, undecided. */
export async function runLearn(
  lab: Lab,
  options: RunOptions,
  parts: LabParts,
  learner: Learner,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const left = new AbortController();
  const until = AbortSignal.any([signal, left.signal]);
  const learning = new Learning(learner, left);
  const browser = new LateBrowser(parts, options, until);
  const own: LabParts = {
    ...parts,
    openBrowser: async () => ({
      found: true,
      name: '',
      viewer: browser.viewer,
      close: () => browser.close(),
    }),
    narrator: {
      ...silentNarrator,
      progress: text => learning.front.progress(text),
      note: text => learning.note(text, parts),
    },
  };
  try {
    return await withRun(lab, { ...options, browser: true }, own, until, async run => {
      const steps = await learning.steps(run, browser);
      learning.close();
      const result = resultOf({ ...run, options, signal }, browser, steps);
      await parts.writeReports(result, run.recorder.records, run.folder.folder);
      parts.narrator.summary(result, run.folder.folder);
      return { result, folder: run.folder.folder };
    });
  } finally {
    learning.close();
  }
}

function resultOf(run: BegunRun, { opened }: LateBrowser, steps: readonly StepResult[]): RunResult {
  const notNeeded = { found: false, reason: 'no step wanted one' } as const;
  const facts = opened ?? notNeeded;
  const browser = facts.found
    ? ({ found: true, name: facts.name } as const)
    : ({ found: false, reason: facts.reason } as const);
  return { ...runResult({ ...run, browser, steps }), byHand: true };
}

/** What lives between the learner and the session, also while there is no session yet. */
class Learning {
  readonly front: LearnerFront;
  readonly #learner: Learner;
  readonly #left: AbortController;
  readonly #notices: Text[] = [];
  #requests: LearnerRequests | undefined;
  #isClosed = false;

  constructor(learner: Learner, left: AbortController) {
    this.#learner = learner;
    this.#left = left;
    this.front = learner.openFront(request => {
      if (this.#requests !== undefined) this.#requests.take(request);
      else if (request.kind === 'quit') this.#left.abort();
    });
  }

  /** On the screen while there is one. */
  note(text: Text, { narrator }: LabParts): void {
    if (this.#isClosed) narrator.note(text);
    else this.#notices.push(text);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.front.close();
  }

  /** What was done before an interruption still counts. */
  async steps(run: BegunRun, browser: LateBrowser): Promise<readonly StepResult[]> {
    const journal = new JournalReader(instanceFolder(run.options.home, run.options.instance));
    let steps: readonly StepResult[] = [];
    try {
      await withPlay(run, async opened => {
        steps = await this.#learn(run, opened, browser, journal);
      });
    } catch (error) {
      if (!run.signal.aborted) throw error;
    } finally {
      journal.close();
    }
    return steps;
  }

  async #learn(
    run: BegunRun,
    { play, stage, visitors }: OpenedPlay,
    browser: LateBrowser,
    journal: JournalReader,
  ): Promise<readonly StepResult[]> {
    const { recorder, lab } = run;
    await recordProxy(stage.proxy, recorder);
    const stageWatch = watchStage(stage.room, () => journal.next(), recorder);
    const watch = new WorldWatch(recorder);
    const undoFolder = path.join(run.folder.folder, 'undo');
    await mkdir(undoFolder, { recursive: true });
    const book = new ProgressBook(lab, this.#learner.progress);
    const session = new LearnSession({
      play,
      stage,
      visitors,
      browser,
      watch,
      undo: new UndoStack(stage, undoFolder),
      book,
      front: this.front,
      shellCommand: this.#learner.shellCommand,
      onLanguage: language => this.#learner.onLanguage(language),
      notices: this.#notices,
    });
    const requests = new LearnerRequests(session);
    try {
      const index = this.#learner.from ?? book.startIndex;
      if (index > 0) await session.keeper.restore(index, session.language);
      else await session.keeper.begin(0, session.language);
      this.#requests = requests;
      session.stepBegun();
      await session.run();
      await requests.idle();
      return await session.keeper.outcomes(session.language);
    } finally {
      session.close();
      watch.close();
      await stageWatch.stop();
      await rm(undoFolder, { recursive: true, force: true });
    }
  }
}
