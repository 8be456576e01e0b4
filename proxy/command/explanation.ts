/** Why a request would be served as it would: what `relais explain` gets. */
import type { Verdict } from '../routing/route-table.ts';
import type { BackendReport } from './replies.ts';

export interface ConsideredFrontend {
  /** What it matches, as one would write it down. */
  readonly frontend: string;
  /** null: it refuses. */
  readonly clusterId: string | null;
  readonly verdict: Verdict;
}

export interface ConsideredBackend extends Omit<BackendReport, 'workers'> {
  /** The next such request may go there. */
  readonly eligible: boolean;
  /** In plain words. */
  readonly reason: string;
}

export interface ExplainContent {
  readonly method: string;
  /** Lower case, without port. */
  readonly host: string;
  readonly target: string;
  readonly listener: string;
  /** What the client would get, in one sentence. */
  readonly outcome: string;
  /** The proxy's own answer; 0: a backend answers. */
  readonly status: number;
  readonly denyRules: readonly { readonly name: string; readonly met: boolean }[];
  /** In the order in which they are asked. */
  readonly frontends: readonly ConsideredFrontend[];
  /** Frontends of other hosts that are not listed, because there are many. */
  readonly omitted: number;
  /** When none serves: the one that was meant, perhaps, and what it lacks. */
  readonly nearest?: string;
  readonly cluster?: {
    readonly id: string;
    readonly loadBalancing: string;
    /** What else decides about the backend. */
    readonly notes: readonly string[];
  };
  readonly backends: readonly ConsideredBackend[];
}
