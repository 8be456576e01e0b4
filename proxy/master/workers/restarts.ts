/** When a worker that ended gets its successor: at once, but ever later when they die young. */

/** A worker that lived shorter than this is taken to be broken from the start. */
const HEALTHY_AFTER_MS = 5_000;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;

export class Restarts {
  readonly #timers = new Set<NodeJS.Timeout>();
  #quickDeaths = 0;

  /** `livedMs`: of the worker whose place is taken. */
  schedule(livedMs: number, launch: () => Promise<void>): void {
    this.#quickDeaths = livedMs < HEALTHY_AFTER_MS ? this.#quickDeaths + 1 : 0;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void launch();
    }, backoffMs(this.#quickDeaths));
    this.#timers.add(timer);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

/** The first quick death may be bad luck. */
export function backoffMs(quickDeaths: number): number {
  if (quickDeaths <= 1) return 0;
  return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (quickDeaths - 2));
}
