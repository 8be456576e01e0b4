import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Head } from '../../../proxy/http1/head.ts';
import { scanRequestHead } from '../../../proxy/http1/head-scanner.ts';
import { IdSource } from '../../../proxy/http1/id-source.ts';
import { findTraceparent, traceFlagsAt, traceIdAt } from '../../../proxy/http1/trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

/** Trace id and flags that go on; undefined when the value counts as absent. */
function read(...values: readonly string[]): string | undefined {
  const head = new Head();
  const lines = values.map(value => `traceparent: ${value}\r\n`).join('');
  const bytes = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${lines}\r\n`, 'latin1');
  assert.equal(scanRequestHead(head, bytes, 0, bytes.length), 'complete');
  const start = findTraceparent(head);
  return start < 0 ? undefined : `${traceIdAt(bytes, start)} ${traceFlagsAt(bytes, start)}`;
}

describe('traceparent', () => {
  it('keeps the trace id and the sampled flag as they came', () => {
    assert.equal(read(`00-${traceId}-${spanId}-01`), `${traceId} 01`);
    assert.equal(read(`00-${traceId}-${spanId}-00`), `${traceId} 00`);
  });

  it('passes on no flag that means nothing yet', () => {
    assert.equal(read(`00-${traceId}-${spanId}-ff`), `${traceId} 03`);
  });

  it('reads what it knows of a later version', () => {
    assert.equal(read(`cc-${traceId}-${spanId}-01`), `${traceId} 01`);
    assert.equal(read(`cc-${traceId}-${spanId}-01-what-comes-later`), `${traceId} 01`);
    assert.equal(read(`cc-${traceId}-${spanId}-01.what-comes-later`), undefined);
  });

  for (const bad of [
    '',
    '00',
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId}-${spanId}-1`,
    `ff-${traceId}-${spanId}-01`,
    `0x-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}g-${spanId}-01`,
    `00_${traceId}_${spanId}_01`,
    `00-${traceId.slice(1)}--${spanId}-01`,
    `00-${traceId}-${spanId}-0g`,
  ]) {
    it(`takes "${bad}" as absent`, () => assert.equal(read(bad), undefined));
  }

  it('takes two of them as none', () => {
    const value = `00-${traceId}-${spanId}-01`;
    assert.equal(read(value, value), undefined);
  });

  it('never throws, and never passes on what is no id', () => {
    const piece = fc.constantFrom('00', '-', traceId, spanId, '01', '0', 'A', ' ', '"');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), pieces => {
        const found = read(pieces.join('').trim());
        assert.ok(found === undefined || /^[0-9a-f]{32} 0[0-3]$/.test(found));
      }),
    );
  });
});

describe('IdSource', () => {
  it('gives ids of the right shape that do not repeat', () => {
    const ids = new IdSource([1, 2, 3, 4]);
    const seen = new Set<string>();
    for (let n = 0; n < 20_000; n++) {
      const id = ids.spanId();
      assert.match(id, /^[0-9a-f]{16}$/);
      assert.notEqual(id, '0'.repeat(16));
      seen.add(id);
    }
    assert.equal(seen.size, 20_000);
    assert.match(ids.traceId(), /^[0-9a-f]{32}$/);
  });

  it('works even with a seed of zeros, and differs by seed', () => {
    assert.match(new IdSource([0, 0, 0, 0]).spanId(), /^[0-9a-f]{15}[1-9a-f]|[1-9a-f]/);
    assert.notEqual(new IdSource([1, 2, 3, 4]).traceId(), new IdSource([1, 2, 3, 5]).traceId());
  });
});
