/** Rules on a whole request head: target forms and Host. Refuses with a status, never repairs. */
import { COLON, HOST_NAME, isDigit, SLASH } from './bytes.ts';
import type { Head } from './head.ts';
import { HOST } from './known-fields.ts';

const SCHEME = 'http://';
const MAX_PORT = 65_535;

/** 0 when the request may go on; else the status to answer. Sets path and host of the head. */
export function checkRequest(head: Head): number {
  if (head.times[HOST] !== 1 && (head.times[HOST] !== 0 || head.minorVersion === 1)) return 400;
  if (methodIs(head, 'CONNECT')) return 501;
  const { bytes, targetStart } = head;
  if (head.times[HOST] === 0) head.hostStart = head.hostEnd = head.targetStart;
  else if (!readHostField(head)) return 400;
  if (bytes[targetStart] === SLASH) {
    head.pathStart = targetStart;
    return 0;
  }
  if (head.targetEnd - targetStart === 1 && bytes[targetStart] === 0x2a) {
    head.pathStart = targetStart;
    return methodIs(head, 'OPTIONS') ? 0 : 400;
  }
  return checkAbsoluteForm(head) ? 0 : 400;
}

function methodIs(head: Head, method: string): boolean {
  const { bytes, start, methodEnd } = head;
  if (methodEnd - start !== method.length) return false;
  for (let i = 0; i < method.length; i++) {
    if (bytes[start + i] !== method.charCodeAt(i)) return false;
  }
  return true;
}

function readHostField(head: Head): boolean {
  const index = head.first[HOST] as number;
  return readAuthority(head, head.valueStart[index] as number, head.valueEnd[index] as number);
}

/** `http://host[:port][/path]`; a Host field that says something else is refused. */
function checkAbsoluteForm(head: Head): boolean {
  const { bytes, targetStart, targetEnd } = head;
  const start = targetStart + SCHEME.length;
  if (bytes.toString('latin1', targetStart, Math.min(start, targetEnd)).toLowerCase() !== SCHEME) {
    return false;
  }
  let end = start;
  while (end < targetEnd && bytes[end] !== SLASH && bytes[end] !== 0x3f) end++;
  const host = hostField(head);
  if (host !== undefined && host !== bytes.toString('latin1', start, end).toLowerCase())
    return false;
  head.pathStart = end;
  return readAuthority(head, start, end);
}

function hostField(head: Head): string | undefined {
  if (head.times[HOST] === 0) return undefined;
  const index = head.first[HOST] as number;
  return head.bytes.toString('latin1', head.valueStart[index], head.valueEnd[index]).toLowerCase();
}

/** `host[:port]` without user information; the host may not be empty. */
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
  head.hostEnd = at;
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

/** RFC 9110 §9.2.2: doing it twice is doing it once. Anything unknown may not be repeated. */
export function isIdempotent(head: Head): boolean {
  return (
    methodIs(head, 'GET') ||
    methodIs(head, 'HEAD') ||
    methodIs(head, 'PUT') ||
    methodIs(head, 'DELETE') ||
    methodIs(head, 'OPTIONS') ||
    methodIs(head, 'TRACE')
  );
}

export function isHeadRequest(head: Head): boolean {
  return methodIs(head, 'HEAD');
}
