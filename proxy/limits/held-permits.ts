/** The permits of shared limits that one worker holds, and who waits in it for one. */
import type { LimitAsk } from './limit-messages.ts';

/** `later`: the waiter is told. */
export type Permission = 'yes' | 'no' | 'later';

export interface PermitWaiter {
  /** False: it is no longer wanted. */
  onPermit(granted: boolean, key: string): boolean;
}

interface Holding {
  readonly key: string;
  limit: number;
  held: number;
  used: number;
  /** Of a limit that has changed: so many permits go back as soon as they are free. */
  owed: number;
  asked: boolean;
  /** The limit that the last question was about. */
  askedLimit: number;
  deniedUntil: number;
  /** Of a worker that has ended: not heard of yet. */
  freed: boolean;
  /** Kept while it is unused; otherwise forgotten, since there are as many limits as clients. */
  readonly keep: boolean;
  readonly waiters: PermitWaiter[];
}

/** Having been refused, a worker does not ask again at once: a flood must not become one of messages. */
const DENIED_MS = 20;

export class HeldPermits {
  private readonly holdings = new Map<string, Holding>();
  private readonly ask: (ask: LimitAsk) => void;

  /** `ask` may be answered before it returns. */
  constructor(ask: (ask: LimitAsk) => void) {
    this.ask = ask;
  }

  /** Limits that something is held or asked of. */
  get size(): number {
    return this.holdings.size;
  }

  used(key: string): number {
    return this.holdings.get(key)?.used ?? 0;
  }

  held(key: string): number {
    return this.holdings.get(key)?.held ?? 0;
  }

  acquire(
    key: string,
    limit: number,
    keep: boolean,
    now: number,
    waiter: PermitWaiter,
  ): Permission {
    const holding = this.holdings.get(key) ?? this.open(key, limit, keep);
    if (holding.limit !== limit) this.resize(key, limit);
    if (holding.used < holding.held) return take(holding);
    if (now < holding.deniedUntil) return 'no';
    this.askOnce(key, holding);
    if (holding.used < holding.held) return take(holding);
    if (holding.asked) {
      holding.waiters.push(waiter);
      return 'later';
    }
    holding.deniedUntil = now + DENIED_MS;
    this.forgetUnused(key, holding);
    return 'no';
  }

  /** What is unused goes back at once, since it was given for the former limit. */
  resize(key: string, limit: number): void {
    const holding = this.holdings.get(key);
    if (holding === undefined || holding.limit === limit) return;
    const unused = Math.max(0, holding.held - holding.used);
    holding.limit = limit;
    holding.held -= unused;
    holding.owed = holding.held;
    holding.deniedUntil = 0;
    if (unused > 0) this.giveBack(key, unused, false);
  }

  release(key: string): void {
    const holding = this.holdings.get(key);
    if (holding === undefined || holding.used === 0) return;
    holding.used--;
    if (holding.owed > 0) {
      holding.owed--;
      holding.held--;
      this.giveBack(key, 1, false);
    } else this.serve(holding);
    this.forgetUnused(key, holding);
  }

  granted(key: string, permits: number, now: number): void {
    const holding = this.holdings.get(key);
    if (holding === undefined) {
      if (permits > 0) this.giveBack(key, permits, false);
      return;
    }
    holding.asked = false;
    if (holding.askedLimit === holding.limit) this.accept(key, holding, permits, now);
    else this.askAgain(key, holding, permits);
  }

  recall(key: string): void {
    const holding = this.holdings.get(key);
    const unused = holding === undefined ? 0 : Math.max(0, holding.held - holding.used);
    const permits = Math.ceil(unused / 2);
    if (holding !== undefined) holding.held -= permits;
    this.giveBack(key, permits, true);
  }

  freed(key: string): void {
    const holding = this.holdings.get(key);
    if (holding === undefined) return;
    holding.deniedUntil = 0;
    holding.freed = true;
  }

  /** True once, after a worker that held permits has ended. */
  hearFreed(key: string): boolean {
    const holding = this.holdings.get(key);
    const freed = holding?.freed === true;
    if (holding !== undefined) holding.freed = false;
    return freed;
  }

  /** No answer came in time: whoever still waits is served up to this worker's own share. */
  unanswered(key: string, share: number, now: number): void {
    const holding = this.holdings.get(key);
    if (holding === undefined) return;
    while (holding.used < share && holding.waiters.length > 0) offer(holding);
    if (holding.waiters.length > 0) this.refuse(holding, now);
  }

  /** As `acquire`, while no answers come: decides by this worker's own share. */
  acquireOwn(key: string, limit: number, keep: boolean, share: number): Permission {
    const holding = this.holdings.get(key) ?? this.open(key, limit, keep);
    if (holding.used < Math.max(holding.held, share)) return take(holding);
    this.askOnce(key, holding);
    return 'no';
  }

  private open(key: string, limit: number, keep: boolean): Holding {
    const holding: Holding = {
      key,
      limit,
      held: 0,
      used: 0,
      owed: 0,
      asked: false,
      askedLimit: limit,
      deniedUntil: 0,
      freed: false,
      keep,
      waiters: [],
    };
    this.holdings.set(key, holding);
    return holding;
  }

  private askOnce(key: string, holding: Holding): void {
    if (holding.asked) return;
    holding.asked = true;
    holding.askedLimit = holding.limit;
    this.ask({ kind: 'permit', key, limit: holding.limit });
  }

  private accept(key: string, holding: Holding, permits: number, now: number): void {
    holding.held += permits;
    // Nobody waits when the answer comes while it is asked for: then the asker takes it itself.
    if (holding.waiters.length === 0) return;
    this.serve(holding);
    if (permits === 0) this.refuse(holding, now);
    else if (holding.waiters.length > 0) this.askOnce(key, holding);
    this.forgetUnused(key, holding);
  }

  /** The answer is about a limit that is no longer the limit. */
  private askAgain(key: string, holding: Holding, permits: number): void {
    if (permits > 0) this.giveBack(key, permits, false);
    if (holding.waiters.length > 0) this.askOnce(key, holding);
    this.forgetUnused(key, holding);
  }

  private serve(holding: Holding): void {
    while (holding.used < holding.held && holding.waiters.length > 0) offer(holding);
  }

  private refuse(holding: Holding, now: number): void {
    holding.deniedUntil = now + DENIED_MS;
    for (const waiter of holding.waiters.splice(0)) waiter.onPermit(false, holding.key);
  }

  private forgetUnused(key: string, holding: Holding): void {
    if (holding.keep || holding.used > 0 || holding.asked || holding.waiters.length > 0) return;
    // A waiter that was served just now and needed nothing after all has ended it already.
    if (this.holdings.get(key) !== holding) return;
    this.holdings.delete(key);
    if (holding.held > 0) this.giveBack(key, holding.held, false);
  }

  private giveBack(key: string, permits: number, recalled: boolean): void {
    this.ask({ kind: 'give-back', key, permits, recalled });
  }
}

function take(holding: Holding): Permission {
  holding.used++;
  return 'yes';
}

function offer(holding: Holding): void {
  const waiter = holding.waiters.shift();
  if (waiter === undefined) return;
  holding.used++;
  if (!waiter.onPermit(true, holding.key)) holding.used--;
}
