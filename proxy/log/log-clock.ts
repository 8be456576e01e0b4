/** Monotonic time → wall-clock text. What is the same for a whole second is made once a second. */

const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, n) =>
  String(n).padStart(3, '0'),
);

export class LogClock {
  private readonly wallNow: () => number;
  private readonly monotonicNow: () => number;
  private offset = 0;
  private offsetUntil = Number.NEGATIVE_INFINITY;
  private second = Number.NaN;
  private secondText = '';

  constructor(
    wallNow: () => number = Date.now,
    monotonicNow: () => number = () => performance.now(),
  ) {
    this.wallNow = wallNow;
    this.monotonicNow = monotonicNow;
  }

  /** Milliseconds since 1970. The wall clock may be set while we run: it is asked once a second. */
  wallMs(monotonicMs: number): number {
    if (monotonicMs >= this.offsetUntil) {
      const now = this.monotonicNow();
      this.offset = this.wallNow() - now;
      this.offsetUntil = now + 1000;
    }
    return monotonicMs + this.offset;
  }

  /** `2026-11-20T18:48:33.123Z`. */
  millis(monotonicMs: number): string {
    const wall = Math.floor(this.wallMs(monotonicMs));
    return `${this.toSecond(wall)}${threeDigits(wall % 1000)}Z`;
  }

  /** `2026-11-20T18:48:33.123456Z`. */
  micros(monotonicMs: number): string {
    const wall = this.wallMs(monotonicMs);
    const ms = Math.floor(wall);
    const us = Math.floor((wall - ms) * 1000);
    return `${this.toSecond(ms)}${threeDigits(ms % 1000)}${threeDigits(us)}Z`;
  }

  private toSecond(wallMs: number): string {
    const second = Math.floor(wallMs / 1000);
    if (second !== this.second) {
      this.second = second;
      this.secondText = new Date(second * 1000).toISOString().slice(0, 20);
    }
    return this.secondText;
  }
}

/** Milliseconds with three decimals, without the float formatting that would take longer. */
export function decimalMs(ms: number): string {
  if (!(ms > 0)) return '0.000';
  const us = Math.round(ms * 1000);
  const whole = Math.floor(us / 1000);
  return `${whole}.${threeDigits(us - whole * 1000)}`;
}

/** `n` is 0–999. */
function threeDigits(n: number): string {
  return THREE_DIGITS[n] as string;
}
