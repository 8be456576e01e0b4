/** Time that passes only when somebody asks for it: the same seed gives the same order of events. */

interface Due {
  readonly at: number;
  /** Those of the same moment happen in the order in which they were planned. */
  readonly order: number;
  readonly action: () => void;
}

export class VirtualTime {
  now = 0;
  private planned = 0;
  /** A binary heap, the earliest on top. */
  private readonly heap: Due[] = [];

  after(delayMs: number, action: () => void): void {
    this.heap.push({ at: this.now + Math.max(0, delayMs), order: this.planned++, action });
    this.rise(this.heap.length - 1);
  }

  /** Until cancelled. */
  every(action: () => void, intervalMs: number): () => void {
    let isCancelled = false;
    const tick = (): void => {
      if (isCancelled) return;
      action();
      this.after(intervalMs, tick);
    };
    this.after(intervalMs, tick);
    return () => {
      isCancelled = true;
    };
  }

  /** Lets everything happen that is planned up to `until`, and what follows from it. */
  runUntil(until: number): void {
    for (let next = this.heap[0]; next !== undefined && next.at <= until; next = this.heap[0]) {
      this.pop();
      this.now = next.at;
      next.action();
    }
    this.now = until;
  }

  private pop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink(0);
  }

  private rise(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.swapIfLater(parent, at)) return;
      at = parent;
    }
  }

  private sink(start: number): void {
    let at = start;
    while (2 * at + 1 < this.heap.length) {
      const left = 2 * at + 1;
      const child = left + 1 < this.heap.length && this.isLater(left, left + 1) ? left + 1 : left;
      if (!this.swapIfLater(at, child)) return;
      at = child;
    }
  }

  private swapIfLater(upper: number, lower: number): boolean {
    if (!this.isLater(upper, lower)) return false;
    const held = this.heap[upper] as Due;
    this.heap[upper] = this.heap[lower] as Due;
    this.heap[lower] = held;
    return true;
  }

  private isLater(one: number, other: number): boolean {
    const a = this.heap[one] as Due;
    const b = this.heap[other] as Due;
    return a.at > b.at || (a.at === b.at && a.order > b.order);
  }
}
