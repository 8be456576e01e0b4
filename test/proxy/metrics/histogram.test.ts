import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  countUpTo,
  emptyHistogram,
  Histogram,
  quantileMs,
} from '../../../proxy/metrics/histogram.ts';

const someMs = fc.oneof(
  fc.double({ min: 0, max: 50, noNaN: true }),
  fc.double({ min: 0, max: 5e8, noNaN: true }),
);

function filled(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('Histogram', () => {
  it('gives quantiles that are at most 1/32 and half a microsecond off', () => {
    fc.assert(
      fc.property(
        fc.array(someMs, { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.5, 0.9, 0.99, 0.999, 1),
        (values, share) => {
          const sorted = values.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil(values.length * share) - 1)] as number;
          const read = quantileMs(filled(values).snapshot(), share);
          assert.ok(Math.abs(read - exact) <= exact / 32 + 0.001, `${read} for ${exact}`);
        },
      ),
    );
  });

  it('is the same merged as recorded together', () => {
    const some = fc.array(someMs, { maxLength: 60 });
    fc.assert(
      fc.property(some, some, (a, b) => {
        const merged = filled(a);
        merged.merge(filled(b).snapshot());
        const { sumMs, ...rest } = merged.snapshot();
        const { sumMs: together, ...wanted } = filled([...a, ...b]).snapshot();
        assert.deepEqual(rest, wanted);
        assert.ok(Math.abs(sumMs - together) <= 1e-9 * together);
      }),
    );
  });

  it('counts what is at most so long, never falling', () => {
    const snapshot = filled([0.1, 1, 5, 5, 100, 3_000_000]).snapshot();
    assert.deepEqual(
      [0, 0.2, 1, 10, 200, 1e9].map(ms => countUpTo(snapshot, ms)),
      [0, 1, 2, 4, 5, 6],
    );
  });

  it('has room for any number', () => {
    const histogram = filled([Number.NaN, -1, 0, Number.POSITIVE_INFINITY, 1e300]);
    assert.equal(histogram.snapshot().count, 5);
    const { buckets } = filled(Array.from({ length: 10_000 }, (_, n) => 1.003 ** n)).snapshot();
    assert.ok(buckets.length / 2 <= 38 * 16);
  });

  it('says 0 of nothing', () => {
    assert.equal(quantileMs(emptyHistogram(), 0.99), 0);
  });
});
