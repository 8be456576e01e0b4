/** What a load-balancing policy is, and which there are. */
import type { BackendRuntime } from './backend-runtime.ts';
import type { Candidates } from './candidates.ts';
import { leastLoaded } from './least-loaded.ts';
import { answerTime, connections, type LoadMetric, loads, requests } from './load.ts';
import { maglev } from './maglev.ts';
import { weightedRandom } from './random.ts';
import { rendezvous } from './rendezvous.ts';
import { roundRobin } from './round-robin.ts';
import { twoChoices } from './two-choices.ts';

export type PolicyName =
  | 'round-robin'
  | 'random'
  | 'least-connections'
  | 'least-requests'
  | 'peak-ewma'
  | 'two-choices'
  | 'rendezvous'
  | 'maglev';

export interface Policy {
  /** One of at least two candidates. Allocates nothing. */
  choose(from: Candidates): BackendRuntime | undefined;
  /** The backends that are no backups, or their weights, have changed. */
  rearrange?(backends: readonly BackendRuntime[], now: number): void;
}

export interface PolicyOptions {
  readonly loadBalancing: PolicyName;
  /** What `two-choices` compares. */
  readonly loadMetric: LoadMetric;
  /** Whose turn it is first, so that workers do not all begin at the same backend. */
  readonly offset: number;
  /** In [0, 1). */
  readonly random: () => number;
}

const policies: Readonly<Record<PolicyName, (options: PolicyOptions) => Policy>> = {
  'round-robin': ({ offset }) => roundRobin(offset),
  random: ({ random }) => weightedRandom(random),
  'least-connections': ({ offset }) => leastLoaded(connections, offset),
  'least-requests': ({ offset }) => leastLoaded(requests, offset),
  'peak-ewma': ({ offset }) => leastLoaded(answerTime, offset),
  'two-choices': ({ loadMetric, random }) => twoChoices(loads[loadMetric], random),
  rendezvous,
  maglev,
};

export function createPolicy(options: PolicyOptions): Policy {
  return policies[options.loadBalancing](options);
}

/** Does the policy send like to like, so that a request needs a key? */
export function isKeyed(policy: PolicyName): boolean {
  return policy === 'rendezvous' || policy === 'maglev';
}
