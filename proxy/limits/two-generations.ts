/**
 * A map that forgets what was not used lately, without a timer and without a sweep:
 *
 *     current  ◀── set, and what is found in `previous`
 *     previous ──▶ dropped as a whole when `current` becomes the next `previous`
 */

export class TwoGenerations<T> {
  private current = new Map<string, T>();
  private previous = new Map<string, T>();
  private since: number;
  private keepMs = 0;
  private readonly capacity: number;

  /** Holds at most twice `capacity` entries. */
  constructor(capacity: number, now: number) {
    this.capacity = capacity;
    this.since = now;
  }

  get size(): number {
    return this.current.size + this.previous.size;
  }

  get(key: string): T | undefined {
    const found = this.current.get(key);
    if (found !== undefined) return found;
    const older = this.previous.get(key);
    if (older === undefined || this.current.size >= this.capacity) return older;
    this.previous.delete(key);
    this.current.set(key, older);
    return older;
  }

  /** What was not used for `keepMs` may be forgotten; when there is no room, sooner. */
  set(key: string, value: T, now: number, keepMs: number): void {
    this.keepMs = Math.max(this.keepMs, keepMs);
    if (this.current.size >= this.capacity || now - this.since >= this.keepMs) {
      this.previous = this.current;
      this.current = new Map();
      this.since = now;
    }
    this.current.set(key, value);
  }
}
