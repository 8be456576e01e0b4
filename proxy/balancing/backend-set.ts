/** The backends of one cluster and whose turn it is. */
import { type BackendRuntime, isAvailable, isDoubtful, isEligible } from './backend-runtime.ts';
import { roundRobin } from './round-robin.ts';

export class BackendSet {
  private readonly backends: BackendRuntime[] = [];
  private cursor: number;
  /** True from the moment when no backend was available until one is again. */
  exhausted = false;

  /** `offset`: where the first turn is, so that workers do not all begin at the same backend. */
  constructor(offset: number) {
    this.cursor = offset;
  }

  get all(): readonly BackendRuntime[] {
    return this.backends;
  }

  add(backend: BackendRuntime): void {
    this.backends.push(backend);
  }

  remove(backend: BackendRuntime): void {
    const index = this.backends.indexOf(backend);
    if (index >= 0) this.backends.splice(index, 1);
  }

  /**
   * The next eligible backend that is not in `tried`, those without doubt first; none is a 503.
   */
  pick(now: number, tried: readonly BackendRuntime[]): BackendRuntime | undefined {
    const trusted = this.count(now, tried, true);
    const count = trusted > 0 ? trusted : this.count(now, tried, false);
    if (count === 0) return undefined;
    let turn = roundRobin(this.cursor, count);
    this.cursor = this.cursor >= Number.MAX_SAFE_INTEGER ? 0 : this.cursor + 1;
    for (const backend of this.backends) {
      if (!isCandidate(backend, now, tried, trusted > 0)) continue;
      if (turn === 0) return backend;
      turn--;
    }
    return undefined;
  }

  countEligible(now: number, tried: readonly BackendRuntime[]): number {
    return this.count(now, tried, false);
  }

  private count(now: number, tried: readonly BackendRuntime[], trusted: boolean): number {
    let count = 0;
    for (const backend of this.backends) if (isCandidate(backend, now, tried, trusted)) count++;
    return count;
  }

  hasAvailable(): boolean {
    return this.backends.some(isAvailable);
  }
}

function isCandidate(
  backend: BackendRuntime,
  now: number,
  tried: readonly BackendRuntime[],
  trusted: boolean,
): boolean {
  if (!isEligible(backend, now) || (trusted && isDoubtful(backend, now))) return false;
  return tried.length === 0 || !tried.includes(backend);
}
