/**
 * How long a body is (RFC 9112 §6.3), decided from the head alone and never from the method of a
 * request. A length in bytes, or one of the negative marks.
 */
import { equalsIgnoringCase, isDigit } from './bytes.ts';
import type { Head } from './head.ts';
import { CONTENT_LENGTH, TRANSFER_ENCODING } from './known-fields.ts';

export const CHUNKED: number = -1;
export const UNTIL_CLOSE: number = -2;
/** Ambiguous or malformed: to be refused. */
export const UNFRAMED: number = -3;
/** Chunked, but within a coding that this proxy does not know (RFC 9112 §6.1). */
export const UNKNOWN_CODING: number = -4;

export function frameRequest(head: Head): number {
  const declared = declaredLength(head);
  return declared === UNTIL_CLOSE ? 0 : declared;
}

/** `toHead`: the answer to a HEAD request has no body whatever it declares. */
export function frameAnswer(head: Head, toHead: boolean): number {
  const declared = declaredLength(head);
  if (declared <= UNFRAMED) return UNFRAMED;
  const bodiless = toHead || head.status === 204 || head.status === 304;
  return bodiless ? 0 : declared;
}

/** Both framings at once, one of them twice, a coding in HTTP/1.0: smuggling or a broken sender. */
function declaredLength(head: Head): number {
  const lengths = head.times[CONTENT_LENGTH] as number;
  const codings = head.times[TRANSFER_ENCODING] as number;
  if (lengths + codings === 0) return UNTIL_CLOSE;
  if (lengths + codings > 1) return UNFRAMED;
  if (codings === 1) return head.minorVersion === 1 ? readCodings(head) : UNFRAMED;
  return contentLength(head);
}

/** The last coding must be chunked, and only the last: else nobody can tell where the body ends. */
function readCodings(head: Head): number {
  const index = head.first[TRANSFER_ENCODING] as number;
  const { bytes } = head;
  const [start, end] = [head.valueStart[index] as number, head.valueEnd[index] as number];
  if (equalsIgnoringCase(bytes, start, end, 'chunked')) return CHUNKED;
  const codings = bytes.toString('latin1', start, end).toLowerCase().split(',');
  const names = codings.map(coding => coding.replace(/^[ \t]+|[ \t]+$/g, ''));
  const last = names.pop();
  return last === 'chunked' && names.every(isOtherCoding) ? UNKNOWN_CODING : UNFRAMED;
}

function isOtherCoding(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name) && name !== 'chunked';
}

function contentLength(head: Head): number {
  const index = head.first[CONTENT_LENGTH] as number;
  const start = head.valueStart[index] as number;
  const end = head.valueEnd[index] as number;
  if (start === end) return UNFRAMED;
  let length = 0;
  for (let at = start; at < end; at++) {
    if (!isDigit(head.bytes[at])) return UNFRAMED;
    length = length * 10 + (head.bytes[at] as number) - 0x30;
    if (length > Number.MAX_SAFE_INTEGER) return UNFRAMED;
  }
  return length;
}
