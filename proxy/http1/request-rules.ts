/** Rules on a whole request head beyond its syntax. Refuses with a status, never repairs. */
import { equalsIgnoringCase, isDigit } from './bytes.ts';
import { endAtThisHop, type Head } from './head.ts';
import { EXPECT, HOST, MAX_FORWARDS } from './known-fields.ts';
import { isNeverForwarded, methodIs } from './methods.ts';
import { readTarget } from './request-target.ts';

/** More hops than anything has; beyond it a count is not exact any more. */
const MOST_FORWARDS = 2 ** 31 - 1;

/** 0 when the request may go on; else the status to answer. Completes what the head knows. */
export function checkRequest(head: Head): number {
  if (head.times[HOST] !== 1 && (head.times[HOST] !== 0 || head.minorVersion === 1)) return 400;
  if (isNeverForwarded(head)) return 501;
  const refusal = readTarget(head);
  if (refusal !== 0) return refusal;
  if (head.authorityEnd !== 0) endAtThisHop(head, HOST);
  if (head.times[EXPECT] !== 0 && head.minorVersion === 1 && !expectsContinue(head)) return 417;
  return head.times[MAX_FORWARDS] === 0 ? 0 : checkMaxForwards(head);
}

/**
 * RFC 9110 §10.1.1 knows one expectation. Others may be refused, and are: peers that read
 * "Expect: y 100-continue" in two ways are how requests get smuggled.
 */
function expectsContinue(head: Head): boolean {
  const index = head.first[EXPECT] as number;
  const { bytes, valueStart, valueEnd, times } = head;
  const [start, end] = [valueStart[index] as number, valueEnd[index] as number];
  return times[EXPECT] === 1 && equalsIgnoringCase(bytes, start, end, '100-continue');
}

/** RFC 9110 §7.6.2: only for OPTIONS (and TRACE) does it mean anything. 200: the chain ends here. */
function checkMaxForwards(head: Head): number {
  if (!methodIs(head, 'OPTIONS')) return 0;
  const index = head.first[MAX_FORWARDS] as number;
  const [start, end] = [head.valueStart[index] as number, head.valueEnd[index] as number];
  if (head.times[MAX_FORWARDS] !== 1 || start === end) return 400;
  let hops = 0;
  for (let at = start; at < end; at++) {
    if (!isDigit(head.bytes[at])) return 400;
    hops = Math.min(hops * 10 + (head.bytes[at] as number) - 0x30, MOST_FORWARDS);
  }
  if (hops === 0) return 200;
  endAtThisHop(head, MAX_FORWARDS);
  head.maxForwards = hops - 1;
  return 0;
}
