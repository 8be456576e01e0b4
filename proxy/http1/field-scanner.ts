/** Field lines into a Head; refuses what RFC 9112 §5 refuses and repairs nothing. */
import { COLON, CR, FIELD_CONTENT, isBlank, LF, TOKEN } from './bytes.ts';
import type { Head } from './head.ts';
import { MAX_FIELDS } from './head-limits.ts';
import { identifyField } from './known-fields.ts';

const INCOMPLETE = -1;
const BAD = -2;

export type FieldsResult = 'complete' | 'incomplete' | 'bad' | 'too-many-fields';

/** Scans from `head.fieldsStart` to the empty line. */
export function scanFields(head: Head, end: number): FieldsResult {
  let at = head.fieldsStart;
  while (at < end) {
    if (head.bytes[at] === CR) return scanEmptyLine(head, at, end);
    if (head.count === MAX_FIELDS) return 'too-many-fields';
    at = scanFieldLine(head, at, end);
    if (at === INCOMPLETE) return 'incomplete';
    if (at === BAD) return 'bad';
  }
  return 'incomplete';
}

function scanEmptyLine(head: Head, at: number, end: number): FieldsResult {
  if (at + 1 >= end) return 'incomplete';
  if (head.bytes[at + 1] !== LF) return 'bad';
  head.end = at + 2;
  return 'complete';
}

/**
 * One line; the offset behind it. A line that begins with a blank (obs-fold), a blank before the
 * colon and an empty name all stop at a byte that is no token and no colon.
 */
function scanFieldLine(head: Head, start: number, end: number): number {
  const bytes = head.bytes;
  let at = start;
  while (at < end && TOKEN[bytes[at] as number] === 1) at++;
  if (at === end) return INCOMPLETE;
  if (at === start || bytes[at] !== COLON) return BAD;
  const nameEnd = at++;
  while (at < end && isBlank(bytes[at])) at++;
  const valueStart = at;
  while (at < end && FIELD_CONTENT[bytes[at] as number] === 1) at++;
  if (at < end && bytes[at] !== CR) return BAD;
  if (at + 1 >= end) return INCOMPLETE;
  if (bytes[at + 1] !== LF) return BAD;
  addField(head, start, nameEnd, valueStart, at);
  return at + 2;
}

/** The value may still have blanks behind it; the line ends two bytes after `lineEnd`. */
function addField(
  head: Head,
  start: number,
  nameEnd: number,
  valueStart: number,
  lineEnd: number,
): void {
  const bytes = head.bytes;
  let valueEnd = lineEnd;
  while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) valueEnd--;
  const index = head.count++;
  const id = identifyField(bytes, start, nameEnd);
  head.lineStart[index] = start;
  head.nameEnd[index] = nameEnd;
  head.valueStart[index] = valueStart;
  head.valueEnd[index] = valueEnd;
  head.lineEnd[index] = lineEnd + 2;
  head.id[index] = id;
  head.named[index] = 0;
  if (head.times[id] === 0) head.first[id] = index;
  head.times[id] = (head.times[id] as number) + 1;
}
