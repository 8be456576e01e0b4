/** Callbacks that are due when the test says so. */
export class ManualSchedule {
  readonly #due: { readonly callback: () => void; readonly delayMs: number }[] = [];

  readonly schedule = (callback: () => void, delayMs: number): (() => void) => {
    const entry = { callback, delayMs };
    this.#due.push(entry);
    return () => {
      const index = this.#due.indexOf(entry);
      if (index >= 0) this.#due.splice(index, 1);
    };
  };

  get delays(): number[] {
    return this.#due.map(({ delayMs }) => delayMs);
  }

  /** Calls everything that waits now, and lets what follows from it happen. */
  async run(): Promise<void> {
    for (const { callback } of this.#due.splice(0)) callback();
    await new Promise(resolve => setImmediate(resolve));
  }
}
