/**
 * The Upgrade field (RFC 9110 §7.8): which protocol a client asks for, and whether a backend's 101
 * is the answer to that. h2c is never asked for: what goes through such a tunnel are requests that
 * no rule of this proxy has seen.
 */
import { equalsIgnoringCase } from './bytes.ts';
import { fieldValue, type Head } from './head.ts';
import { UPGRADE } from './known-fields.ts';

/** One protocol; of a list nobody could tell which one the backend would choose. */
const oneProtocol = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+)?$/;
const otherHttp = /^(?:h2c?|h3|http)(?:\/|$)/i;

/** '' when nothing is asked for that this proxy passes on. Connection must name the field. */
export function requestedProtocol(head: Head): string {
  if (head.times[UPGRADE] !== 1 || head.minorVersion === 0) return '';
  if (head.named[head.first[UPGRADE] as number] !== 1) return '';
  const protocol = fieldValue(head, UPGRADE);
  return oneProtocol.test(protocol) && !otherHttp.test(protocol) ? protocol : '';
}

/** `requested` is what the client asked for, not ''. */
export function isSwitchTo(head: Head, requested: string): boolean {
  if (head.times[UPGRADE] !== 1 || head.minorVersion === 0) return false;
  const index = head.first[UPGRADE] as number;
  const { bytes, valueStart, valueEnd } = head;
  const [start, end] = [valueStart[index] as number, valueEnd[index] as number];
  return equalsIgnoringCase(bytes, start, end, requested.toLowerCase());
}
