/**
 * The backends of one cluster: who can serve the next request, and which of them the policy takes.
 *
 *     primaries ─▶ backups ─▶ with failOpen, or in panic: the same without regard to health ─▶ none
 */
import {
  type BackendRuntime,
  isAvailable,
  isDoubtful,
  isEligible,
  isReady,
} from './backend-runtime.ts';
import { Candidates } from './candidates.ts';
import { admits } from './circuit-breaker.ts';
import type { LoadMetric } from './load.ts';
import { createPolicy, isKeyed, type Policy, type PolicyName } from './policy.ts';
import { startSlowly, weightAt } from './slow-start.ts';

/** What a cluster's configuration says about the choice. */
export interface SelectionOptions {
  readonly loadBalancing: PolicyName;
  readonly loadMetric: LoadMetric;
  /** All are unhealthy: choose among them all the same. */
  readonly failOpen: boolean;
  /** Percent. When less of the backends is available, health does not count; 0: never. */
  readonly panicThreshold: number;
  readonly slowStartMs: number;
}

export const DEFAULT_SELECTION: SelectionOptions = {
  loadBalancing: 'round-robin',
  loadMetric: 'requests',
  failOpen: true,
  panicThreshold: 0,
  slowStartMs: 0,
};

/** `fail-open`, `panic`: requests go to backends that active checks call unhealthy. */
export type Regime = 'normal' | 'fail-open' | 'panic';

export interface SetOwner {
  /** Whose turn it is first, so that workers do not all begin at the same backend. */
  readonly offset: number;
  /** In [0, 1). */
  readonly random: () => number;
  /** A request is the first of a regime. */
  readonly onRegime: (regime: Regime) => void;
}

const NOBODY: readonly BackendRuntime[] = [];

/** How good a choice a backend is; lower is better, and the best there is takes part. */
const PRIMARY = 0;
const BACKUP = 1;
const DOUBTFUL = 2;
const DOUBTFUL_BACKUP = 3;
const NO_CHOICE = 4;

export class BackendSet {
  /** True from the moment when no backend was available until one is again. */
  exhausted = false;
  regime: Regime = 'normal';
  /** Choices made without regard to health. */
  failOpenTotal = 0;
  panicTotal = 0;
  /** The policy wants a key with each request. */
  keyed = false;
  /** The policy wants to know how long answers take. */
  timed = false;

  private readonly owner: SetOwner;
  private readonly backends: BackendRuntime[] = [];
  private readonly candidates = new Candidates();
  private options: SelectionOptions = DEFAULT_SELECTION;
  private policy: Policy;
  /** No backups, nobody whose weight is 0, nobody in drain: usually the candidates. */
  private primaries: readonly BackendRuntime[] = NOBODY;
  private sameWeight = true;
  /** Nobody's weight grows any more behind that. */
  private warmUntil = 0;
  private stale = false;
  private hasServed = false;

  constructor(owner: SetOwner, options: SelectionOptions = DEFAULT_SELECTION) {
    this.owner = owner;
    this.policy = createPolicy({ ...owner, ...options });
    this.configure(options);
  }

  get all(): readonly BackendRuntime[] {
    return this.backends;
  }

  /** How many the last choice was among. */
  get choices(): number {
    return this.candidates.count;
  }

  /** The policy begins anew only when it is another one. */
  configure(options: SelectionOptions): void {
    const { loadBalancing, loadMetric } = this.options;
    if (options.loadBalancing !== loadBalancing || options.loadMetric !== loadMetric) {
      this.policy = createPolicy({ ...this.owner, ...options });
      this.stale = true;
    }
    this.keyed = isKeyed(options.loadBalancing);
    this.timed = options.loadBalancing === 'peak-ewma';
    this.options = options;
  }

  /** A backend that is new to a cluster at work starts slowly. */
  add(backend: BackendRuntime, now: number): void {
    this.backends.push(backend);
    if (this.hasServed) this.warmUp(backend, now);
    this.stale = true;
  }

  remove(backend: BackendRuntime): void {
    const index = this.backends.indexOf(backend);
    if (index >= 0) this.backends.splice(index, 1);
    this.stale = true;
  }

  /** The options or the admin state of one of the backends have changed. */
  changed(): void {
    this.stale = true;
  }

  /** A backend closed its breaker or is healthy again: it starts slowly. */
  cameBack(backend: BackendRuntime, now: number): void {
    this.warmUp(backend, now);
  }

  /** Who serves the next request, none of `tried`; undefined is a 503. `key`: see `keyed`. */
  pick(now: number, tried: readonly BackendRuntime[], key: number): BackendRuntime | undefined {
    const regime = this.gather(now, tried, key);
    // What a request finds that has tried some already says little about the others.
    if (tried.length === 0 && (regime !== 'normal' || this.regime !== 'normal')) this.enter(regime);
    const from = this.candidates;
    if (from.count === 0) return undefined;
    this.hasServed = true;
    return from.count === 1 ? from.at(0) : this.policy.choose(from);
  }

  /**
   * May a visitor of this backend stay with it? Weight 0 keeps the visitors it has, as HAProxy's
   * `drain` does, so that an operator can empty a backend without ending anybody's session. One that
   * is in drain, in maintenance or removed keeps none. A doubt is no reason not to try: it may be one lost packet.
   */
  maySend(backend: BackendRuntime, now: number, tried: readonly BackendRuntime[]): boolean {
    if (backend.admin !== 'ready' || !this.backends.includes(backend)) return false;
    if (!backend.healthy && this.regime === 'normal') return false;
    return admits(backend.breaker, now) && !tried.includes(backend);
  }

  /** How many a request could still try, one after the other. */
  countEligible(now: number, tried: readonly BackendRuntime[]): number {
    const anyHealth = this.options.failOpen || this.regime === 'panic';
    let count = 0;
    for (const backend of this.backends) {
      if (rankOf(backend, now, tried, anyHealth) !== NO_CHOICE) count++;
    }
    return count;
  }

  hasAvailable(): boolean {
    return this.backends.some(isAvailable);
  }

  /** Percent of the requests that each of `all` gets now, as far as weights decide. */
  shares(now: number): number[] {
    this.gather(now, NOBODY, 0);
    const from = this.candidates;
    const total = from.totalWeight();
    return this.backends.map(backend =>
      from.includes(backend) ? (100 * weightAt(backend, now)) / total : 0,
    );
  }

  /** Fills the candidates. */
  private gather(now: number, tried: readonly BackendRuntime[], key: number): Regime {
    if (this.stale) this.rearrange(now);
    const from = this.candidates;
    from.ask(now, key, this.sameWeight && now >= this.warmUntil);
    if (tried.length === 0 && allInOrder(this.primaries, now)) {
      from.all(this.primaries);
      return 'normal';
    }
    const panic = this.options.panicThreshold > 0 && this.isPanic();
    this.collect(now, tried, panic);
    if (panic) return 'panic';
    if (from.count > 0 || !this.options.failOpen) return 'normal';
    this.collect(now, tried, true);
    return from.count > 0 ? 'fail-open' : 'normal';
  }

  private collect(now: number, tried: readonly BackendRuntime[], anyHealth: boolean): void {
    const from = this.candidates;
    let best = NO_CHOICE;
    from.none();
    for (const backend of this.backends) {
      const rank = rankOf(backend, now, tried, anyHealth);
      if (rank === NO_CHOICE || rank > best) continue;
      if (rank < best) from.none();
      best = rank;
      from.add(backend);
    }
  }

  /**
   * Too few are left to carry the load of all, so those that fail their checks help out. A breaker
   * is still believed: it has seen connects fail.
   */
  private isPanic(): boolean {
    let ready = 0;
    let unhealthy = 0;
    let available = 0;
    for (const backend of this.backends) {
      if (!isReady(backend)) continue;
      ready++;
      if (!backend.healthy) unhealthy++;
      if (isAvailable(backend)) available++;
    }
    return unhealthy > 0 && available * 100 < ready * this.options.panicThreshold;
  }

  private enter(regime: Regime): void {
    if (regime === 'fail-open') this.failOpenTotal++;
    else if (regime === 'panic') this.panicTotal++;
    if (regime === this.regime) return;
    this.regime = regime;
    this.owner.onRegime(regime);
  }

  private warmUp(backend: BackendRuntime, now: number): void {
    const { slowStartMs } = this.options;
    if (slowStartMs === 0) return;
    startSlowly(backend, now, slowStartMs);
    this.stale = true;
  }

  /** What follows from weights alone is worked out when they change, not for each request. */
  private rearrange(now: number): void {
    this.stale = false;
    const addresses = new Map<string, number>();
    for (const { backendId } of this.backends) {
      addresses.set(backendId, (addresses.get(backendId) ?? 0) + 1);
    }
    for (const backend of this.backends) {
      backend.weight = backend.options.weight / (addresses.get(backend.backendId) ?? 1);
    }
    const weighty = this.backends.filter(isReady);
    this.sameWeight = weighty.every(({ weight }) => weight === weighty[0]?.weight);
    this.warmUntil = weighty.reduce((last, { warmUntil }) => Math.max(last, warmUntil), 0);
    this.primaries = weighty.filter(({ options }) => !options.backup);
    this.candidates.forget();
    this.policy.rearrange?.(this.primaries, now);
  }
}

/** The usual case, in which nobody has to be left out. */
function allInOrder(primaries: readonly BackendRuntime[], now: number): boolean {
  for (const backend of primaries) {
    const { admin, breaker, healthy } = backend;
    if (breaker.state !== 'closed' || !healthy || admin !== 'ready') return false;
    if (isDoubtful(backend, now)) return false;
  }
  return primaries.length > 0;
}

function rankOf(
  backend: BackendRuntime,
  now: number,
  tried: readonly BackendRuntime[],
  anyHealth: boolean,
): number {
  if (!isEligible(backend, now) || !(anyHealth || backend.healthy)) return NO_CHOICE;
  if (tried.length > 0 && tried.includes(backend)) return NO_CHOICE;
  if (isDoubtful(backend, now)) return backend.options.backup ? DOUBTFUL_BACKUP : DOUBTFUL;
  return backend.options.backup ? BACKUP : PRIMARY;
}
