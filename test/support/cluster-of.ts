/** A cluster's backends without any connections, for tests of who is chosen. */
import { BackendRuntime, defaultOptions } from '../../proxy/balancing/backend-runtime.ts';
import {
  BackendSet,
  DEFAULT_SELECTION,
  type Regime,
  type SelectionOptions,
} from '../../proxy/balancing/backend-set.ts';
import { seededRandom } from './seeded-random.ts';

export interface ClusterSpec {
  readonly options?: Partial<SelectionOptions>;
  /** Whose turn it is first. */
  readonly offset?: number;
  readonly seed?: number;
}

export class TestCluster {
  readonly set: BackendSet;
  readonly backends: readonly BackendRuntime[];
  readonly regimes: Regime[] = [];

  /** Backends `b0`, `b1`, … with these weights. */
  constructor(weights: readonly number[], { options, offset = 0, seed = 1 }: ClusterSpec = {}) {
    this.set = new BackendSet(
      {
        offset,
        random: seededRandom(seed),
        onRegime: regime => this.regimes.push(regime),
      },
      { ...DEFAULT_SELECTION, ...options },
    );
    this.backends = weights.map((weight, index) => backendOf(`b${index}`, weight));
    for (const backend of this.backends) this.set.add(backend, 0);
  }

  at(index: number): BackendRuntime {
    const backend = this.backends[index];
    if (backend === undefined) throw new RangeError(`there is no b${index}`);
    return backend;
  }

  pick(now = 0, key = 0): string {
    return this.set.pick(now, [], key)?.backendId ?? 'none';
  }

  turns(count: number, now = 0): string[] {
    return Array.from({ length: count }, () => this.pick(now));
  }

  /** How often each backend is chosen. */
  shares(count: number, now = 0): number[] {
    return sharesOf(this.backends, this.turns(count, now));
  }
}

export function backendOf(id: string, weight = 100, backup = false): BackendRuntime {
  const port = 1000 + Number(id.replace(/\D/g, ''));
  const options = { ...defaultOptions(id), weight, backup };
  return new BackendRuntime('web', id, `127.0.0.1:${port}`, options);
}

export function sharesOf(backends: readonly BackendRuntime[], picked: readonly string[]): number[] {
  return backends.map(({ backendId }) => picked.filter(id => id === backendId).length);
}
