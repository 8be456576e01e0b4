/** What a policy chooses from. A backend set has one record and fills it for each choice. */
import type { BackendRuntime } from './backend-runtime.ts';
import { weightAt } from './slow-start.ts';

export class Candidates {
  /** The first `count` of these; the rest is left over from earlier choices. */
  list: readonly BackendRuntime[] = [];
  count = 0;
  /** Monotonic milliseconds. */
  now = 0;
  /** Hash of what a keyed policy keeps together. */
  key = 0;
  /** All weigh the same. */
  uniform = true;
  /** For those that are picked out one by one. */
  private readonly own: BackendRuntime[] = [];

  /** Everything but the backends themselves. */
  ask(now: number, key: number, uniform: boolean): void {
    this.now = now;
    this.key = key;
    this.uniform = uniform;
  }

  all(list: readonly BackendRuntime[]): void {
    this.list = list;
    this.count = list.length;
  }

  none(): void {
    this.list = this.own;
    this.count = 0;
  }

  /** Keeps no backend that has left from being collected. */
  forget(): void {
    this.own.length = 0;
    this.none();
  }

  add(backend: BackendRuntime): void {
    this.own[this.count++] = backend;
  }

  at(index: number): BackendRuntime {
    return this.list[index] as BackendRuntime;
  }

  includes(backend: BackendRuntime): boolean {
    for (let i = 0; i < this.count; i++) if (this.list[i] === backend) return true;
    return false;
  }

  totalWeight(): number {
    let total = 0;
    for (let i = 0; i < this.count; i++) total += weightAt(this.at(i), this.now);
    return total;
  }
}
