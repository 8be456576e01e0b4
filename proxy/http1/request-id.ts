/** The id that a client gave its request: believed when it is one sane token. */
import { equalsIgnoringCase, TOKEN } from './bytes.ts';
import type { Head } from './head.ts';
import { X_REQUEST_ID } from './known-fields.ts';

const MAX_REQUEST_ID = 128;

/** '' when there is none that can be kept. */
export function receivedRequestId(head: Head): string {
  return head.times[X_REQUEST_ID] === 1 ? saneValue(head, head.first[X_REQUEST_ID] as number) : '';
}

/**
 * Takes every field with this name out of the head that travels on, as the proxy writes its own.
 * `name` is lower case. The value of the only one when it is sane; '' otherwise.
 */
export function takeIdField(head: Head, name: string): string {
  let index = -1;
  let times = 0;
  for (let i = 0; i < head.count; i++) {
    const start = head.lineStart[i] as number;
    if (!equalsIgnoringCase(head.bytes, start, head.nameEnd[i] as number, name)) continue;
    head.named[i] = 1;
    index = i;
    times++;
  }
  return times === 1 ? saneValue(head, index) : '';
}

function saneValue(head: Head, index: number): string {
  const start = head.valueStart[index] as number;
  const end = head.valueEnd[index] as number;
  if (end === start || end - start > MAX_REQUEST_ID) return '';
  for (let at = start; at < end; at++) {
    if (TOKEN[head.bytes[at] as number] !== 1) return '';
  }
  return head.bytes.toString('latin1', start, end);
}
