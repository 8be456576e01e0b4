/**
 * A lab that somebody does by hand. It watches what happens on the stage, judges it and shows it;
 * what is typed in other terminals it never reads, only what came of it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Step } from '../harness/lab.ts';
import type { Recorder } from '../harness/run/recorder.ts';
import type { Play } from '../harness/run/run-step.ts';
import type { Language, Text } from '../harness/text.ts';
import { Bell } from './bell.ts';
import type { LateBrowser } from './late-browser.ts';
import type { Panel } from './learn-view.ts';
import type { LearnerFront } from './learner-front.ts';
import type { ProgressBook } from './progress-book.ts';
import { RequestRibbon } from './request-ribbon.ts';
import { sessionView } from './session-view.ts';
import { StageTiles } from './stage-tiles.ts';
import type { StepInHand } from './step-in-hand.ts';
import { StepKeeper, type StepKeeperRequest } from './step-keeper.ts';
import type { UndoStack } from './undo-stack.ts';
import type { WorldWatch } from './world-watch.ts';

export interface LearnSessionRequest extends StepKeeperRequest {
  readonly front: LearnerFront;
  readonly shellCommand: string;
  readonly onLanguage: (language: Language) => void;
  /** Something that happened before, such as a sweep. */
  readonly notices: readonly Text[];
}

/** Windows end by time as well as by records. */
const TICK_MS = 100;
/** Judging takes at most a fifth of the time, however long a step lasts. */
const JUDGE_SHARE = 4;
const SHOW_EVERY_MS = 200;
/** Several changes that come of one command are one change to take back. */
const SETTLED_MS = 700;
/** What the proxy was told is seen before its last worker does it; a machine is off before it is gone. */
const EFFECT_MS = 300;

export class LearnSession {
  readonly keeper: StepKeeper;
  readonly book: ProgressBook;
  readonly watch: WorldWatch;
  readonly undo: UndoStack;
  readonly parts: LearnSessionRequest;
  readonly #recorder: Recorder;
  readonly #browser: LateBrowser;
  readonly #tiles: StageTiles;
  readonly #ribbon: RequestRibbon;
  readonly #news = new Bell();
  readonly #stop: () => void;
  language: Language;
  panel: Panel | undefined;
  notice: Text | undefined;
  busy: Text | undefined;
  #happened: string | undefined;
  #changedAt: number | undefined;
  #effectAt: number | undefined;
  #keeping: Promise<void> | undefined;
  #shownAt = Number.NEGATIVE_INFINITY;
  #hasEnded = false;

  constructor(request: LearnSessionRequest) {
    const { play, watch, undo, book, browser } = request;
    this.parts = request;
    this.keeper = new StepKeeper(request);
    this.book = book;
    this.watch = watch;
    this.undo = undo;
    this.language = play.language;
    this.#recorder = play.recorder;
    this.#browser = browser;
    this.#tiles = new StageTiles(play.stage);
    this.#ribbon = new RequestRibbon(Object.keys(play.lab.visitors));
    for (const record of play.recorder.records) this.#tiles.take(record);
    this.#stop = play.recorder.onAppend(record => {
      this.#tiles.take(record);
      this.#ribbon.take(record);
      this.#news.ring();
    });
    watch.onChange(() => this.#noteChange());
  }

  get play(): Play {
    return this.parts.play;
  }

  get steps(): readonly Step[] {
    return this.parts.play.lab.steps;
  }

  get now(): number {
    return this.#recorder.now();
  }

  /** Undefined until the first step has begun. */
  get hand(): StepInHand | undefined {
    return this.keeper.hand;
  }

  /** Until the learner ends it, or the run is interrupted. A step is in hand already. */
  async run(): Promise<void> {
    const { signal } = this.parts.play;
    while (!this.#hasEnded && !signal.aborted) {
      const begun = this.now;
      this.#tick(begun);
      const took = this.now - begun;
      await delay(took * JUDGE_SHARE, undefined, { signal }).catch(() => {});
      await this.#news.wait(TICK_MS, signal);
    }
    await this.#keeping;
  }

  end(): void {
    this.#hasEnded = true;
    this.#news.ring();
  }

  close(): void {
    this.#stop();
    this.hand?.close();
    this.keeper.throughout.close();
  }

  /** A step has begun: what was told about another one is gone. */
  stepBegun(): void {
    this.panel = undefined;
    this.#happened = undefined;
    this.#changedAt = undefined;
    this.#effectAt = undefined;
    this.show();
  }

  /** Draws now; without being called it draws several times a second. */
  show(): void {
    const { hand, parts, keeper } = this;
    if (hand === undefined) return;
    this.#shownAt = this.now;
    const view = sessionView({
      lab: parts.play.lab,
      url: parts.play.stage.url,
      shellCommand: parts.shellCommand,
      language: this.language,
      hand,
      throughout: keeper.throughout,
      world: this.watch.world,
      tiles: this.#tiles,
      ribbon: this.#ribbon,
      book: this.book,
      happened: this.#happened,
      panel: this.panel,
      notices: [this.notice, ...parts.notices, this.#browser.note].filter(
        text => text !== undefined,
      ),
      busy: this.busy,
      now: this.now,
    });
    parts.front.show(view);
  }

  #tick(now: number): void {
    const { hand, keeper } = this;
    if (hand !== undefined && !keeper.isMoving) {
      this.#beginAnewWhenInEffect(hand, now);
      hand.looks.tick(now);
      keeper.throughout.judge(hand.context(this.language), now);
      if (hand.judge(now, this.language, this.book.chosen(hand.step))) this.#stepDone(hand);
      this.#keepWhenSettled(now);
    }
    if (now - this.#shownAt >= SHOW_EVERY_MS) this.show();
  }

  #stepDone({ step }: StepInHand): void {
    this.#recorder.append({ kind: 'step', step: step.id, phase: 'end' });
    this.book.done(step);
    this.#happened = this.hand?.happened(this.language);
    const chosen = this.book.chosen(step);
    if (chosen !== undefined && this.#happened !== undefined) {
      this.book.predict(step, { chosen, happened: this.#happened });
    }
    this.show();
  }

  /** Told while a record is being told: the history is written on when that has ended. */
  #noteChange(): void {
    const { hand, keeper } = this;
    if (hand === undefined || keeper.isMoving) return;
    setImmediate(() => {
      if (this.hand !== hand || keeper.isMoving) return;
      hand.live.changed(this.#acted(hand));
      this.#changedAt = this.now;
      this.#effectAt = this.now + EFFECT_MS;
    });
  }

  #acted({ step }: StepInHand): number {
    this.#recorder.append({ kind: 'step', step: step.id, phase: 'acted' });
    return this.#recorder.records.at(-1)?.at ?? this.now;
  }

  /** Whoever was served meanwhile was served by what was there before. */
  #beginAnewWhenInEffect(hand: StepInHand, now: number): void {
    if (this.#effectAt === undefined || now < this.#effectAt) return;
    this.#effectAt = undefined;
    if (!hand.isDone) hand.live.beginAnew(this.#acted(hand));
  }

  #keepWhenSettled(now: number): void {
    if (this.#changedAt === undefined || this.#keeping !== undefined) return;
    if (now - this.#changedAt < SETTLED_MS || this.busy !== undefined) return;
    this.#changedAt = undefined;
    this.#keeping = this.undo.keep(this.watch.world).finally(() => {
      this.#keeping = undefined;
    });
  }
}
