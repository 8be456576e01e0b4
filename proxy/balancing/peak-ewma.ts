/**
 * How long a backend takes, as Finagle and Linkerd measure it: the worst that was seen of late. It
 * rises at once with a slow answer, and falls by a factor of e in a second of better ones or of
 * none, so a backend that was slow once gets another try.
 */

/** Before anything was measured: slow enough that a new backend is not flooded. */
export const INITIAL_MS: number = 50;
export const DECAY_MS: number = 1000;

const NEVER = -1;

export class PeakEwma {
  private valueMs = INITIAL_MS;
  private at = NEVER;

  observe(sampleMs: number, now: number): void {
    const fade = this.at === NEVER ? 0 : fading(now - this.at);
    this.valueMs = Math.max(sampleMs, this.valueMs * fade + sampleMs * (1 - fade));
    this.at = now;
  }

  /** Nothing observed for a while counts as good news. */
  read(now: number): number {
    if (this.at === NEVER) return INITIAL_MS;
    return this.valueMs * fading(now - this.at);
  }
}

function fading(elapsedMs: number): number {
  return Math.exp(-Math.max(0, elapsedMs) / DECAY_MS);
}
