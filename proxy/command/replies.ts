/** What the main process answers on the command socket. */
import type { PlanContent } from './change-plan.ts';
import type { ProxyEvent } from './events.ts';
import type { ExplainContent } from './explanation.ts';
import type { FailureStory } from './failure-stories.ts';
import type { CutReport, HolderReport } from './holders.ts';
import type { MetricsContent } from './metrics-snapshots.ts';
import type {
  ChangeRequest,
  Cluster,
  Frontend,
  Listener,
  ProxyRequest,
  StateRequest,
} from './requests.ts';
import type { BackendSnapshot, WorkerSnapshot } from './snapshots.ts';

/** `processing` may come several times before the one `ok` or `failure` that ends the request. */
export interface Reply<Content = unknown> {
  /** The request's own, null when it had none. */
  readonly id: string | number | null;
  readonly status: 'ok' | 'processing' | 'failure';
  /** One sentence for a person. */
  readonly message: string;
  readonly content?: Content;
}

export type RunState = 'starting' | 'running' | 'stopping' | 'not-answering';

export interface WorkerStatus {
  readonly workerId: number;
  readonly pid: number;
  readonly runState: RunState;
  /** What its configuration sums up to; absent when it did not answer in time. */
  readonly digest?: string;
  /** `diverged`: not what it should be; it is being replaced. */
  readonly inSync: 'yes' | 'diverged' | 'unknown';
  /** Absent when the worker did not answer in time. */
  readonly snapshot?: WorkerSnapshot;
}

export interface StatusContent {
  readonly pid: number;
  readonly version: string;
  readonly commandSocket: string;
  /** Addresses that the proxy accepts on. */
  readonly listeners: readonly string[];
  readonly stateHash: string;
  /** What the configuration of every worker should sum up to. */
  readonly digest: string;
  readonly workers: readonly WorkerStatus[];
  /** What was found odd in the config file at the start. */
  readonly warnings: readonly string[];
}

export interface CheckProgress {
  /** Results in a row that speak against what `healthy` says. */
  readonly against: number;
  /** So many of them change it. */
  readonly needed: number;
}

/** One backend as all workers together see it: counters added up, the gravest breaker shown. */
export interface BackendReport extends BackendSnapshot {
  /** Its cluster has a health check. */
  readonly checked: boolean;
  /** How far its health checks are from another verdict; absent where none is made. */
  readonly check?: CheckProgress;
  /** `name:port`, where the address is one of several that the name may have. */
  readonly name?: string;
  readonly workers: readonly (BackendSnapshot & { readonly workerId: number })[];
}

export interface BackendsContent {
  readonly backends: readonly BackendReport[];
}

export interface ClustersContent {
  readonly clusters: readonly {
    readonly id: string;
    readonly loadBalancing: string;
    readonly frontends: readonly string[];
    readonly backends: readonly string[];
    readonly config: Cluster;
  }[];
}

export interface ChangeContent {
  /** One sentence per request. */
  readonly changes: readonly string[];
  /** Workers that have done it; 0 in a dry run. */
  readonly workers: number;
}

export interface FrontendsContent {
  /** In the order in which they were added. */
  readonly frontends: readonly Frontend[];
}

export interface ListenerReport {
  readonly config: Listener;
  readonly active: boolean;
  /** Client connections of all workers. */
  readonly connections: number;
  readonly frontends: number;
}

export interface ListenersContent {
  readonly listeners: readonly ListenerReport[];
}

export interface DrainContent extends ChangeContent {
  readonly admin: 'ready' | 'drain' | 'maint';
  /** No worker has a request of it in progress, and none gets another. */
  readonly safe: boolean;
  readonly holders?: HolderReport;
  /** Of a drain that has ended: how long it took, and what its deadline has cut. */
  readonly durationMs?: number;
  readonly cut?: CutReport;
}

export interface SavedContent {
  /** Absolute path. */
  readonly file: string;
  readonly requests: number;
}

export interface RequestCounts {
  /** By kind, those that changed something. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Of `processing` replies to one who waits for a soft stop. */
export interface StopContent {
  readonly holders?: HolderReport;
}

export interface StateContent {
  readonly hash: string;
  readonly requests: readonly StateRequest[];
}

export interface WhyContent {
  readonly story: FailureStory;
  /** Requests that all workers remember. */
  readonly remembered: number;
}

/** What the reply to a request of this kind holds when it is ok. */
export interface ReplyContents
  extends Readonly<Record<ChangeRequest['kind'] | 'transaction', ChangeContent>> {
  /** Also in `processing` replies to one who waits. */
  readonly 'set-backend-admin': DrainContent;
  readonly status: StatusContent;
  readonly 'list-backends': BackendsContent;
  readonly 'list-clusters': ClustersContent;
  readonly 'list-frontends': FrontendsContent;
  readonly 'list-listeners': ListenersContent;
  readonly why: WhyContent;
  readonly 'show-metrics': MetricsContent;
  readonly 'dump-state': StateContent;
  readonly 'count-requests': RequestCounts;
  readonly reload: PlanContent;
  readonly 'load-state': PlanContent;
  readonly 'save-state': SavedContent;
  readonly explain: ExplainContent;
  /** In each `processing` reply, for as long as the connection lasts. */
  readonly 'subscribe-events': ProxyEvent;
}

export type ReplyTo<R extends ProxyRequest> = Reply<
  R['kind'] extends keyof ReplyContents ? ReplyContents[R['kind']] : undefined
>;
