/** Saves the state after changes: one save at a time, and many quick changes are one save. */

export interface AutomaticSaveOptions {
  readonly save: () => Promise<void>;
  /** Calls back once, some time after `delayMs`; returns how to call it off. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
  /** Undefined: it works again. Told only when it is another than before. */
  readonly onProblem: (why: string | undefined) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

const LEAST_WAIT_MS = 50;
/** A state that takes long to save is saved less often: a tenth of the time at most. */
const WAIT_PER_SAVE = 9;
const AGAIN_AFTER_PROBLEM_MS = 5_000;

export class AutomaticSave {
  readonly #options: AutomaticSaveOptions;
  #isDue = false;
  #saving: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #waitMs = LEAST_WAIT_MS;
  #problem: string | undefined;

  constructor(options: AutomaticSaveOptions) {
    this.#options = options;
  }

  /** The state is another than the saved one. */
  changed(): void {
    this.#isDue = true;
    if (this.#saving === undefined) this.#wait(this.#waitMs);
  }

  /** Resolves when nothing is left to save, or it cannot be. */
  async flush(): Promise<void> {
    await this.#saving;
    this.#stopWaiting();
    if (this.#isDue) await this.#run();
    this.#stopWaiting();
  }

  #stopWaiting(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(delayMs: number): void {
    this.#cancel ??= this.#options.schedule(() => {
      this.#cancel = undefined;
      void this.#run();
    }, delayMs);
  }

  #run(): Promise<void> {
    this.#saving = this.#saveOnce().finally(() => {
      this.#saving = undefined;
      if (this.#isDue)
        this.#wait(this.#problem === undefined ? this.#waitMs : AGAIN_AFTER_PROBLEM_MS);
    });
    return this.#saving;
  }

  async #saveOnce(): Promise<void> {
    const { save, onProblem, now } = this.#options;
    const begun = now();
    this.#isDue = false;
    let problem: string | undefined;
    try {
      await save();
    } catch (error) {
      this.#isDue = true;
      problem = error instanceof Error ? error.message : String(error);
    }
    this.#waitMs = Math.max(LEAST_WAIT_MS, (now() - begun) * WAIT_PER_SAVE);
    if (problem !== this.#problem) onProblem(problem);
    this.#problem = problem;
  }
}
