/** The tokens of shared rates that one worker has drawn, and who waits in it for one. */
import type { BucketSize } from './bucket-size.ts';
import { refillMs } from './bucket-size.ts';
import type { Permission } from './held-permits.ts';
import type { LimitAsk } from './limit-messages.ts';
import { MAX_BUCKETS_PER_GENERATION } from './token-ledger.ts';
import { TwoGenerations } from './two-generations.ts';

export interface TokenWaiter {
  /** `waitMs` 0: a token was taken. False: it is no longer wanted. */
  onToken(waitMs: number, key: string): boolean;
}

interface Draw {
  tokens: number;
  /** Until then there is none, in whatever worker. */
  emptyUntil: number;
  size: BucketSize;
}

export class HeldTokens {
  /** How long the last one that was refused has to wait. */
  waitMs = 0;
  private readonly draws: TwoGenerations<Draw>;
  /** By rate that has been asked for and not been answered. */
  private readonly waiting = new Map<string, TokenWaiter[]>();
  private readonly ask: (ask: LimitAsk) => void;

  /** `ask` may be answered before it returns. */
  constructor(ask: (ask: LimitAsk) => void, now: number) {
    this.ask = ask;
    this.draws = new TwoGenerations(MAX_BUCKETS_PER_GENERATION, now);
  }

  get size(): number {
    return this.draws.size;
  }

  take(key: string, size: BucketSize, now: number, waiter: TokenWaiter): Permission {
    const draw = this.draws.get(key) ?? this.open(key, size, now);
    if (draw.size.perSecond !== size.perSecond || draw.size.burst !== size.burst) {
      draw.size = size;
      draw.tokens = 0;
      draw.emptyUntil = 0;
    }
    if (takeOne(draw)) return 'yes';
    if (now < draw.emptyUntil) {
      this.waitMs = draw.emptyUntil - now;
      return 'no';
    }
    this.askOnce(key, size);
    if (takeOne(draw)) return 'yes';
    const waiters = this.waiting.get(key);
    if (waiters !== undefined) {
      waiters.push(waiter);
      return 'later';
    }
    this.waitMs = Math.max(0, draw.emptyUntil - now);
    return 'no';
  }

  drawn(key: string, tokens: number, waitMs: number, now: number): void {
    const waiters = this.waiting.get(key) ?? [];
    this.waiting.delete(key);
    const draw = this.draws.get(key);
    if (draw !== undefined) {
      draw.tokens += tokens;
      if (tokens === 0) draw.emptyUntil = now + waitMs;
    }
    for (const [index, waiter] of waiters.entries()) {
      if (tokens === 0) waiter.onToken(waitMs, key);
      else if (draw === undefined) waiter.onToken(0, key);
      else if (!takeOne(draw)) {
        this.askAgain(key, draw.size, waiters.slice(index));
        return;
      } else if (!waiter.onToken(0, key)) draw.tokens++;
    }
  }

  /** No answer came in time: a rate that cannot be asked for limits nobody. */
  unanswered(key: string): void {
    for (const waiter of this.waiting.get(key)?.splice(0) ?? []) waiter.onToken(0, key);
  }

  private open(key: string, size: BucketSize, now: number): Draw {
    const draw: Draw = { tokens: 0, emptyUntil: 0, size };
    this.draws.set(key, draw, now, refillMs(size));
    return draw;
  }

  private askOnce(key: string, size: BucketSize): void {
    if (!this.waiting.has(key)) this.askAgain(key, size, []);
  }

  private askAgain(key: string, { perSecond, burst }: BucketSize, waiters: TokenWaiter[]): void {
    this.waiting.set(key, waiters);
    this.ask({ kind: 'token', key, perSecond, burst });
  }
}

function takeOne(draw: Draw): boolean {
  if (draw.tokens < 1) return false;
  draw.tokens--;
  return true;
}
