/** Ids of traces and hops: random enough never to meet again, and far cheaper than a system call. */

const HEX_PAIR: readonly string[] = Array.from({ length: 256 }, (_, n) =>
  n.toString(16).padStart(2, '0'),
);

/** xorshift128 (Marsaglia 2003), seeded once: each worker walks its own part of 2^128 − 1 states. */
export class IdSource {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** Four numbers below 2^32, not all of them 0. */
  constructor(seed: readonly [number, number, number, number]) {
    [this.a, this.b, this.c, this.d] = seed;
    if ((this.a | this.b | this.c | this.d) === 0) this.d = 1;
  }

  /** 16 hexadecimal digits, not all of them 0. */
  spanId(): string {
    const high = this.next();
    // One zero word is allowed, two would be no id.
    return hex(high) + hex(high === 0 ? this.next() || 1 : this.next());
  }

  /** 32 hexadecimal digits, not all of them 0. */
  traceId(): string {
    return this.spanId() + this.spanId();
  }

  private next(): number {
    let t = this.d;
    t ^= t << 11;
    t ^= t >>> 8;
    this.d = this.c;
    this.c = this.b;
    this.b = this.a;
    this.a = t ^ this.a ^ (this.a >>> 19);
    return this.a;
  }
}

function hex(word: number): string {
  return (
    (HEX_PAIR[word >>> 24] as string) +
    (HEX_PAIR[(word >>> 16) & 255] as string) +
    (HEX_PAIR[(word >>> 8) & 255] as string) +
    (HEX_PAIR[word & 255] as string)
  );
}
