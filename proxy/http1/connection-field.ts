/**
 * The Connection field (RFC 9110 §7.6.1): whether the connection stays, and which other fields end
 * at this hop. Framing fields and Host cannot be named away: that would change the message.
 */
import { COMMA, equalsIgnoringCase, isBlank, spansEqualIgnoringCase } from './bytes.ts';
import type { Head } from './head.ts';
import { CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING } from './known-fields.ts';

/** Marks the named fields in the head; tells whether the sender keeps its connection open. */
export function readConnection(head: Head): boolean {
  if (head.times[CONNECTION] === 0) return head.minorVersion === 1;
  let close = false;
  let keep = head.minorVersion === 1;
  for (let i = head.first[CONNECTION] as number; i < head.count; i++) {
    if (head.id[i] !== CONNECTION) continue;
    const options = readOptions(head, head.valueStart[i] as number, head.valueEnd[i] as number);
    if (options === 'close') close = true;
    if (options === 'keep-alive') keep = true;
  }
  return keep && !close;
}

/** One Connection line; `close` outweighs `keep-alive`. */
function readOptions(head: Head, from: number, end: number): 'close' | 'keep-alive' | undefined {
  let found: 'close' | 'keep-alive' | undefined;
  let at = from;
  while (at < end) {
    const next = optionEnd(head.bytes, at, end);
    const [start, stop] = trimmed(head.bytes, at, next);
    if (equalsIgnoringCase(head.bytes, start, stop, 'close')) found = 'close';
    else if (equalsIgnoringCase(head.bytes, start, stop, 'keep-alive')) found ??= 'keep-alive';
    else if (start < stop) markNamed(head, start, stop - start);
    at = next + 1;
  }
  return found;
}

function optionEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== COMMA) at++;
  return at;
}

function trimmed(bytes: Buffer, start: number, end: number): [number, number] {
  let [from, to] = [start, end];
  while (from < to && isBlank(bytes[from])) from++;
  while (to > from && isBlank(bytes[to - 1])) to--;
  return [from, to];
}

function markNamed(head: Head, start: number, length: number): void {
  for (let i = 0; i < head.count; i++) {
    const lineStart = head.lineStart[i] as number;
    if ((head.nameEnd[i] as number) - lineStart !== length) continue;
    const id = head.id[i] as number;
    if (id === HOST || id === CONTENT_LENGTH || id === TRANSFER_ENCODING) continue;
    if (spansEqualIgnoringCase(head.bytes, lineStart, start, length)) head.named[i] = 1;
  }
}
