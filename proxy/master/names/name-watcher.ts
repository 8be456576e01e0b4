/** Looks one name up again and again, and tells when its addresses are others. */
import type { LookUp } from './name-lookup.ts';

export interface NameWatcherOptions {
  readonly lookUp: LookUp;
  /** The addresses are others than before, or are known again. Awaited by `firstLookUp`. */
  readonly onFound: (addresses: readonly string[], before: readonly string[]) => Promise<void>;
  /** The first failure after a success; what was known stays. */
  readonly onFailed: (reason: string) => void;
  /** Calls back once, later, unless the function that it returns is called. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

export class NameWatcher {
  /** The last good answer. */
  addresses: readonly string[] = [];
  /** Why there is no newer one; '' when there is. */
  failure = '';
  /** Resolves when the first answer has come, good or bad, and was passed on. */
  readonly firstLookUp: Promise<void>;
  readonly #name: string;
  readonly #options: NameWatcherOptions;
  #failures = 0;
  #cancel: () => void = () => undefined;
  #isStopped = false;

  constructor(name: string, options: NameWatcherOptions) {
    this.#name = name;
    this.#options = options;
    this.firstLookUp = this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  async #look(): Promise<void> {
    let delayMs: number;
    try {
      delayMs = await this.#ask();
    } catch (error) {
      delayMs = this.#fail(error);
    }
    if (this.#isStopped) return;
    this.#cancel = this.#options.schedule(() => void this.#look(), delayMs);
  }

  /** How long the answer is good. */
  async #ask(): Promise<number> {
    const { addresses, ttlMs, partial } = await this.#options.lookUp(this.#name);
    if (this.#isStopped) return ttlMs;
    const before = this.addresses;
    // What could not be asked for this time is not gone.
    const now = partial ? [...new Set([...before, ...addresses])].sort() : addresses;
    const recovered = this.#failures > 0;
    this.#failures = 0;
    this.failure = '';
    this.addresses = now;
    if (recovered || now.join() !== before.join()) await this.#options.onFound(now, before);
    return ttlMs;
  }

  /** How long to wait before the next try. */
  #fail(error: unknown): number {
    this.failure = error instanceof Error ? error.message : String(error);
    this.#failures++;
    if (this.#failures === 1 && !this.#isStopped) this.#options.onFailed(this.failure);
    return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 10));
  }
}
