/** Whatever happens to a cluster in whatever order: who is chosen, held against a plain model. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type BackendOptions,
  type BackendRuntime,
  DOUBT_AFTER_MS,
} from '../../../proxy/balancing/backend-runtime.ts';
import {
  type BackendSet,
  DEFAULT_SELECTION,
  type SelectionOptions,
} from '../../../proxy/balancing/backend-set.ts';
import type { PolicyName } from '../../../proxy/balancing/policy.ts';
import { backendOf, TestCluster } from '../../support/cluster-of.ts';

const POLICIES: readonly PolicyName[] = [
  'round-robin',
  'random',
  'least-connections',
  'least-requests',
  'peak-ewma',
  'two-choices',
  'rendezvous',
  'maglev',
];

/** What may happen, in words for a counterexample, and as a deed. */
interface Step {
  readonly name: string;
  readonly take: (walk: Walk) => void;
}

function step<T extends unknown[]>(
  name: string,
  values: { [K in keyof T]: fc.Arbitrary<T[K]> },
  take: (walk: Walk, ...chosen: T) => void,
): fc.Arbitrary<Step> {
  return fc.tuple<T>(...values).map(chosen => ({
    name: `${name} ${chosen.join(' ')}`,
    take: walk => take(walk, ...chosen),
  }));
}

const index = fc.nat(7);
const weight = fc.constantFrom(0, 1, 5, 100);
const deeds = [
  step('add', [weight], (walk, heavy) => walk.add(heavy)),
  step('policy', [fc.constantFrom(...POLICIES)], (walk, name) => walk.configure(name)),
  step('wait', [fc.nat(3000)], (walk, ms) => {
    walk.now += ms;
  }),
  step('remove', [index], (walk, which) => walk.to(which, backend => walk.set.remove(backend))),
  step('weight', [index, weight], (walk, which, heavy) => walk.change(which, { weight: heavy })),
  step('backup', [index, fc.boolean()], (walk, which, backup) => walk.change(which, { backup })),
  step('healthy', [index, fc.boolean()], (walk, which, healthy) => walk.check(which, healthy)),
  step('open', [index, fc.boolean()], (walk, which, isOpen) => walk.break(which, isOpen)),
  step('connects', [index, fc.nat(600)], (walk, which, forMs) =>
    walk.to(which, backend => {
      backend.pendingConnects = forMs < 200 ? 0 : 1;
      backend.pendingSince = walk.now - forMs;
    }),
  ),
  step('load', [index, fc.nat(9)], (walk, which, requests) =>
    walk.to(which, backend => {
      backend.activeRequests = requests;
    }),
  ),
];
const pick = step('pick', [fc.nat(), index], (walk, key, which) => walk.pick(key, which));
const anyStep = fc.oneof({ weight: 6, arbitrary: pick }, ...deeds);

const clusterOptions = fc.record({
  failOpen: fc.boolean(),
  panicThreshold: fc.constantFrom(0, 50),
  slowStartMs: fc.constantFrom(0, 2000),
});

class Walk {
  readonly set: BackendSet;
  now = 1;
  private added = 0;
  private readonly options: Partial<SelectionOptions>;

  constructor(chosen: Partial<SelectionOptions>) {
    this.options = chosen;
    this.set = new TestCluster([], { options: chosen }).set;
  }

  to(which: number, deed: (backend: BackendRuntime) => void): void {
    const backend = this.set.all[which % Math.max(1, this.set.all.length)];
    if (backend !== undefined) deed(backend);
  }

  add(heavy: number): void {
    if (this.set.all.length < 6) this.set.add(backendOf(`b${this.added++}`, heavy), this.now);
  }

  configure(loadBalancing: PolicyName): void {
    this.set.configure({ ...DEFAULT_SELECTION, ...this.options, loadBalancing });
  }

  change(which: number, options: Partial<BackendOptions>): void {
    this.to(which, backend => {
      backend.options = { ...backend.options, ...options };
      this.set.changed();
    });
  }

  check(which: number, healthy: boolean): void {
    this.to(which, backend => {
      if (healthy && !backend.healthy) this.set.cameBack(backend, this.now);
      backend.healthy = healthy;
    });
  }

  break(which: number, isOpen: boolean): void {
    const until = this.now + 1000;
    this.to(which, backend => {
      backend.breaker = isOpen
        ? { state: 'open', failures: 3, openings: 1, waitMs: 1000, until }
        : { state: 'closed', failures: 0 };
    });
  }

  pick(key: number, which: number): void {
    const tried: BackendRuntime[] = [];
    if (which > 3) this.to(which, backend => tried.push(backend));
    const best = this.bestOf(tried);
    const chosen = this.set.pick(this.now, tried, key);
    if (best.length === 0) assert.equal(chosen, undefined);
    else
      assert.ok(chosen !== undefined && best.includes(chosen), `${chosen?.backendId} was chosen`);
    const total = this.set.shares(this.now).reduce((sum, share) => sum + share, 0);
    const anybody = this.bestOf([]).length > 0;
    assert.ok(Math.abs(total - (anybody ? 100 : 0)) < 1e-6, `shares are ${total} %`);
  }

  /** Who may be chosen, by the words of the documentation and without any cleverness. */
  private bestOf(tried: readonly BackendRuntime[]): readonly BackendRuntime[] {
    const ready = this.set.all.filter(backend => backend.options.weight > 0);
    const admitted = ready.filter(
      ({ breaker }) =>
        breaker.state === 'closed' || (breaker.state === 'open' && breaker.until <= this.now),
    );
    const left = admitted.filter(backend => !tried.includes(backend));
    const healthy = left.filter(backend => backend.healthy);
    if (this.isPanic(ready)) return this.bestTier(left);
    return this.bestTier(healthy.length === 0 && this.options.failOpen ? left : healthy);
  }

  private isPanic(ready: readonly BackendRuntime[]): boolean {
    const up = ready.filter(({ healthy, breaker }) => healthy && breaker.state === 'closed');
    const share = (100 * up.length) / ready.length;
    return ready.some(({ healthy }) => !healthy) && share < (this.options.panicThreshold ?? 0);
  }

  private bestTier(left: readonly BackendRuntime[]): readonly BackendRuntime[] {
    const doubtful = (backend: BackendRuntime): boolean =>
      backend.pendingConnects > 0 && this.now - backend.pendingSince >= DOUBT_AFTER_MS;
    const tiers = [false, true].flatMap(doubt =>
      [false, true].map(backup =>
        left.filter(each => doubtful(each) === doubt && each.options.backup === backup),
      ),
    );
    return tiers.find(tier => tier.length > 0) ?? [];
  }
}

const steps = fc.array(anyStep, { minLength: 5, maxLength: 60, size: 'max' });

describe('choices', () => {
  it('are what the documentation says, whatever happened before', () => {
    fc.assert(
      fc.property(clusterOptions, steps, (chosen, moves) => {
        const walk = new Walk(chosen);
        for (const move of moves) move.take(walk);
      }),
      { numRuns: 2000 },
    );
  });
});
