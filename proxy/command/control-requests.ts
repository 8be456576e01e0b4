/** Questions to the proxy and orders to its processes: what leaves the state alone. */
import type { ProxyEventKind } from './events.ts';

export type ControlRequest =
  | { readonly kind: 'status' }
  | { readonly kind: 'list-backends'; readonly clusterId?: string }
  /** `hostname`: those that a frontend of this host leads to. */
  | { readonly kind: 'list-clusters'; readonly clusterId?: string; readonly hostname?: string }
  | ListFrontends
  | { readonly kind: 'list-listeners' }
  | Explain
  /** What the proxy remembers of a request that went wrong; without an id: of the latest one. */
  | { readonly kind: 'why'; readonly requestId?: string }
  | ShowMetrics
  /** Every worker begins to count anew. */
  | { readonly kind: 'clear-metrics' }
  | { readonly kind: 'dump-state' }
  /** How many of each kind have changed the state since the start. */
  | { readonly kind: 'count-requests' }
  | SubscribeEvents
  /** New workers from the code on disk, one after the other. What is left after the deadline is cut. */
  | { readonly kind: 'upgrade-worker'; readonly workerId: number; readonly deadlineMs?: number }
  | { readonly kind: 'upgrade-workers'; readonly deadlineMs?: number }
  /** A new main process with new workers. */
  | { readonly kind: 'upgrade-main'; readonly deadlineMs?: number }
  /** What is left after `deadlineMs` is cut; absent: never. */
  | { readonly kind: 'soft-stop'; readonly deadlineMs?: number }
  | { readonly kind: 'hard-stop' };

/** The events that are kept, then each new one. */
export interface SubscribeEvents {
  readonly kind: 'subscribe-events';
  /** Only those behind this one. Default 0: all. */
  readonly since?: number;
  /** Of those that are kept at most so many, the latest. Default: all. */
  readonly last?: number;
  /** Default: all kinds. */
  readonly kinds?: readonly ProxyEventKind[];
  /** False: it ends behind those that are kept. Default true. */
  readonly follow?: boolean;
}

/** Only those that fit everything that is given. */
export interface ListFrontends {
  readonly kind: 'list-frontends';
  readonly listener?: string;
  readonly hostname?: string;
  readonly clusterId?: string;
}

export interface ShowMetrics {
  readonly kind: 'show-metrics';
  /** What each worker counted, too. Default false. */
  readonly perWorker?: boolean;
}

/** Which frontend, cluster and backend would serve such a request, rule by rule. */
export interface Explain {
  readonly kind: 'explain';
  readonly method: string;
  /** `http://host[:port]/path`, `host/path`, or `/path` with a Host field; taken as it is. */
  readonly url: string;
  /** Default: the only one, or the only one on the port of the URL. */
  readonly listener?: string;
  readonly fields?: readonly (readonly [name: string, value: string])[];
}
