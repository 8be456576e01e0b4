/**
 * One message head as offsets into the bytes it was read from. A worker has two, one for requests
 * and one for answers, and fills them again and again: nothing here outlives the call that reads it.
 *
 *     GET /path HTTP/1.1␍␊Host: a.example␍␊␍␊
 *     ^   ^             ^   ^ ^          ^    ^
 *     │   targetStart   │   │ valueStart │    end
 *     start             │   nameEnd      valueEnd
 *                       fieldsStart − 2, lineStart[0] is behind the line end
 */
import { MAX_FIELDS } from './head-limits.ts';
import { KNOWN_FIELD_COUNT } from './known-fields.ts';

export class Head {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  /** Behind the empty line. */
  end = 0;
  fieldsStart = 0;
  /** `x` of HTTP/1.x. */
  minorVersion = 1;

  /** Requests only. */
  methodEnd = 0;
  targetStart = 0;
  targetEnd = 0;
  /** Set by the request rules: origin-form part of the target, host without port. */
  pathStart = 0;
  hostStart = 0;
  hostEnd = 0;
  /** `host[:port]` of a target in absolute form; 0 in every other form. */
  authorityStart = 0;
  authorityEnd = 0;
  /** What Max-Forwards says to the next hop; -1: nothing. */
  maxForwards = -1;

  /** Answers only. */
  status = 0;

  count = 0;
  readonly lineStart: Int32Array = new Int32Array(MAX_FIELDS);
  readonly nameEnd: Int32Array = new Int32Array(MAX_FIELDS);
  readonly valueStart: Int32Array = new Int32Array(MAX_FIELDS);
  readonly valueEnd: Int32Array = new Int32Array(MAX_FIELDS);
  readonly lineEnd: Int32Array = new Int32Array(MAX_FIELDS);
  /** A number of known-fields.ts. */
  readonly id: Uint8Array = new Uint8Array(MAX_FIELDS);
  /** 1: it ends at this hop, most often because the Connection field names it. */
  readonly named: Uint8Array = new Uint8Array(MAX_FIELDS);

  /** How often each known field occurs, and where first. */
  readonly times: Uint8Array = new Uint8Array(KNOWN_FIELD_COUNT);
  readonly first: Uint8Array = new Uint8Array(KNOWN_FIELD_COUNT);

  /** Parts of field lines that are not sent on: start and end of each, in order. Usually none. */
  readonly cuts: number[] = [];

  reset(bytes: Buffer, start: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = start;
    // Few of the known fields occur: to forget those is less work than to forget all.
    for (let i = 0; i < this.count; i++) this.times[this.id[i] as number] = 0;
    this.count = 0;
    if (this.cuts.length > 0) this.cuts.length = 0;
    this.authorityStart = 0;
    this.authorityEnd = 0;
    this.maxForwards = -1;
  }
}

/** Fields with this number are not relayed. */
export function endAtThisHop(head: Head, id: number): void {
  for (let i = head.first[id] as number; i < head.count; i++) {
    if (head.id[i] === id) head.named[i] = 1;
  }
}

/** Of a request that has passed the rules: lower case, without port. */
export function hostOf(head: Head): string {
  return head.bytes.toString('latin1', head.hostStart, head.hostEnd).toLowerCase();
}

/** The value of the first field with this number; '' when there is none. */
export function fieldValue(head: Head, id: number): string {
  if (head.times[id] === 0) return '';
  const index = head.first[id] as number;
  return head.bytes.toString('latin1', head.valueStart[index], head.valueEnd[index]);
}
