/**
 * Who holds the permits of the limits that all workers share. A worker uses what it holds without
 * asking and asks when that is used up; when nothing is free, the others give back what they do
 * not use. So there are never more permits out than the limit says, and none is refused while
 * another worker holds an idle one.
 *
 *     worker 1 ── permit ──▶ ledger ── recall ──▶ worker 2
 *     worker 1 ◀─ granted ── ledger ◀─ give-back ─ worker 2
 */
import type { LimitOrder } from './limit-messages.ts';

interface Account {
  granted: number;
  readonly held: Map<number, number>;
  /** Workers that wait for an answer, in their order, and the limit that each knows of. */
  readonly asking: Map<number, number>;
  /** Workers whose answer to a recall is awaited. */
  readonly recalled: Set<number>;
  /** Workers whose last answer was that there is none. */
  readonly refused: Set<number>;
}

export class PermitLedger {
  private readonly accounts = new Map<string, Account>();
  private readonly workers: number;
  private readonly order: (workerId: number, order: LimitOrder) => void;

  /** `workers`: how many share; a grant leaves something for the others. */
  constructor(workers: number, order: (workerId: number, order: LimitOrder) => void) {
    this.workers = workers;
    this.order = order;
  }

  /** Limits that somebody holds permits of. */
  get size(): number {
    return this.accounts.size;
  }

  ask(workerId: number, key: string, limit: number): void {
    let account = this.accounts.get(key);
    if (account === undefined) {
      account = newAccount();
      this.accounts.set(key, account);
    }
    account.asking.set(workerId, limit);
    this.grant(key, account);
    if (account.asking.size > 0 && account.recalled.size === 0) this.recall(key, account);
    this.conclude(key, account);
  }

  giveBack(workerId: number, key: string, permits: number, recalled: boolean): void {
    const account = this.accounts.get(key);
    if (account === undefined) return;
    const held = account.held.get(workerId) ?? 0;
    const returned = Math.min(held, Math.max(0, permits));
    account.granted -= returned;
    if (held === returned) account.held.delete(workerId);
    else account.held.set(workerId, held - returned);
    if (recalled) account.recalled.delete(workerId);
    this.grant(key, account);
    this.conclude(key, account);
  }

  /** The worker has ended, and with it all that it held permits for. */
  gone(workerId: number): void {
    for (const [key, account] of [...this.accounts]) {
      const held = account.held.get(workerId) ?? 0;
      account.granted -= held;
      account.held.delete(workerId);
      account.asking.delete(workerId);
      account.recalled.delete(workerId);
      account.refused.delete(workerId);
      this.grant(key, account);
      if (held > 0) this.tellFreed(key, account);
      this.conclude(key, account);
    }
  }

  private grant(key: string, account: Account): void {
    for (const [workerId, limit] of [...account.asking]) {
      const free = limit - account.granted;
      if (free < 1) continue;
      const permits = Math.max(1, Math.floor(free / (2 * this.workers)));
      account.granted += permits;
      account.held.set(workerId, (account.held.get(workerId) ?? 0) + permits);
      account.asking.delete(workerId);
      account.refused.delete(workerId);
      this.order(workerId, { kind: 'granted', key, permits });
    }
  }

  private tellFreed(key: string, { refused }: Account): void {
    for (const workerId of refused) this.order(workerId, { kind: 'freed', key });
    refused.clear();
  }

  private recall(key: string, account: Account): void {
    for (const workerId of account.held.keys()) {
      // Who asks has none to spare.
      if (!account.asking.has(workerId)) account.recalled.add(workerId);
    }
    for (const workerId of [...account.recalled]) this.order(workerId, { kind: 'recall', key });
  }

  private conclude(key: string, account: Account): void {
    if (account.recalled.size > 0) return;
    for (const workerId of [...account.asking.keys()]) {
      account.asking.delete(workerId);
      account.refused.add(workerId);
      this.order(workerId, { kind: 'granted', key, permits: 0 });
    }
    if (account.granted === 0) this.accounts.delete(key);
  }
}

function newAccount(): Account {
  return {
    granted: 0,
    held: new Map(),
    asking: new Map(),
    recalled: new Set(),
    refused: new Set(),
  };
}
