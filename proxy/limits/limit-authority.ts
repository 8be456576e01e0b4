/**
 * Apportions everything that workers share. It lives in the main process; a worker that is alone
 * has one of its own and is answered at once.
 */
import type { LimitAsk, LimitOrder } from './limit-messages.ts';
import { PermitLedger } from './permit-ledger.ts';
import { TokenLedger } from './token-ledger.ts';

export class LimitAuthority {
  private readonly permits: PermitLedger;
  private readonly tokens: TokenLedger;
  private readonly order: (workerId: number, order: LimitOrder) => void;

  constructor(workers: number, now: number, order: (workerId: number, order: LimitOrder) => void) {
    this.order = order;
    this.permits = new PermitLedger(workers, order);
    this.tokens = new TokenLedger(workers, now);
  }

  receive(workerId: number, ask: LimitAsk, now: number): void {
    const { key } = ask;
    if (ask.kind === 'permit') this.permits.ask(workerId, key, ask.limit);
    else if (ask.kind === 'give-back') {
      this.permits.giveBack(workerId, key, ask.permits, ask.recalled);
    } else {
      const tokens = this.tokens.take(key, ask, now);
      this.order(workerId, { kind: 'tokens', key, tokens, waitMs: this.tokens.waitMs });
    }
  }

  gone(workerId: number): void {
    this.permits.gone(workerId);
  }
}
