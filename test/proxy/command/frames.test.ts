import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, FrameSplitter } from '../../../proxy/command/frames.ts';

/** Feeds the bytes in pieces of the given sizes. */
function split(bytes: Buffer, sizes: readonly number[], limit = 1000): string[] | undefined {
  const splitter = new FrameSplitter(limit);
  const frames: string[] = [];
  let start = 0;
  for (const size of [...sizes, bytes.length]) {
    const result = splitter.push(bytes.subarray(start, start + size));
    if (!result.ok) return undefined;
    frames.push(...result.value.map(String));
    start += size;
  }
  return frames;
}

describe('FrameSplitter', () => {
  it('gives the same messages however the bytes are cut', () => {
    const message = fc.string({ unit: fc.constantFrom('a', '{', '"', '\\', ' '), minLength: 1 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(message, fc.constantFrom('\n', '\0', '\n\0', '\0\n\n'))),
        fc.array(fc.integer({ min: 0, max: 20 })),
        (parts, sizes) => {
          const bytes = Buffer.from(parts.map(([text, end]) => text + end).join(''));
          assert.deepEqual(
            split(bytes, sizes),
            parts.map(([text]) => text),
          );
        },
      ),
    );
  });

  it('takes back what encodeFrame wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const frames = split(Buffer.from(encodeFrame(value)), [], 1e6);
        assert.deepEqual(
          frames?.map(frame => JSON.parse(frame)),
          [JSON.parse(JSON.stringify(value))],
        );
      }),
    );
  });

  it('refuses a message above the limit, wherever it is cut', () => {
    for (const sizes of [[], [1], [5], [9, 1]]) {
      assert.equal(split(Buffer.from('x'.repeat(11)), sizes, 10), undefined);
      assert.equal(split(Buffer.from(`${'x'.repeat(11)}\n`), sizes, 10), undefined);
      assert.deepEqual(split(Buffer.from(`${'x'.repeat(10)}\n`), sizes, 10), ['x'.repeat(10)]);
    }
  });

  it('knows whether a message is begun', () => {
    const splitter = new FrameSplitter();
    splitter.push(Buffer.from('a\nb'));
    assert.equal(splitter.isPartial, true);
    splitter.push(Buffer.from('\n'));
    assert.equal(splitter.isPartial, false);
  });
});
