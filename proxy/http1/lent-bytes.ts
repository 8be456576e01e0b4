/** Received bytes are lent for one call only: the next read overwrites them. What stays is copied. */

export function ownCopy(bytes: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  bytes.copy(copy, 0, start, end);
  return copy;
}

/** What was kept, with what came now. */
export function joined(kept: Buffer, bytes: Buffer, end: number): Buffer {
  const all = Buffer.allocUnsafe(kept.length + end);
  kept.copy(all, 0);
  bytes.copy(all, kept.length, 0, end);
  return all;
}

/** Kept free in front of what is read, so that a head may grow a little where it is. */
const HEADROOM = 1024;
const lending = new WeakSet<Buffer>();

/** A buffer for reading, whose bytes are lent. */
export function lendingBuffer(size: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(HEADROOM + size).subarray(HEADROOM);
  lending.add(buffer);
  return buffer;
}

/**
 * The bytes from `start` with a text right before them, without a copy: it overwrites what was
 * there, a head that has been used. Undefined when there is no room for it.
 */
export function withTextBefore(
  latin1: string,
  bytes: Buffer,
  start: number,
  end: number,
): Buffer | undefined {
  const room = start + (lending.has(bytes) ? HEADROOM : 0);
  if (latin1.length > room) return undefined;
  const from = bytes.byteOffset + start - latin1.length;
  const whole = Buffer.from(bytes.buffer, from, latin1.length + end - start);
  whole.write(latin1, 0, 'latin1');
  return whole;
}
