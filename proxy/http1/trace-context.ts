/**
 * W3C Trace Context: a request that belongs to a trace keeps its trace id and its sampled flag, and
 * its parent becomes the proxy's own hop. Pure: ids of hops come from an `IdSource`.
 *
 *     traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
 *                  │  trace id                         parent id        │
 *                  version                                              flags: 1 sampled, 2 random
 */
import { HEX_VALUE } from './bytes.ts';
import type { Head } from './head.ts';
import { TRACEPARENT, TRACESTATE } from './known-fields.ts';

const DASH = 0x2d;
const LENGTH = 55;
/** Where the ids and the flags stand. */
const TRACE_ID = 3;
const PARENT_ID = 36;
const FLAGS = 53;
/** Sampled, and the level 2 flag that says that the trace id is random: both belong to the trace. */
const KEPT_FLAGS = 0x03;

/** §3.3: without a traceparent that can be read, tracestate says nothing and ends here. */
export function dropTracestate(head: Head): void {
  for (let i = 0; i < head.count; i++) if (head.id[i] === TRACESTATE) head.named[i] = 1;
}

/** Where a valid traceparent begins in the bytes of the head; -1: there is none. */
export function findTraceparent(head: Head): number {
  if (head.times[TRACEPARENT] !== 1) return -1;
  const index = head.first[TRACEPARENT] as number;
  // A field that Connection names ends at this hop.
  if (head.named[index] === 1) return -1;
  const start = head.valueStart[index] as number;
  const length = (head.valueEnd[index] as number) - start;
  return isTraceparent(head.bytes, start, length) ? start : -1;
}

function isTraceparent(bytes: Buffer, start: number, length: number): boolean {
  if (length < LENGTH || !isHex(bytes, start, 2)) return false;
  const version = hexPair(bytes, start);
  // §4.3: of a later version the part is read that this one knows, if more follows behind a dash.
  if (version === 0xff || (version === 0 && length !== LENGTH)) return false;
  if (length > LENGTH && bytes[start + LENGTH] !== DASH) return false;
  if (bytes[start + 2] !== DASH || bytes[start + 35] !== DASH || bytes[start + 52] !== DASH) {
    return false;
  }
  return (
    isId(bytes, start + TRACE_ID, 32) &&
    isId(bytes, start + PARENT_ID, 16) &&
    isHex(bytes, start + FLAGS, 2)
  );
}

export function traceIdAt(bytes: Buffer, start: number): string {
  return bytes.toString('latin1', start + TRACE_ID, start + TRACE_ID + 32);
}

/** Flags as the backend gets them: what belongs to the trace as it came, the rest is zero. */
export function traceFlagsAt(bytes: Buffer, start: number): string {
  return `0${hexPair(bytes, start + FLAGS) & KEPT_FLAGS}`;
}

/** Not all of it is zero. */
function isId(bytes: Buffer, start: number, length: number): boolean {
  if (!isHex(bytes, start, length)) return false;
  for (let at = start; at < start + length; at++) if (bytes[at] !== 0x30) return true;
  return false;
}

/** Lower case only: the specification knows no other. */
function isHex(bytes: Buffer, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) {
    const byte = bytes[at] as number;
    if (HEX_VALUE[byte] === 255 || (byte >= 0x41 && byte <= 0x46)) return false;
  }
  return true;
}

function hexPair(bytes: Buffer, at: number): number {
  return (
    (HEX_VALUE[bytes[at] as number] as number) * 16 + (HEX_VALUE[bytes[at + 1] as number] as number)
  );
}
