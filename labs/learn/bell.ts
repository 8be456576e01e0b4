/** Wakes one who waits; a ring that nobody waited for is heard by the next. */
export class Bell {
  #hasRung = false;
  #wake = (): void => {};

  ring(): void {
    this.#hasRung = true;
    this.#wake();
  }

  /** Until it rings, at most so long; at once when interrupted. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#hasRung && !signal.aborted) {
      await new Promise<void>(resolve => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        signal.addEventListener('abort', end);
        this.#wake = end;
      });
    }
    this.#hasRung = false;
    this.#wake = () => {};
  }
}
