/** How far the learner is, kept after every change. */
import type { Lab, Step } from '../harness/lab.ts';
import type { KeptPrediction, LabProgress, ProgressOfLab } from './lab-progress.ts';
import type { StepMark } from './learn-view.ts';

export class ProgressBook {
  readonly #lab: Lab;
  readonly #store: ProgressOfLab;
  readonly #done: Set<string>;
  readonly #skipped: Set<string>;
  readonly #predictions: Map<string, KeptPrediction>;
  #step: string;

  constructor(lab: Lab, store: ProgressOfLab) {
    this.#lab = lab;
    this.#store = store;
    const { done = [], skipped = [], predictions = {}, step = '' } = store.before ?? {};
    this.#done = new Set(done);
    this.#skipped = new Set(skipped);
    this.#predictions = new Map(Object.entries(predictions));
    this.#step = step;
  }

  /** Where to go on: the step that was left. */
  get startIndex(): number {
    const index = this.#lab.steps.findIndex(({ id }) => id === this.#step);
    return Math.max(index, 0);
  }

  /** The lab is at its end: whoever comes back begins anew. */
  end(): void {
    this.#step = this.#lab.steps[0].id;
    this.#save();
  }

  begin({ id }: Step): void {
    this.#step = id;
    this.#save();
  }

  done({ id }: Step): void {
    this.#done.add(id);
    this.#skipped.delete(id);
    this.#save();
  }

  skip({ id }: Step): void {
    if (!this.#done.has(id)) this.#skipped.add(id);
    this.#save();
  }

  chosen({ id }: Step): string | undefined {
    return this.#predictions.get(id)?.chosen;
  }

  predict({ id }: Step, prediction: KeptPrediction): void {
    this.#predictions.set(id, prediction);
    this.#save();
  }

  marks(current: Step): readonly StepMark[] {
    return this.#lab.steps.map(({ id, title }) => ({
      id,
      title,
      state: this.#state(id, current.id),
    }));
  }

  #state(id: string, current: string): StepMark['state'] {
    if (id === current) return 'current';
    if (this.#done.has(id)) return 'done';
    return this.#skipped.has(id) ? 'skipped' : 'ahead';
  }

  #save(): void {
    const progress: LabProgress = {
      step: this.#step,
      done: [...this.#done],
      skipped: [...this.#skipped],
      predictions: Object.fromEntries(this.#predictions),
    };
    this.#store.save(progress);
  }
}
