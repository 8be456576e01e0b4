/**
 * A step while somebody does it by hand. Its checks are judged all the time and turn green by
 * themselves; every observed change of the world begins their windows anew, for only what holds
 * after the last change is what the learner has made.
 */
import type { HistoryRecord } from '../harness/history.ts';
import type { JudgeContext } from '../harness/judge/evidence.ts';
import { judge } from '../harness/judge/judge.ts';
import { advanceWithoutLimit, type WindowState } from '../harness/judge/window.ts';
import type { Check, Step } from '../harness/lab.ts';
import type { Language } from '../harness/text.ts';
import type { Verdict } from '../harness/verdict.ts';

export type LiveContext = Omit<JudgeContext, 'language' | 'stepStartedAt' | 'actedAt'>;

export interface LiveCheck {
  readonly check: Check;
  readonly state: WindowState;
  readonly settledAt?: number;
  /** How many records of the step's evidence it was last judged over. */
  readonly judgedOver: number;
  /** Of the moment when it was judged. */
  readonly context: JudgeContext;
}

export interface LiveStepRequest {
  readonly step: Step;
  /** As they are judged on these machines. */
  readonly checks: readonly Check[];
  readonly context: LiveContext;
  readonly startedAt: number;
}

export class LiveStep {
  readonly step: Step;
  readonly startedAt: number;
  readonly #context: LiveContext;
  #actedAt: number;
  #changes = 0;
  #checks: readonly LiveCheck[];
  #doneAt: number | undefined;

  constructor({ step, checks, context, startedAt }: LiveStepRequest) {
    this.step = step;
    this.startedAt = startedAt;
    this.#context = context;
    this.#actedAt = startedAt;
    this.#checks = checks.map(check => this.#fresh(check));
  }

  get checks(): readonly LiveCheck[] {
    return this.#checks;
  }

  get actedAt(): number {
    return this.#actedAt;
  }

  /** Observed changes since the step began. */
  get changes(): number {
    return this.#changes;
  }

  /** When the last of its checks turned green; what happens later does not take it back. */
  get doneAt(): number | undefined {
    return this.#doneAt;
  }

  contextIn(language: Language): JudgeContext {
    const { startedAt: stepStartedAt } = this;
    return { ...this.#context, language, stepStartedAt, actedAt: this.#actedAt };
  }

  /** The world has changed: what was green must show itself anew. */
  changed(at: number): void {
    this.#changes += 1;
    this.beginAnew(at);
  }

  /** Only what is recorded from now on counts. */
  beginAnew(at: number): void {
    if (this.#doneAt !== undefined) return;
    this.#actedAt = at;
    this.#checks = this.#checks.map(({ check }) => this.#fresh(check));
  }

  /** Judges what is not green yet. */
  judge(records: readonly HistoryRecord[], now: number, language: Language): void {
    if (this.#doneAt !== undefined) return;
    const context = this.contextIn(language);
    this.#checks = this.#checks.map(one => {
      if (isGreen(one)) return one;
      const verdict = judge(one.check.probe, records, context);
      const state = advanceWithoutLimit(one.check.window, one.state, verdict, now);
      const settled = state.settled === undefined ? {} : { settledAt: now };
      return { check: one.check, state, ...settled, judgedOver: records.length, context };
    });
    if (this.#checks.every(isGreen)) this.#doneAt = now;
  }

  #fresh(check: Check): LiveCheck {
    return { check, state: {}, judgedOver: 0, context: this.contextIn('en') };
  }
}

export function isGreen({ state }: LiveCheck): boolean {
  return state.settled !== undefined;
}

/** Its latest verdict, with the reason in this language. */
export function verdictIn(
  { check, state, judgedOver, context }: LiveCheck,
  records: readonly HistoryRecord[],
  language: Language,
): Verdict | undefined {
  if (state.latest === undefined || context.language === language) return state.latest;
  return judge(check.probe, records.slice(0, judgedOver), { ...context, language });
}
