/**
 * The path of a request as frontends are compared with it: without the query, without needless
 * percent-encoding, because `/%61dmin` and `/admin` are one resource (RFC 3986 §6.2.2.2), and without
 * empty segments, because to most backends `//admin` is one more spelling of it. One resource must
 * not lead to two places. What a backend gets is the path as it was sent.
 *
 * A dot segment (`/public/../admin`) is not resolved: whether a backend does, and how it takes
 * `..%2f`, `..\` or `..;x`, differs from one to the next, so no answer would be safe. Clients resolve
 * them before they send; what still has one is `ambiguous`, and refused where paths decide.
 */

import { hexValue } from './percent-decoding.ts';

const PERCENT = 0x25;
const DOT = 0x2e;
const SLASH = 0x2f;
const SEMICOLON = 0x3b;
const QUESTION_MARK = 0x3f;
const BACKSLASH = 0x5c;

/** Longer than any request line that the scanner lets through. */
const SCRATCH_BYTES = 16 * 1024;
const ROOT = Buffer.from('/');

export class RequestPath {
  bytes: Buffer = ROOT;
  start = 0;
  end = 0;
  ambiguous = false;
  private readonly scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

  /** The path with its query, as sent: enough where no frontend looks at it. */
  take(bytes: Buffer, start: number, targetEnd: number): void {
    const isEmpty = start === targetEnd || bytes[start] === QUESTION_MARK;
    this.bytes = isEmpty ? ROOT : bytes;
    this.start = isEmpty ? 0 : start;
    this.end = isEmpty ? 1 : targetEnd;
    this.ambiguous = false;
  }

  /** After `take`: cuts the query off and brings the rest to the form that is compared. */
  read(): void {
    const { bytes, end } = this;
    let isPlain = true;
    let at = this.start;
    let before = 0;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === QUESTION_MARK) break;
      if (byte === PERCENT || byte === BACKSLASH) isPlain = false;
      else if (before === SLASH && (byte === DOT || byte === SLASH)) isPlain = false;
      before = byte;
    }
    this.end = at;
    if (isPlain) return;
    this.simplify();
    this.ambiguous = hasDotSegment(this.bytes, this.start, this.end);
  }

  /** Copies the path; `%41` becomes `A` (letters, digits and `-._~`, nothing else), `//` a slash. */
  private simplify(): void {
    const { bytes, start, scratch } = this;
    const end = Math.min(this.end, start + SCRATCH_BYTES);
    let length = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      const decoded = byte === PERCENT ? unreservedAt(bytes, at, end) : 0;
      if (decoded !== 0) at += 2;
      else if (byte === SLASH && length > 0 && scratch[length - 1] === SLASH) continue;
      scratch[length++] = decoded === 0 ? byte : decoded;
    }
    this.bytes = scratch;
    this.start = 0;
    this.end = length;
  }
}

/** The character that the three bytes from `at` on encode, 0 when it is not an unreserved one. */
function unreservedAt(bytes: Buffer, at: number, end: number): number {
  if (at + 2 >= end) return 0;
  const byte = (hexValue(bytes[at + 1] as number) << 4) | hexValue(bytes[at + 2] as number);
  return byte < 0x80 && UNRESERVED[byte] === 1 ? byte : 0;
}

const UNRESERVED: Uint8Array = Uint8Array.from({ length: 128 }, (_, byte) =>
  /[A-Za-z0-9\-._~]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** A segment that is `.` or `..`, by the most generous idea of where a segment ends. */
function hasDotSegment(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    at += separatorAt(bytes, at, end);
    const from = at;
    while (at < end && bytes[at] === DOT) at++;
    const dots = at - from;
    const ends = at === end || bytes[at] === SEMICOLON || separatorAt(bytes, at, end) > 0;
    if (ends && (dots === 1 || dots === 2)) return true;
    while (at < end && separatorAt(bytes, at, end) === 0) at++;
  }
  return false;
}

/** Length of `/`, `\`, `%2f` or `%5c` at this place; 0 when there is none. */
function separatorAt(bytes: Buffer, at: number, end: number): number {
  const byte = bytes[at];
  if (byte === SLASH || byte === BACKSLASH) return 1;
  if (byte !== PERCENT || at + 2 >= end) return 0;
  const code = (hexValue(bytes[at + 1] as number) << 4) | hexValue(bytes[at + 2] as number);
  return code === SLASH || code === BACKSLASH ? 3 : 0;
}
