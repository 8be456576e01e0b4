/** Token buckets: exact rates, exact waits, bounded memory. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bucketSize } from '../../../proxy/limits/bucket-size.ts';
import { clientKey } from '../../../proxy/limits/client-key.ts';
import { LimitAuthority } from '../../../proxy/limits/limit-authority.ts';
import { SharedLimits } from '../../../proxy/limits/shared-limits.ts';
import { TokenBucket } from '../../../proxy/limits/token-bucket.ts';
import { MAX_BUCKETS_PER_GENERATION, TokenLedger } from '../../../proxy/limits/token-ledger.ts';
import { TwoGenerations } from '../../../proxy/limits/two-generations.ts';

const nobody = { onToken: () => true };

describe('token bucket', () => {
  it('gives the burst at once and then one token per interval', () => {
    const size = bucketSize({ perSecond: 10, burst: 3 });
    const bucket = new TokenBucket(size, 0);
    assert.equal(bucket.take(size, 5, 0), 3);
    assert.equal(bucket.take(size, 1, 0), 0);
    assert.equal(bucket.waitMs(size), 100);
    assert.equal(bucket.take(size, 1, 99), 0);
    assert.equal(bucket.take(size, 1, 100), 1);
    assert.equal(bucket.take(size, 9, 10_000), 3);
  });

  it('a rate below one per second still gives a token', () => {
    const size = bucketSize({ perSecond: 0.1 });
    const bucket = new TokenBucket(size, 0);
    assert.equal(bucket.take(size, 1, 0), 1);
    assert.equal(bucket.take(size, 1, 9999), 0);
    assert.equal(bucket.take(size, 1, 10_000), 1);
  });

  it('never gives more than burst + rate × time, however it is asked', () => {
    const asks = fc.array(
      fc.record({ after: fc.nat(500), wanted: fc.integer({ min: 1, max: 4 }) }),
    );
    const property = fc.property(
      fc.nat(30),
      fc.integer({ min: 1, max: 9 }),
      asks,
      (r, burst, all) => {
        const size = bucketSize({ perSecond: r + 0.5, burst });
        const bucket = new TokenBucket(size, 0);
        let now = 0;
        let taken = 0;
        for (const { after, wanted } of all) {
          now += after;
          taken += bucket.take(size, wanted, now);
          assert.ok(taken <= size.burst + (size.perSecond * now) / 1000 + 1e-6);
        }
        const wait = bucket.waitMs(size);
        if (bucket.take(size, 1, now) === 0) {
          assert.equal(bucket.take(size, 1, now + Math.ceil(wait)), 1, 'the wait was told right');
        }
      },
    );
    fc.assert(property);
  });

  it('a clock that stands still or goes back adds nothing', () => {
    const size = bucketSize({ perSecond: 5, burst: 1 });
    const bucket = new TokenBucket(size, 1000);
    assert.equal(bucket.take(size, 1, 1000), 1);
    assert.equal(bucket.take(size, 1, 500), 0);
  });
});

describe('rates of many workers', () => {
  it('one worker alone gets exactly the rate', () => {
    let now = 0;
    const limits = alone(() => now);
    const size = bucketSize({ perSecond: 2, burst: 4 });
    let taken = 0;
    for (; now < 10_000; now += 10) if (limits.take('k', size, nobody) === 'yes') taken++;
    assert.equal(taken, 23);
    assert.ok(limits.waitMs > 0 && limits.waitMs <= 500);
  });

  it('a change of the rate counts at once', () => {
    const limits = alone(() => 0);
    const small = bucketSize({ perSecond: 1, burst: 1 });
    assert.equal(limits.take('k', small, nobody), 'yes');
    assert.equal(limits.take('k', small, nobody), 'no');
    // What is in the bucket stays; it fills at the new rate from now on.
    assert.equal(limits.take('k', bucketSize({ perSecond: 100 }), nobody), 'no');
    assert.ok(limits.waitMs <= 10);
  });

  it('several workers draw from one bucket', () => {
    let now = 0;
    const workers: SharedLimits[] = [];
    const authority = new LimitAuthority(4, now, (id, order) => workers[id]?.obey(order));
    for (let id = 0; id < 4; id++) {
      workers.push(
        new SharedLimits(
          4,
          ask => authority.receive(id, ask, now),
          () => now,
        ),
      );
    }
    const size = bucketSize({ perSecond: 100, burst: 160 });
    let taken = 0;
    for (; now < 10_000; now += 5) {
      for (const worker of workers) if (worker.take('k', size, nobody) === 'yes') taken++;
    }
    assert.ok(taken >= 160 + 1000 - 45 && taken <= 160 * 1.25 + 1000, `${taken} taken`);
  });

  it('does not grow with the number of clients', () => {
    const ledger = new TokenLedger(1, 0);
    const size = bucketSize({ perSecond: 1, burst: 5 });
    for (let i = 0; i < 1_000_000; i++) ledger.take(`c${i}`, size, 0);
    assert.ok(ledger.size <= 2 * MAX_BUCKETS_PER_GENERATION, `${ledger.size} buckets`);
  });
});

describe('two generations', () => {
  it('keeps what is used and forgets what is not', () => {
    const map = new TwoGenerations<number>(100, 0);
    map.set('used', 1, 0, 1000);
    map.set('unused', 2, 0, 1000);
    for (let now = 0; now < 5000; now += 500) {
      assert.equal(map.get('used'), 1);
      map.set(`other${now}`, 0, now, 1000);
    }
    assert.equal(map.get('unused'), undefined);
  });
});

describe('client key', () => {
  const cases: readonly (readonly [ip: string, key: string])[] = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:0000::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ];
  for (const [ip, key] of cases) {
    it(`${ip} is ${key}`, () => assert.equal(clientKey(ip), key));
  }
});

function alone(now: () => number): SharedLimits {
  const authority = new LimitAuthority(1, now(), (_, order) => limits.obey(order));
  const limits = new SharedLimits(1, ask => authority.receive(0, ask, now()), now);
  return limits;
}
