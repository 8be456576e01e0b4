/**
 * Coarse timeouts for many connections on one interval. Moving a deadline further away, which
 * happens with every byte, is one assignment: the wheel looks again when the old time has come.
 *
 *     slots   [ ][ ][•→•][ ][•] …     each holds a ring of timers that may be due at its tick
 *                 ▲ tick
 */
// As a global it is looked up anew by every call.
import { performance } from 'node:perf_hooks';

export const TICK_MS: number = 50;
const SLOTS = 512;
const STALL_MS = 10 * TICK_MS;

export class Timer {
  /** Monotonic milliseconds. */
  dueAt = 0;
  /** The tick at which the wheel looks at it; -1 when it is not in the wheel. */
  tick = -1;
  next: Timer | undefined = undefined;
  previous: Timer | undefined = undefined;
  readonly onDue: () => void;

  constructor(onDue: () => void) {
    this.onDue = onDue;
  }
}

/** Calls again and again until it is cancelled. */
export type Repeat = (action: () => void, everyMs: number) => () => void;

const onRealTime: Repeat = (action, everyMs) => {
  const interval = setInterval(action, everyMs).unref();
  return () => clearInterval(interval);
};

const realClock = (): number => performance.now();

export class TimerWheel {
  private readonly slots: (Timer | undefined)[] = new Array(SLOTS).fill(undefined);
  private currentTick = 0;
  private size = 0;
  private forgives = false;
  private tickedAt = 0;
  private cancelTicks: (() => void) | undefined = undefined;
  private readonly clock: () => number;
  private readonly repeat: Repeat;

  /** A simulation gives its own time: monotonic milliseconds, and what happens as they pass. */
  constructor(clock: () => number = realClock, repeat: Repeat = onRealTime) {
    this.clock = clock;
    this.repeat = repeat;
  }

  now(): number {
    return this.clock();
  }

  /** The time of the last tick: no system call, good enough for long timeouts. */
  coarseNow(): number {
    return this.size === 0 ? this.clock() : this.tickedAt;
  }

  /** As `set`, for every byte that moves: a tick less exact, and cheap. */
  extend(timer: Timer, delayMs: number): void {
    timer.dueAt = this.coarseNow() + delayMs + TICK_MS;
    const tick = Math.ceil(timer.dueAt / TICK_MS);
    if (timer.tick < 0 || timer.tick > tick) this.set(timer, delayMs);
  }

  /** Due in `delayMs` or up to two ticks later, never earlier. Replaces what was set before. */
  set(timer: Timer, delayMs: number): void {
    const now = this.clock();
    timer.dueAt = now + delayMs;
    const tick = Math.ceil(timer.dueAt / TICK_MS);
    if (timer.tick >= 0) {
      if (timer.tick <= tick) return;
      this.unlink(timer);
    }
    if (this.size === 0) this.start(now);
    this.link(timer, tick);
  }

  clear(timer: Timer): void {
    if (timer.tick < 0) return;
    this.unlink(timer);
    if (this.size === 0) this.stop();
  }

  private start(now: number): void {
    this.currentTick = Math.floor(now / TICK_MS);
    this.tickedAt = now;
    this.cancelTicks ??= this.repeat(() => this.advance(), TICK_MS);
  }

  private stop(): void {
    this.cancelTicks?.();
    this.cancelTicks = undefined;
  }

  private advance(): void {
    const before = this.tickedAt;
    this.tickedAt = this.clock();
    // This process did nothing for long, and what others sent meanwhile is not read yet: nobody may
    // be called late who is not. The reads come before the next tick.
    this.forgives = !this.forgives && this.tickedAt - before > STALL_MS;
    if (this.forgives) return;
    const target = Math.floor(this.tickedAt / TICK_MS);
    const steps = Math.min(target - this.currentTick, SLOTS);
    this.currentTick = target - steps;
    for (let i = 0; i < steps; i++) {
      this.currentTick++;
      this.visit(this.slots[this.currentTick % SLOTS]);
    }
    if (this.size === 0) this.stop();
  }

  /** A due timer's owner may set or clear any timer, so each one is taken out before it is told. */
  private visit(first: Timer | undefined): void {
    const seen: Timer[] = [];
    for (let timer = first; timer !== undefined; timer = timer.next) seen.push(timer);
    for (const timer of seen) {
      if (timer.tick < 0 || timer.tick > this.currentTick) continue;
      this.unlink(timer);
      if (timer.dueAt <= this.tickedAt) timer.onDue();
      else this.link(timer, Math.ceil(timer.dueAt / TICK_MS));
    }
  }

  /** Beyond one turn of the wheel the timer is looked at, and put in again, on the way. */
  private link(timer: Timer, tick: number): void {
    timer.tick = Math.min(Math.max(tick, this.currentTick + 1), this.currentTick + SLOTS - 1);
    const slot = timer.tick % SLOTS;
    const head = this.slots[slot];
    timer.next = head;
    if (head !== undefined) head.previous = timer;
    this.slots[slot] = timer;
    this.size++;
  }

  private unlink(timer: Timer): void {
    if (timer.next !== undefined) timer.next.previous = timer.previous;
    if (timer.previous === undefined) this.slots[timer.tick % SLOTS] = timer.next;
    else timer.previous.next = timer.next;
    timer.next = undefined;
    timer.previous = undefined;
    timer.tick = -1;
    this.size--;
  }
}
