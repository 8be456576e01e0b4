/** The target of a request (RFC 9112 §3.2) and whom it is for. Refuses with a status, never repairs. */
import { COLON, DOT, HOST_NAME, isDigit, SLASH } from './bytes.ts';
import type { Head } from './head.ts';
import { HOST } from './known-fields.ts';
import { methodIs } from './methods.ts';

const ASTERISK = 0x2a;
const QUESTION_MARK = 0x3f;
const MAX_PORT = 65_535;
/** What this side of the proxy speaks; a target with another scheme is for somebody else. */
const SCHEME = 'http';
const absolute = /^([a-z][a-z0-9+.-]*):\/\//i;

/** 0, or the status to answer. Sets path, host and authority of the head. */
export function readTarget(head: Head): number {
  const { bytes, targetStart, targetEnd } = head;
  if (head.times[HOST] === 0) head.hostStart = head.hostEnd = targetStart;
  else if (!readHostField(head)) return 400;
  head.pathStart = targetStart;
  if (bytes[targetStart] === SLASH) return 0;
  if (targetEnd - targetStart === 1 && bytes[targetStart] === ASTERISK) {
    return methodIs(head, 'OPTIONS') ? 0 : 400;
  }
  return readAbsoluteForm(head);
}

function readHostField(head: Head): boolean {
  const index = head.first[HOST] as number;
  return readAuthority(head, head.valueStart[index] as number, head.valueEnd[index] as number);
}

/** `http://host[:port][/path]`. Its authority counts, whatever Host says (RFC 9112 §3.2.2). */
function readAbsoluteForm(head: Head): number {
  const { bytes, targetStart, targetEnd } = head;
  const match = absolute.exec(bytes.toString('latin1', targetStart, targetEnd));
  if (match === null) return 400;
  const [before, scheme = ''] = match;
  const start = targetStart + before.length;
  let end = start;
  while (end < targetEnd && bytes[end] !== SLASH && bytes[end] !== QUESTION_MARK) end++;
  if (!readAuthority(head, start, end)) return 400;
  if (scheme.toLowerCase() !== SCHEME) return 421;
  head.pathStart = end;
  head.authorityStart = start;
  head.authorityEnd = end;
  return 0;
}

/** `host[:port]` without user information (RFC 9110 §4.2.4); the host may not be empty. */
function readAuthority(head: Head, start: number, end: number): boolean {
  const { bytes } = head;
  let at = start;
  if (bytes[at] === 0x5b) {
    while (at < end && bytes[at] !== 0x5d) at++;
    if (at++ === end || !isAddressLiteral(bytes, start + 1, at - 1)) return false;
  } else {
    while (at < end && HOST_NAME[bytes[at] as number] === 1) at++;
  }
  if (at === start) return false;
  head.hostStart = start;
  // The dot that may end a full name (RFC 1034 §3.1) makes it no other name.
  head.hostEnd = bytes[at - 1] === DOT ? at - 1 : at;
  return at === end || (bytes[at] === COLON && isPort(bytes, at + 1, end));
}

function isAddressLiteral(bytes: Buffer, start: number, end: number): boolean {
  return /^[0-9a-f:.]{2,45}$/i.test(bytes.toString('latin1', start, end));
}

/** An empty port is allowed by RFC 3986; 0 and more than 65535 are no ports. */
function isPort(bytes: Buffer, start: number, end: number): boolean {
  if (start === end) return true;
  let port = 0;
  for (let at = start; at < end; at++) {
    if (!isDigit(bytes[at]) || port > MAX_PORT) return false;
    port = port * 10 + (bytes[at] as number) - 0x30;
  }
  return port > 0 && port <= MAX_PORT;
}
