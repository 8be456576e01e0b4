/**
 * Finds one cookie in the Cookie fields of a head, where it stands, and can take it out of what is
 * sent on (RFC 6265 §4.2.1: pairs between semicolons; names are compared byte for byte).
 */
import { isBlank, SEMICOLON } from './bytes.ts';
import type { Head } from './head.ts';
import { COOKIE } from './known-fields.ts';

const EQUALS = 0x3d;
const QUOTE = 0x22;

export class CookieReader {
  /** Of the first cookie of the name, without quotes; in the bytes of the head. */
  valueStart = 0;
  valueEnd = 0;
  private found = false;

  /** False: the request has no such cookie. */
  find(head: Head, name: string): boolean {
    return this.scan(head, name, false);
  }

  /** As `find`; and every cookie of the name stays here when the head is written. */
  take(head: Head, name: string): boolean {
    return this.scan(head, name, true);
  }

  private scan(head: Head, name: string, cut: boolean): boolean {
    this.found = false;
    if (head.times[COOKIE] === 0) return false;
    for (let line = head.first[COOKIE] as number; line < head.count; line++) {
      if (head.id[line] === COOKIE) this.scanLine(head, line, name, cut);
    }
    return this.found;
  }

  private scanLine(head: Head, line: number, name: string, cut: boolean): void {
    const { bytes, cuts } = head;
    const end = head.valueEnd[line] as number;
    const cutsBefore = cuts.length;
    let kept = false;
    let at = head.valueStart[line] as number;
    let separator = at;
    while (at < end) {
      const pairEnd = endOfPair(bytes, at, end);
      const next = skipBlanks(bytes, Math.min(pairEnd + 1, end), end);
      if (!this.readPair(bytes, at, pairEnd, name)) kept ||= pairEnd > at;
      // Its separator goes with it: the one before it, or else the one behind.
      else if (cut) cuts.push(kept ? separator : at, kept ? pairEnd : next);
      separator = pairEnd;
      at = next;
    }
    if (kept || cuts.length === cutsBefore) return;
    cuts.length = cutsBefore;
    cuts.push(head.lineStart[line] as number, head.lineEnd[line] as number);
  }

  /** Is it a cookie of the name? The value of the first one is remembered. */
  private readPair(bytes: Buffer, start: number, end: number, name: string): boolean {
    const nameEnd = start + name.length;
    if (nameEnd >= end || bytes[nameEnd] !== EQUALS) return false;
    for (let i = 0; i < name.length; i++) {
      if (bytes[start + i] !== name.charCodeAt(i)) return false;
    }
    if (!this.found) this.rememberValue(bytes, nameEnd + 1, end);
    return true;
  }

  private rememberValue(bytes: Buffer, start: number, end: number): void {
    this.found = true;
    this.valueStart = start;
    this.valueEnd = end;
    while (this.valueEnd > start && isBlank(bytes[this.valueEnd - 1])) this.valueEnd--;
    const last = this.valueEnd - 1;
    if (last <= start || bytes[start] !== QUOTE || bytes[last] !== QUOTE) return;
    this.valueStart++;
    this.valueEnd--;
  }
}

function endOfPair(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== SEMICOLON) at++;
  return at;
}

function skipBlanks(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(bytes[at])) at++;
  return at;
}

/** Text as the value of a cookie: what RFC 6265 §4.1.1 does not allow there is percent-encoded. */
export function cookieValue(text: string): string {
  return text.replace(/[^!#-+\--:<-[\]-~]/g, character => encodeURIComponent(character));
}
