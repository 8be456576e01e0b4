import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SlidingCounts } from '../../../proxy/balancing/sliding-counts.ts';

describe('SlidingCounts', () => {
  it('forgets bucket by bucket what is older than the window', () => {
    const counts = new SlidingCounts(1000);
    counts.count(0);
    counts.count(950);
    counts.mark(950);
    assert.deepEqual([counts.counted(999), counts.markedOf(999)], [2, 1]);
    assert.deepEqual([counts.counted(1000), counts.markedOf(1000)], [1, 1]);
    assert.deepEqual([counts.counted(1950), counts.markedOf(1950)], [0, 0]);
  });

  it('agrees with a list of times, to a bucket', () => {
    const steps = fc.array(fc.record({ elapsed: fc.nat(700), marks: fc.boolean() }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 10, max: 5000 }), (moves, windowMs) => {
        const counts = new SlidingCounts(windowMs);
        const times: number[] = [];
        let now = 1_000_000;
        for (const { elapsed, marks } of moves) {
          now += elapsed;
          if (marks) counts.mark(now);
          counts.count(now);
          times.push(now);
          const bucketMs = windowMs / 10;
          const surely = times.filter(at => now - at < windowMs - bucketMs).length;
          const atMost = times.filter(at => now - at < windowMs + 1).length;
          assert.ok(counts.counted(now) >= surely && counts.counted(now) <= atMost);
          assert.ok(counts.markedOf(now) <= counts.counted(now));
        }
      }),
    );
  });
});
