/** Heads: the cases of the fixtures, every split of them, and bytes of any kind. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  CHUNKED,
  frameAnswer,
  frameRequest,
  UNFRAMED,
  UNKNOWN_CODING,
  UNTIL_CLOSE,
} from '../../../proxy/http1/body-framing.ts';
import { Head } from '../../../proxy/http1/head.ts';
import { MAX_FIELDS, MAX_REQUEST_LINE } from '../../../proxy/http1/head-limits.ts';
import {
  scanAnswerHead,
  scanRequestHead,
  statusOfRefusal,
} from '../../../proxy/http1/head-scanner.ts';
import { checkRequest } from '../../../proxy/http1/request-rules.ts';
import { readFixtures } from '../../support/http1-fixtures.ts';

const head = new Head();

function bodyOf(framing: number): string {
  if (framing === CHUNKED) return 'chunked body';
  if (framing === UNTIL_CLOSE) return 'body until close';
  return framing === 0 ? 'no body' : `body of ${framing}`;
}

/** What becomes of a request with these bytes; `incomplete` when more must come. */
function decideRequest(bytes: Buffer, end = bytes.length): string {
  const result = scanRequestHead(head, bytes, 0, end);
  if (result === 'incomplete') return 'incomplete';
  if (result !== 'complete') return `refused ${statusOfRefusal[result]}`;
  const framing = frameRequest(head);
  if (framing === UNFRAMED) return 'refused 400';
  if (framing === UNKNOWN_CODING) return 'refused 501';
  const status = checkRequest(head);
  if (status !== 0) return `${status === 200 ? 'answered' : 'refused'} ${status}`;
  const host = bytes.toString('latin1', head.hostStart, head.hostEnd);
  return `accepted${host === 'b' ? ' for b' : ''}, ${bodyOf(framing)}`;
}

function decideAnswer(bytes: Buffer, end = bytes.length): string {
  const result = scanAnswerHead(head, bytes, 0, end);
  if (result === 'incomplete') return 'incomplete';
  const framing = result === 'complete' ? frameAnswer(head, false) : UNFRAMED;
  return framing === UNFRAMED ? 'refused' : `relayed, ${bodyOf(framing)}`;
}

function testFixtures(file: string, decide: (bytes: Buffer, end?: number) => string): void {
  for (const { title, bytes, expected } of readFixtures(file)) {
    it(`${title} → ${expected}`, () => {
      assert.equal(decide(bytes), expected);
      for (let end = 0; end < bytes.length; end++) {
        const early = decide(bytes, end);
        if (early !== 'incomplete') assert.equal(early, expected, `after ${end} bytes`);
      }
    });
  }
}

describe('request heads', () => testFixtures('requests.md', decideRequest));
describe('answer heads', () => testFixtures('answers.md', decideAnswer));

describe('limits of a request head', () => {
  const request = (target: string, fields: string): Buffer =>
    Buffer.from(`GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`);
  const line = (length: number): string => `/${'a'.repeat(length - 'GET / HTTP/1.1'.length)}`;

  it('accepts a request line at the limit and refuses one beyond it with 414', () => {
    assert.equal(decideRequest(request(line(MAX_REQUEST_LINE), '')), 'accepted, no body');
    assert.equal(decideRequest(request(line(MAX_REQUEST_LINE + 1), '')), 'refused 414');
  });

  it('refuses an endless request line before its end has come', () => {
    assert.equal(decideRequest(Buffer.from(`GET /${'a'.repeat(9000)}`)), 'refused 414');
  });

  it('accepts fields up to the count and refuses one more with 431', () => {
    assert.equal(
      decideRequest(request('/', 'A: b\r\n'.repeat(MAX_FIELDS - 1))),
      'accepted, no body',
    );
    assert.equal(decideRequest(request('/', 'A: b\r\n'.repeat(MAX_FIELDS))), 'refused 431');
  });

  it('refuses too large a field section with 431, complete or not', () => {
    assert.equal(decideRequest(request('/', `A: ${'b'.repeat(32_000)}\r\n`)), 'accepted, no body');
    assert.equal(decideRequest(request('/', `A: ${'b'.repeat(33_000)}\r\n`)), 'refused 431');
    assert.equal(
      decideRequest(Buffer.from(`GET / HTTP/1.1\r\nA: ${'b'.repeat(33_000)}`)),
      'refused 431',
    );
  });
});

/** Bytes that often look like heads. */
const headLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'GET',
        ' ',
        '/',
        'HTTP/1.1',
        '\r\n',
        '\r',
        '\n',
        'Host: a\r\n',
        ':',
        'a',
        '\0',
      ),
      fc.constantFrom(
        'Content-Length: 5\r\n',
        'Transfer-Encoding: chunked\r\n',
        '\t',
        ' HTTP/1.1\r\n',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 20 },
  )
  .map(parts => Buffer.from(parts.join(''), 'latin1'));

describe('any bytes', () => {
  it('never make a scanner throw, and what is decided early stays decided', () => {
    fc.assert(
      fc.property(fc.oneof(headLike, fc.uint8Array({ maxLength: 64 })), data => {
        const bytes = Buffer.from(data);
        for (const decide of [decideRequest, decideAnswer]) {
          const whole = decide(bytes);
          for (let end = 0; end < bytes.length; end++) {
            const early = decide(bytes, end);
            if (early !== 'incomplete') assert.equal(early, whole);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
