/** Which step is in hand: how it begins, from wherever, and what is kept of it when it is left. */
import { commandOf, nativeLinesOf } from '../harness/commands.ts';
import type { Step } from '../harness/lab.ts';
import type { StepResult } from '../harness/result.ts';
import type { LabVisitors, OpenStage } from '../harness/run/lab-parts.ts';
import { restoreStep } from '../harness/run/restore-step.ts';
import { addressBook } from '../harness/run/run-action.ts';
import { throughoutResult } from '../harness/run/run-result.ts';
import { contextOf, type Play } from '../harness/run/run-step.ts';
import type { Language } from '../harness/text.ts';
import type { LateBrowser } from './late-browser.ts';
import type { ProgressBook } from './progress-book.ts';
import { Promises } from './promises.ts';
import { StepInHand } from './step-in-hand.ts';
import { stepOutcome, untouchedOutcome } from './step-outcome.ts';
import type { UndoStack } from './undo-stack.ts';
import type { WorldWatch } from './world-watch.ts';

export interface StepKeeperRequest {
  readonly play: Play;
  readonly stage: OpenStage;
  readonly visitors: LabVisitors;
  readonly browser: LateBrowser;
  readonly watch: WorldWatch;
  readonly undo: UndoStack;
  readonly book: ProgressBook;
}

/** Visitors who wait for a machine that is away are not waited for. */
const REST_MS = 150;
const LOOK_MS = 1_000;

export class StepKeeper {
  readonly #parts: StepKeeperRequest;
  readonly #outcomes = new Map<string, StepResult>();
  readonly #done = new Set<string>();
  #hand: StepInHand | undefined;
  #throughout: Promises;
  #isMoving = false;
  #isResting = false;

  constructor(parts: StepKeeperRequest) {
    const { lab, recorder } = parts.play;
    this.#parts = parts;
    this.#throughout = new Promises(lab.throughout, recorder, recorder.now());
  }

  /** Undefined until the first step has begun. */
  get hand(): StepInHand | undefined {
    return this.#hand;
  }

  get throughout(): Promises {
    return this.#throughout;
  }

  /** Between two steps: what changes then is nobody's doing. */
  get isMoving(): boolean {
    return this.#isMoving;
  }

  get index(): number {
    return this.#parts.play.lab.steps.findIndex(({ id }) => id === this.#hand?.step.id);
  }

  /** The next step begins in the world as it is. */
  async begin(index: number, language: Language): Promise<void> {
    await this.#move(language, async () => {
      await this.#start(index);
    });
  }

  /** Whatever the world is like: the step begins as if those before it had just been done. */
  async restore(index: number, language: Language): Promise<void> {
    const { play, stage, visitors } = this.#parts;
    const { lab, recorder, signal } = play;
    await this.#move(language, async () => {
      this.#isResting = true;
      await atMost(REST_MS, visitors.rest());
      await restoreStep(lab, this.#step(index).id, stage, recorder, signal);
      this.#throughout.close();
      this.#throughout = new Promises(lab.throughout, recorder, recorder.now());
      await this.#start(index);
    });
  }

  /** Of every step of the lab, and of what had to hold since the last time a step began anew. */
  async outcomes(language: Language): Promise<readonly StepResult[]> {
    await this.#leave(language);
    const { play } = this.#parts;
    const { lab, recorder } = play;
    const now = recorder.now();
    const steps = lab.steps.map(
      step => this.#outcomes.get(step.id) ?? untouchedOutcome(step, now, language),
    );
    const { since } = this.#throughout;
    const own = { ...play, language };
    if (lab.throughout.length === 0) return steps;
    const throughout = throughoutResult(lab.throughout, own, contextOf(own, since, since));
    return [...steps, { ...throughout, startedAt: since, durationMs: now - since }];
  }

  async #move(language: Language, work: () => Promise<void>): Promise<void> {
    this.#isMoving = true;
    try {
      await this.#leave(language);
      await work();
    } finally {
      this.#isMoving = false;
    }
  }

  async #start(index: number): Promise<void> {
    const { play, browser, watch, undo, book } = this.#parts;
    const step = this.#step(index);
    const address = await addressBook(play.stage);
    const commands = step.act.map(action => commandOf(action, address));
    const natives = step.act.flatMap(action => nativeLinesOf(action, play.stage.room));
    await undo.begin(watch.world);
    this.#hand?.close();
    this.#hand = new StepInHand({
      step,
      play,
      viewer: browser.viewer,
      world: watch.world,
      commands,
      natives,
    });
    book.begin(step);
    this.#letRest(step.visitors === 'rest');
  }

  #letRest(rest: boolean): void {
    const { visitors } = this.#parts;
    if (rest === this.#isResting) return;
    this.#isResting = rest;
    if (rest) visitors.rest().catch(() => {});
    else visitors.resume();
  }

  /** What was done once stays done, although somebody looks at the step again. */
  async #leave(language: Language): Promise<void> {
    const hand = this.#hand;
    if (hand === undefined) return;
    await atMost(LOOK_MS, hand.looks.idle());
    const { recorder } = this.#parts.play;
    const { id } = hand.step;
    if (hand.isDone) this.#done.add(id);
    else recorder.append({ kind: 'step', step: id, phase: 'left' });
    if (!hand.isDone && this.#done.has(id)) return;
    const seen = this.#parts.browser.opened?.found ?? false;
    this.#outcomes.set(id, stepOutcome(hand, seen, recorder.now(), language));
  }

  #step(index: number): Step {
    const { steps } = this.#parts.play.lab;
    return steps[index] ?? steps[0];
  }
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
