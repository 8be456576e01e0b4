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
