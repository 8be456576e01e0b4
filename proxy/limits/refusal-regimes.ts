/** A limit that refuses a thousand requests is told once, and once more when it has ended. */

/** No refusal for so long: it is over. */
const QUIET_MS = 5000;

interface Regime<T> {
  readonly subject: T;
  refused: number;
  lastAt: number;
}

export class RefusalRegimes<T> {
  private readonly regimes = new Map<string, Regime<T>>();

  /** True for the first refusal. */
  refused(key: string, subject: T, now: number): boolean {
    const known = this.regimes.get(key);
    if (known === undefined) {
      this.regimes.set(key, { subject, refused: 1, lastAt: now });
      return true;
    }
    known.refused++;
    known.lastAt = now;
    return false;
  }

  /** Those that have ended, each once. */
  *ended(now: number): Iterable<{ subject: T; refused: number }> {
    for (const [key, { subject, refused, lastAt }] of this.regimes) {
      if (now - lastAt < QUIET_MS) continue;
      this.regimes.delete(key);
      yield { subject, refused };
    }
  }
}
