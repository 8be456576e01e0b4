/** Policies that keep like with like: who moves when a backend leaves, and who gets how much. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashBytes, hashText, mix } from '../../../proxy/balancing/hash.ts';
import type { PolicyName } from '../../../proxy/balancing/policy.ts';
import { TestCluster } from '../../support/cluster-of.ts';

const KEYS = Array.from({ length: 20_000 }, (_, index) => hashText(`10.0.${index >> 8}.${index}`));

function owners(cluster: TestCluster, now = 0): string[] {
  return KEYS.map(key => cluster.pick(now, key));
}

function count(all: readonly string[], wanted: string): number {
  return all.filter(owner => owner === wanted).length;
}

function moved(before: readonly string[], after: readonly string[]): number {
  return before.filter((owner, index) => owner !== after[index]).length;
}

for (const loadBalancing of ['rendezvous', 'maglev'] as const satisfies PolicyName[]) {
  describe(loadBalancing, () => {
    const options = { loadBalancing };

    it('gives the same key the same backend, in every worker', () => {
      const here = owners(new TestCluster([1, 1, 1], { options, seed: 1, offset: 0 }));
      const there = owners(new TestCluster([1, 1, 1], { options, seed: 9, offset: 5 }));
      assert.deepEqual(here, there);
    });

    it('gives keys by weight', () => {
      const all = owners(new TestCluster([1, 2, 7, 0], { options }));
      for (const [index, share] of [0.1, 0.2, 0.7, 0].entries()) {
        const seen = count(all, `b${index}`) / KEYS.length;
        assert.ok(Math.abs(seen - share) < 0.012, `b${index}: ${seen}`);
      }
    });

    it('moves only the keys of a backend that cannot serve, and gives them to all others', () => {
      const cluster = new TestCluster([1, 1, 1, 1, 1], { options });
      const before = owners(cluster);
      cluster.at(2).healthy = false;
      const after = owners(cluster);
      assert.equal(moved(before, after), count(before, 'b2'));
      for (const id of ['b0', 'b1', 'b3', 'b4']) {
        const gained = count(after, id) - count(before, id);
        assert.ok(gained > count(before, 'b2') * 0.15, `${id} got ${gained}`);
      }
      cluster.at(2).healthy = true;
      assert.deepEqual(owners(cluster), before);
    });

    it('moves few other keys when a backend is removed or added', () => {
      const cluster = new TestCluster([1, 1, 1, 1, 1], { options });
      const before = owners(cluster);
      const leaving = cluster.at(4);
      cluster.set.remove(leaving);
      const after = owners(cluster);
      const needless = moved(before, after) - count(before, 'b4');
      assert.ok(
        needless <= (loadBalancing === 'rendezvous' ? 0 : KEYS.length * 0.1),
        `${needless}`,
      );
      cluster.set.add(leaving, 0);
      assert.deepEqual(owners(cluster), before);
    });

    it('uses backups by key as well', () => {
      const cluster = new TestCluster([1, 1, 1], { options });
      for (const index of [1, 2]) {
        cluster.at(index).options = { ...cluster.at(index).options, backup: true };
      }
      cluster.set.changed();
      assert.equal(count(owners(cluster), 'b0'), KEYS.length);
      cluster.at(0).admin = 'leaving';
      const shares = ['b1', 'b2'].map(id => count(owners(cluster), id) / KEYS.length);
      assert.ok(
        shares.every(share => Math.abs(share - 0.5) < 0.02),
        shares.join(' '),
      );
    });

    it('lets a new backend take over its keys little by little with slow start', () => {
      const cluster = new TestCluster([1, 1], { options: { loadBalancing, slowStartMs: 10_000 } });
      cluster.pick();
      const fresh = new TestCluster([1, 1, 1]).at(2);
      cluster.set.add(fresh, 0);
      const shares = [0, 5000, 10_000].map(now => count(owners(cluster, now), 'b2') / KEYS.length);
      const expected = [0.1 / 2.1, 0.55 / 2.55, 1 / 3];
      for (const [index, share] of shares.entries()) {
        assert.ok(Math.abs(share - (expected[index] ?? 0)) < 0.03, shares.join(' '));
      }
    });
  });
}

describe('the hash', () => {
  it('is the same for text and bytes, and spreads keys that differ little', () => {
    const bytes = Buffer.from('xx192.168.56.21yy');
    assert.equal(hashBytes(bytes, 2, 15), hashText('192.168.56.21'));
    const buckets = new Array<number>(64).fill(0);
    for (const key of KEYS) {
      const bucket = key >>> 26;
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    const expected = KEYS.length / 64;
    assert.ok(buckets.every(size => Math.abs(size - expected) < expected * 0.3));
    assert.notEqual(mix(1), mix(2));
  });
});
