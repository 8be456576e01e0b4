/** A main process that does not answer, refusals that are told once, and how much fits. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bucketSize } from '../../../proxy/limits/bucket-size.ts';
import {
  clientsThatFit,
  descriptorsFor,
  descriptorWarning,
} from '../../../proxy/limits/descriptor-budget.ts';
import type { LimitAsk } from '../../../proxy/limits/limit-messages.ts';
import { RefusalRegimes } from '../../../proxy/limits/refusal-regimes.ts';
import { SharedLimits } from '../../../proxy/limits/shared-limits.ts';
import { Watermark } from '../../../proxy/limits/watermark.ts';

describe('a main process that does not answer', () => {
  let now = 0;
  const asked: LimitAsk[] = [];
  const limits = new SharedLimits(
    2,
    ask => asked.push(ask),
    () => now,
  );

  it('leaves each worker its share of the permits', () => {
    const told: boolean[] = [];
    const waiter = { onPermit: (granted: boolean) => told.push(granted) > 0 };
    for (let i = 0; i < 6; i++) assert.equal(limits.acquire('k', 7, true, waiter), 'later');
    limits.expire();
    assert.deepEqual(told, []);
    now += 1000;
    limits.expire();
    assert.deepEqual(told, [true, true, true, true, false, false]);
    assert.equal(asked.length, 1, 'it is asked once');
  });

  it('and its late answer counts for those who come then', () => {
    for (let i = 0; i < 4; i++) limits.release('k');
    now += 20;
    limits.obey({ kind: 'granted', key: 'k', permits: 2 });
    const waiter = { onPermit: () => true };
    assert.equal(limits.acquire('k', 7, true, waiter), 'yes');
    assert.equal(limits.acquire('k', 7, true, waiter), 'yes');
    assert.equal(limits.acquire('k', 7, true, waiter), 'later');
  });

  it('limits no rate', () => {
    const told: number[] = [];
    const waiter = { onToken: (waitMs: number) => told.push(waitMs) > 0 };
    const size = bucketSize({ perSecond: 1 });
    for (let i = 0; i < 3; i++) assert.equal(limits.take('r', size, waiter), 'later');
    now += 1000;
    limits.expire();
    assert.deepEqual(told, [0, 0, 0]);
  });
});

describe('refusals', () => {
  it('are told once, and once more when they have ended', () => {
    const regimes = new RefusalRegimes<string>();
    const told = [0, 10, 20, 4000].map(now => regimes.refused('k', 'the limit', now));
    assert.deepEqual(told, [true, false, false, false]);
    assert.deepEqual([...regimes.ended(8999)], []);
    assert.deepEqual([...regimes.ended(9000)], [{ subject: 'the limit', refused: 4 }]);
    assert.deepEqual([...regimes.ended(20_000)], []);
    assert.equal(regimes.refused('k', 'the limit', 20_000), true);
  });
});

describe('watermark', () => {
  it('is full at the limit and open again below nine tenths of it', () => {
    const watermark = new Watermark();
    const seen = [9, 10, 11, 10, 9, 8, 9, 10].map(count => {
      const changed = watermark.update(count, 10);
      return [watermark.full, changed];
    });
    assert.deepEqual(
      seen.map(([full]) => full),
      [false, true, true, true, true, false, false, true],
    );
    assert.equal(seen.filter(([, changed]) => changed).length, 3);
  });

  it('a limit of one opens with nobody there', () => {
    const watermark = new Watermark();
    watermark.update(1, 1);
    assert.equal(watermark.full, true);
    watermark.update(0, 1);
    assert.equal(watermark.full, false);
  });
});

describe('descriptors', () => {
  it('what is recommended is enough', () => {
    for (const clients of [1, 2, 35, 1000, 10_000, 999_999]) {
      assert.ok(clientsThatFit(descriptorsFor(clients)) >= clients);
      assert.equal(descriptorWarning(clients, descriptorsFor(clients)), undefined);
    }
  });

  it('too few are told with the fix, and unknown ones are enough', () => {
    assert.match(
      descriptorWarning(10_000, 1024) ?? '',
      /may open 1024 files, so a worker accepts 728 connections at most: run `ulimit -n 13387`/,
    );
    assert.equal(descriptorWarning(10_000, Number.POSITIVE_INFINITY), undefined);
    assert.equal(clientsThatFit(10), 1);
  });
});
