/** Chunked bodies: the cases of the fixture, in every split, and bytes of any kind. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CHUNKED } from '../../../proxy/http1/body-framing.ts';
import { BodyReader } from '../../../proxy/http1/body-reader.ts';
import { MAX_CHUNK_EXTENSIONS, MAX_TRAILERS } from '../../../proxy/http1/head-limits.ts';
import { readFixtures } from '../../support/http1-fixtures.ts';

/** The outcome in the words of the fixture, with the body in pieces that end at `cuts`. */
function decide(bytes: Buffer, cuts: readonly number[] = []): string {
  const [relay, plain] = [new BodyReader(), new BodyReader()];
  relay.start(CHUNKED);
  plain.start(CHUNKED);
  let data = '';
  let at = 0;
  for (const end of [...cuts, bytes.length]) {
    const stop = relay.consume(bytes, at, end);
    const same = plain.unchunk(bytes, at, end, (from, to) => {
      data += bytes.toString('latin1', from, to);
    });
    assert.equal(stop, same);
    at = stop;
    if (stop < end || relay.bad) break;
  }
  assert.equal(relay.done, plain.done);
  assert.equal(relay.bad, plain.bad);
  if (relay.bad) return 'refused';
  if (!relay.done) return 'incomplete';
  const behind = bytes.length - at;
  return `data \`${data}\`${behind > 0 ? `, ${behind} bytes behind it` : ''}`;
}

describe('chunked bodies', () => {
  for (const { title, bytes, expected } of readFixtures('chunked-bodies.md')) {
    it(`${title} → ${expected}`, () => {
      assert.equal(decide(bytes), expected);
      const everyByte = Array.from({ length: bytes.length }, (_, index) => index);
      assert.equal(decide(bytes, everyByte), expected);
      for (const cut of everyByte) assert.equal(decide(bytes, [cut]), expected);
    });
  }

  it('limits extensions over the whole body', () => {
    const chunk = `1;${'e'.repeat(1000)}\r\nx\r\n`;
    const count = Math.floor(MAX_CHUNK_EXTENSIONS / 1001);
    assert.match(decide(Buffer.from(`${chunk.repeat(count - 1)}0\r\n\r\n`)), /^data/);
    assert.equal(decide(Buffer.from(`${chunk.repeat(count + 1)}0\r\n\r\n`)), 'refused');
  });

  it('limits trailers', () => {
    assert.equal(decide(Buffer.from(`0\r\nA: ${'b'.repeat(MAX_TRAILERS)}\r\n\r\n`)), 'refused');
  });
});

describe('any bytes', () => {
  const parts = fc.constantFrom(
    '0',
    '5',
    'a',
    ';',
    'x=y',
    '\r\n',
    '\r',
    '\n',
    'hello',
    ':',
    ' ',
    '\0',
  );

  it('give the same result however they are split, and never throw', () => {
    const input = fc
      .array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 2 })), { maxLength: 24 })
      .map(texts => Buffer.from(texts.join(''), 'latin1'));
    fc.assert(
      fc.property(input, fc.array(fc.nat(60), { maxLength: 6 }), (bytes, wanted) => {
        const cuts = wanted.filter(cut => cut < bytes.length).sort((a, b) => a - b);
        assert.equal(decide(bytes, cuts), decide(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  it('that are valid chunks come out as they went in', () => {
    const chunks = fc.array(
      fc.string({ minLength: 1, maxLength: 40 }).map(text => Buffer.from(text).toString('latin1')),
    );
    fc.assert(
      fc.property(chunks, texts => {
        const body = texts.map(text => `${text.length.toString(16)}\r\n${text}\r\n`).join('');
        assert.equal(
          decide(Buffer.from(`${body}0\r\n\r\n`, 'latin1')),
          `data \`${texts.join('')}\``,
        );
      }),
    );
  });
});
