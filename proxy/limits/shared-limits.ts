/**
 * A worker's side of the limits that all workers share:
 *
 * - Permits (`maxConnections` of the settings, `maxRequests`, `maxConnectionsPerIp`): never more in
 *   use than the limit, over all workers; and one is refused only when all are in use, or were
 *   20 ms ago.
 * - Tokens (`requestRate`, `clientRate`): in any time t at most burst + rate × t, and with several
 *   workers a quarter of the burst more.
 *
 * When the main process does not answer, permits are given up to the worker's own share of the
 * limit and rates limit nobody.
 */
import type { BucketSize } from './bucket-size.ts';
import { HeldPermits, type Permission, type PermitWaiter } from './held-permits.ts';
import { HeldTokens, type TokenWaiter } from './held-tokens.ts';
import type { LimitAsk, LimitOrder } from './limit-messages.ts';

/** How long the main process may take to answer. */
const ANSWER_TIMEOUT_MS = 1000;

interface Question {
  readonly ask: LimitAsk;
  readonly askedAt: number;
}

export class SharedLimits {
  private readonly permits: HeldPermits;
  private readonly tokens: HeldTokens;
  private readonly workers: number;
  private readonly send: (ask: LimitAsk) => void;
  private readonly now: () => number;
  /** A question has waited for too long: nobody shall wait for the next one. */
  private overdue = false;
  private readonly open = new Map<string, Question>();

  /** `send` may be answered, by `obey`, before it returns. */
  constructor(workers: number, send: (ask: LimitAsk) => void, now: () => number) {
    this.workers = workers;
    this.send = send;
    this.now = now;
    this.permits = new HeldPermits(ask => this.question(ask));
    this.tokens = new HeldTokens(ask => this.question(ask), now());
  }

  /** How long the last request that a rate refused has to wait. */
  get waitMs(): number {
    return this.tokens.waitMs;
  }

  /** `keep`: the limit is one of few; it is not forgotten while nothing of it is in use. */
  acquire(key: string, limit: number, keep: boolean, waiter: PermitWaiter): Permission {
    if (this.overdue) return this.permits.acquireOwn(key, limit, keep, this.share(limit));
    return this.permits.acquire(key, limit, keep, this.now(), waiter);
  }

  release(key: string): void {
    this.permits.release(key);
  }

  /** The limit is another one from now on; the next `acquire` would tell it as well. */
  resize(key: string, limit: number): void {
    this.permits.resize(key, limit);
  }

  /** True once, after a worker that held permits has ended. */
  hearFreed(key: string): boolean {
    return this.permits.hearFreed(key);
  }

  take(key: string, size: BucketSize, waiter: TokenWaiter): Permission {
    const permission = this.tokens.take(key, size, this.now(), waiter);
    return this.overdue ? 'yes' : permission;
  }

  obey(order: LimitOrder): void {
    if (order.kind === 'recall') this.permits.recall(order.key);
    else if (order.kind === 'freed') this.permits.freed(order.key);
    else this.hear(order);
  }

  /** To be called now and then: nobody waits for ever for a main process that does not answer. */
  expire(): void {
    const now = this.now();
    for (const [key, { ask, askedAt }] of [...this.open]) {
      if (now - askedAt < ANSWER_TIMEOUT_MS) continue;
      this.overdue = true;
      if (ask.kind === 'permit') this.permits.unanswered(key, this.share(ask.limit), now);
      else this.tokens.unanswered(key);
    }
  }

  private hear(answer: Exclude<LimitOrder, { kind: 'recall' | 'freed' }>): void {
    const { key } = answer;
    this.open.delete(key);
    this.overdue = false;
    if (answer.kind === 'granted') this.permits.granted(key, answer.permits, this.now());
    else this.tokens.drawn(key, answer.tokens, answer.waitMs, this.now());
  }

  private share(limit: number): number {
    return Math.ceil(limit / this.workers);
  }

  private question(ask: LimitAsk): void {
    if (ask.kind !== 'give-back') this.open.set(ask.key, { ask, askedAt: this.now() });
    this.send(ask);
  }
}
