/**
 * Idle clients on their way to other processes: each of those is given one at a time, so that one
 * that takes its time keeps no more than that.
 */
import type { GiveClient, IdleClient } from './listener.ts';

export interface ClientPassingOptions {
  readonly takers: () => readonly GiveClient[];
  /** When there is no taker. */
  readonly otherwise: GiveClient;
}

interface Waiting {
  readonly client: IdleClient;
  readonly settle: (arrived: boolean | Promise<boolean>) => void;
}

export class ClientPassing {
  readonly #options: ClientPassingOptions;
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Set<GiveClient>();
  #turn = 0;

  constructor(options: ClientPassingOptions) {
    this.#options = options;
  }

  pass(client: IdleClient): Promise<boolean> {
    return new Promise(settle => {
      this.#waiting.push({ client, settle });
      this.#next();
    });
  }

  /** In turn, so that many clients at once do not all meet one process. */
  #next(): void {
    const { takers, otherwise } = this.#options;
    while (this.#waiting.length > 0) {
      const all = takers();
      const free = all.filter(each => !this.#busy.has(each));
      if (free.length === 0 && all.length > 0) return;
      const next = this.#waiting.shift();
      const take = free[++this.#turn % free.length];
      if (next === undefined) return;
      if (take === undefined) next.settle(otherwise(next.client));
      else void this.#giveTo(take, next);
    }
  }

  /** What one of them has not received is for the others. */
  async #giveTo(take: GiveClient, next: Waiting): Promise<void> {
    this.#busy.add(take);
    const arrived = await take(next.client);
    this.#busy.delete(take);
    if (arrived) next.settle(true);
    else this.#waiting.unshift(next);
    this.#next();
  }
}
