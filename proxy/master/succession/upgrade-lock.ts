/** One upgrade at a time, of whatever process. */
import { ProxyError } from '../../shared/errors.ts';

export class UpgradeLock {
  #running: string | undefined;

  /** `what`: as a refusal of another one says it. */
  async hold<T>(what: string, action: () => Promise<T>): Promise<T> {
    if (this.#running !== undefined) {
      const message = `an upgrade is going on already: ${this.#running}; try again when it is done`;
      throw new ProxyError('PROXY_REQUEST_INVALID', message);
    }
    this.#running = what;
    try {
      return await action();
    } finally {
      this.#running = undefined;
    }
  }

  /** It has gone on to the next. */
  say(what: string): void {
    this.#running = what;
  }
}
