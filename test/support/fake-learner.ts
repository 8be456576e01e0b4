/** A learner without a terminal: asks by calling, and reads the view instead of a screen. */
import type { LabProgress } from '../../labs/learn/lab-progress.ts';
import type { LearnRequest, LearnView } from '../../labs/learn/learn-view.ts';
import type { Learner } from '../../labs/learn/run-learn.ts';
import { eventually } from './eventually.ts';

export class FakeLearner {
  progress: LabProgress | undefined;
  readonly told: string[] = [];
  isClosed = false;
  #view: LearnView | undefined;
  #ask: (request: LearnRequest) => void = () => {};

  /** A session for this learner, who goes on where they were. */
  learner(from?: number): Learner {
    return {
      from,
      shellCommand: 'lab shell',
      onLanguage: language => this.told.push(language),
      progress: {
        before: this.progress,
        save: progress => {
          this.progress = progress;
        },
      },
      openFront: ask => {
        this.#ask = ask;
        this.#view = undefined;
        return {
          show: view => {
            this.#view = view;
          },
          progress: ({ en }) => this.told.push(en),
          close: () => {
            this.isClosed = true;
          },
        };
      },
    };
  }

  /** The learner must have been shown something. */
  get view(): LearnView {
    if (this.#view === undefined) throw new Error('nothing was shown yet');
    return this.#view;
  }

  get checks(): readonly string[] {
    return this.view.step.checks.map(({ id, state }) => `${id} ${state}`);
  }

  get notices(): string {
    return this.view.notices.map(({ en }) => en).join('\n');
  }

  ask(request: LearnRequest): void {
    this.#ask(request);
  }

  sees(what: string, is: (view: LearnView) => boolean): Promise<true> {
    return eventually(what, () => (this.#view !== undefined && is(this.#view) ? true : undefined));
  }

  /** Until the step of this number is in hand and nothing is under way. */
  isAt(number: number): Promise<true> {
    return this.sees(
      `step ${number}`,
      ({ step, busy }) => step.number === number && busy === undefined,
    );
  }
}
