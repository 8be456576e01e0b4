/**
 * One worker's part in a limit of connections over all workers. It holds a permit for each of its
 * connections and one for the next, and accepts only while it has that one: so the limit is never
 * exceeded. All workers take from one queue, so it does not matter which of them holds it.
 */
import type { PermitWaiter } from './held-permits.ts';
import type { SharedLimits } from './shared-limits.ts';
import { RESUME_SHARE } from './watermark.ts';

const KEY = 'connections';

export class ConnectionPermits implements PermitWaiter {
  /** 0: any number. */
  max = 0;
  /** No worker had one to spare; told once, until there is one again. */
  exhausted = false;
  /** The answer to a question is awaited. */
  asking = false;
  private permits = 0;
  private live = 0;
  private resumeBelow = 0;
  /** There may be room, however many connections are here. */
  private mayTry = false;
  private readonly shared: SharedLimits;
  private readonly onChange: () => void;

  /** `onChange`: an answer came that was awaited. */
  constructor(shared: SharedLimits, onChange: () => void) {
    this.shared = shared;
    this.onChange = onChange;
  }

  /** There is one for the next connection. */
  get hasSpare(): boolean {
    return this.max === 0 || this.permits > this.live;
  }

  configure(max: number): void {
    if (max === this.max) return;
    this.max = max;
    this.dropTo(max === 0 ? 0 : this.live);
    if (max > 0) this.shared.resize(KEY, max);
    this.exhausted = false;
  }

  /**
   * The number of connections has changed, or may be tried again. `eager`: a free permit is wanted
   * at once; otherwise one connection less than the limit is no reason to go on, see Watermark.
   * `takes`: the next connection can be taken here; if not, its permit is left to others.
   */
  update(live: number, eager: boolean, takes: boolean): void {
    // The permit of what has ended is not simply kept: under a lower limit it may be one too many.
    if (live < this.live) this.dropTo(live);
    this.live = live;
    if (this.max === 0) return;
    if (this.exhausted && this.shared.hearFreed(KEY)) this.mayTry = true;
    const wanted = takes && !this.waits(eager) ? live + 1 : live;
    this.dropTo(wanted);
    while (this.permits < wanted && !this.asking) {
      const permission = this.shared.acquire(KEY, this.max, true, this);
      if (permission === 'yes') this.permits++;
      else if (permission === 'later') this.asking = true;
      else {
        this.exhaust();
        return;
      }
    }
    if (this.hasSpare) this.exhausted = false;
  }

  onPermit(granted: boolean): boolean {
    this.asking = false;
    if (this.max === 0) return false;
    if (granted) this.permits++;
    else this.exhaust();
    this.onChange();
    return true;
  }

  private waits(eager: boolean): boolean {
    const { live } = this;
    return this.exhausted && !eager && !this.mayTry && live > 0 && live >= this.resumeBelow;
  }

  private exhaust(): void {
    this.mayTry = false;
    if (this.exhausted) return;
    this.exhausted = true;
    this.resumeBelow = this.live * RESUME_SHARE;
  }

  private dropTo(wanted: number): void {
    while (this.permits > wanted) {
      // Counted first: when it is itself what waits for a permit, it gets this very one back at once.
      this.permits--;
      this.shared.release(KEY);
    }
  }
}
