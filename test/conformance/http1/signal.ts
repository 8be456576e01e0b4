/** Waits for a condition that events make true, with a deadline; no polling. */
export class Signal {
  private readonly waiting = new Set<() => void>();

  /** Something happened: those who wait look again. */
  notify(): void {
    for (const look of [...this.waiting]) look();
  }

  /** True when the condition holds in time. */
  until(holds: () => boolean, patienceMs: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    return new Promise(resolve => {
      const settle = (value: boolean): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve(value);
      };
      const look = (): void => {
        if (holds()) settle(true);
      };
      const timer = setTimeout(() => settle(holds()), patienceMs);
      this.waiting.add(look);
    });
  }
}
