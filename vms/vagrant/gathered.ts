/** Makes one call of many that come at once; while it runs, the next ones gather. */
import { setTimeout as wait } from 'node:timers/promises';

/** Callers that start machines together do so within a turn or two of the event loop. */
const GATHERS_MS = 30;

export class Gathered<T> {
  readonly #run: (items: readonly T[]) => Promise<void>;
  #waiting: T[] = [];
  #next: Promise<void> | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(run: (items: readonly T[]) => Promise<void>) {
    this.#run = run;
  }

  /** Resolves, or rejects, as the call does that this item was part of. */
  add(item: T): Promise<void> {
    this.#waiting.push(item);
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<void> {
    await Promise.all([this.#running, wait(GATHERS_MS)]);
    const items = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    const run = this.#run(items);
    this.#running = run.catch(() => undefined);
    await run;
  }
}
