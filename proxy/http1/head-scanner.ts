/**
 * Bytes → Head, for requests and for answers. A scan starts at the beginning of the head each time;
 * callers ask again when more bytes arrived. What is refused stays refused, whatever follows.
 */
import { CR, FIELD_CONTENT, isDigit, LF, SP, TARGET, TOKEN } from './bytes.ts';
import { scanFields } from './field-scanner.ts';
import type { Head } from './head.ts';
import { MAX_ANSWER_HEAD, MAX_REQUEST_FIELDS, MAX_REQUEST_LINE } from './head-limits.ts';

export type HeadResult =
  | 'complete'
  | 'incomplete'
  | 'bad'
  | 'bad-version'
  | 'line-too-long'
  | 'fields-too-large';

/** What a client is told when its head is refused. */
export const statusOfRefusal: Readonly<
  Record<Exclude<HeadResult, 'complete' | 'incomplete'>, number>
> = { bad: 400, 'bad-version': 505, 'line-too-long': 414, 'fields-too-large': 431 };

const HTTP_1 = Buffer.from('HTTP/1.', 'latin1');
/** `HTTP/1.1` and its line end. */
const VERSION_LENGTH = 8;
/** `HTTP/1.1 200`. */
const STATUS_END = 12;

export function scanRequestHead(
  head: Head,
  bytes: Buffer,
  offset: number,
  end: number,
): HeadResult {
  const start = skipEmptyLine(bytes, offset, end);
  head.reset(bytes, start);
  const line = scanRequestLine(head, end);
  if (line === 'incomplete' && end - start > MAX_REQUEST_LINE) return 'line-too-long';
  if (line !== 'complete') return line;
  if (head.fieldsStart - start > MAX_REQUEST_LINE + 2) return 'line-too-long';
  const fields = scanFields(head, end);
  const size = (fields === 'complete' ? head.end : end) - head.fieldsStart;
  if (fields === 'too-many-fields') return 'fields-too-large';
  if (fields !== 'bad' && size > MAX_REQUEST_FIELDS) return 'fields-too-large';
  return fields;
}

/** A server should ignore one empty line before a request (RFC 9112 §2.2). */
function skipEmptyLine(bytes: Buffer, start: number, end: number): number {
  return end - start >= 2 && bytes[start] === CR && bytes[start + 1] === LF ? start + 2 : start;
}

function scanRequestLine(head: Head, end: number): HeadResult {
  const bytes = head.bytes;
  let at = head.start;
  while (at < end && TOKEN[bytes[at] as number] === 1) at++;
  if (at === end || isLoneReturn(bytes, head.start, end)) return 'incomplete';
  if (at === head.start || bytes[at] !== SP) return 'bad';
  head.methodEnd = at;
  head.targetStart = ++at;
  while (at < end && TARGET[bytes[at] as number] === 1) at++;
  if (at === end) return 'incomplete';
  if (at === head.targetStart || bytes[at] !== SP) return 'bad';
  head.targetEnd = at;
  return scanVersionAndLineEnd(head, at + 1, end);
}

/** The first half of an empty line before the request: its LF may still come. */
function isLoneReturn(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 1 && bytes[start] === CR;
}

function scanVersionAndLineEnd(head: Head, start: number, end: number): HeadResult {
  const bytes = head.bytes;
  const known = Math.min(end - start, HTTP_1.length);
  let matched = 0;
  while (matched < known && bytes[start + matched] === HTTP_1[matched]) matched++;
  if (matched < known) return otherVersion(bytes, start, end);
  if (end - start < VERSION_LENGTH + 2) return 'incomplete';
  const lineEnd = start + VERSION_LENGTH;
  if (bytes[lineEnd] !== CR || bytes[lineEnd + 1] !== LF) return 'bad';
  const minor = bytes[lineEnd - 1] as number;
  if (!isDigit(minor)) return 'bad';
  // RFC 9110 §2.5: a higher minor version is processed as the highest one that is known.
  head.minorVersion = minor === 0x30 ? 0 : 1;
  head.fieldsStart = lineEnd + 2;
  return 'complete';
}

/** Well-formed but not ours is 505; anything else is no version at all. */
function otherVersion(bytes: Buffer, start: number, end: number): HeadResult {
  if (end - start < VERSION_LENGTH + 2) {
    return 'HTTP/'.startsWith(bytes.toString('latin1', start, Math.min(end, start + 5)))
      ? 'incomplete'
      : 'bad';
  }
  return /^HTTP\/\d\.\d\r\n$/.test(bytes.toString('latin1', start, start + VERSION_LENGTH + 2))
    ? 'bad-version'
    : 'bad';
}

/** An answer's head; every refusal is one 502 for the client. */
export function scanAnswerHead(
  head: Head,
  bytes: Buffer,
  start: number,
  end: number,
): 'complete' | 'incomplete' | 'bad' {
  head.reset(bytes, start);
  const line = scanStatusLine(head, end);
  const fields = line === 'complete' ? scanFields(head, end) : line;
  const size = (fields === 'complete' ? head.end : end) - start;
  return fields === 'too-many-fields' || size > MAX_ANSWER_HEAD ? 'bad' : fields;
}

/** `HTTP/1.1 200 OK`; the blank before an empty reason is often forgotten, so it may be absent. */
function scanStatusLine(head: Head, end: number): 'complete' | 'incomplete' | 'bad' {
  const { bytes, start } = head;
  const known = Math.min(end - start, HTTP_1.length);
  for (let i = 0; i < known; i++) if (bytes[start + i] !== HTTP_1[i]) return 'bad';
  if (end - start < STATUS_END + 1) return 'incomplete';
  const minor = bytes[start + VERSION_LENGTH - 1];
  if (!isDigit(minor) || bytes[start + VERSION_LENGTH] !== SP) return 'bad';
  head.minorVersion = minor === 0x30 ? 0 : 1;
  const status = statusCode(bytes, start + VERSION_LENGTH + 1);
  if (status < 100 || status > 599) return 'bad';
  head.status = status;
  return scanReason(head, start + STATUS_END, end);
}

function scanReason(head: Head, start: number, end: number): 'complete' | 'incomplete' | 'bad' {
  const { bytes } = head;
  let at = start;
  if (bytes[at] === SP) while (at < end && FIELD_CONTENT[bytes[at] as number] === 1) at++;
  if (at < end && bytes[at] !== CR) return 'bad';
  if (at + 1 >= end) return 'incomplete';
  if (bytes[at + 1] !== LF) return 'bad';
  head.fieldsStart = at + 2;
  return 'complete';
}

/** Three digits; 0 when they are none. */
function statusCode(bytes: Buffer, at: number): number {
  const [a, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  if (!isDigit(a) || !isDigit(b) || !isDigit(c)) return 0;
  return Number(a) * 100 + Number(b) * 10 + Number(c) - 0x30 * 111;
}
