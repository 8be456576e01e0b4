/** What main process and workers say to each other over the IPC channel of `fork`. */
import type { LimitAsk, LimitOrder } from '../limits/limit-messages.ts';
import type { EventBody } from './events.ts';
import type { FailureStory } from './failure-stories.ts';
import type { BackendPlace, CutReport, HolderReport, InFlight } from './holders.ts';
import type { WorkerMetrics } from './metrics-snapshots.ts';
import type { StateRequest } from './requests.ts';
import type { WorkerSnapshot } from './snapshots.ts';

/** What a worker is started with: its one argument, as JSON. */
export interface WorkerOptions {
  readonly workerId: number;
  /** How many share the limits. */
  readonly workers: number;
  /** The descriptor that an access log to `stdout` goes to. */
  readonly stdout?: number;
  /** Beside it, a worker whose main process died waits for a new one. */
  readonly commandSocket: string;
  /** How long it waits; 0: for ever. */
  readonly orphanTimeoutMs: number;
}

/** `seq` comes back in the reply. */
export type MasterMessage =
  | {
      readonly type: 'apply';
      readonly seq: number;
      readonly requests: readonly StateRequest[];
      /** Does what `remember` does, too. Default false. */
      readonly remember?: boolean;
    }
  /** The bound socket travels beside this message. */
  | { readonly type: 'listen'; readonly seq: number; readonly address: string }
  /** What health checks found out. */
  | { readonly type: 'health'; readonly seq: number; readonly changes: readonly BackendHealth[] }
  /** What another worker found out by its connects; needs no reply. */
  | { readonly type: 'breaker'; readonly news: BreakerNews }
  | { readonly type: 'snapshot'; readonly seq: number }
  /** What its configuration sums up to. */
  | { readonly type: 'digest'; readonly seq: number }
  | { readonly type: 'metrics'; readonly seq: number }
  | { readonly type: 'clear-metrics'; readonly seq: number }
  /** Without an id: the latest that went wrong. */
  | { readonly type: 'why'; readonly seq: number; readonly requestId?: string }
  /** How many requests run on backends that get no new ones. */
  | { readonly type: 'in-flight'; readonly seq: number }
  /** What keeps this backend busy; without one: every request in progress. */
  | { readonly type: 'holders'; readonly seq: number; readonly place?: BackendPlace }
  /** Ends what still runs on a backend that gets no new requests. */
  | { readonly type: 'cut-holders'; readonly seq: number; readonly place: BackendPlace }
  /** The file of the access log may have been moved away; needs no reply. */
  | { readonly type: 'reopen-log' }
  /** Of the limits that all workers share; needs no reply. */
  | { readonly type: 'limit'; readonly order: LimitOrder }
  /** Changes of the configuration as the main process has it, with names; needs no reply. */
  | { readonly type: 'remember'; readonly requests: readonly StateRequest[] }
  /** From now on it serves on without its main process; needs no reply. */
  | { readonly type: 'settled' }
  /** Answered at once: shows that the worker's event loop turns. */
  | { readonly type: 'ping'; readonly seq: number }
  /**
   * Answered when the last session has ended; then the worker exits. What is left after
   * `deadlineMs` is cut; absent: never. `giveIdle`: client connections without a request are
   * sent back as `client`, for another worker.
   */
  | {
      readonly type: 'drain';
      readonly seq: number;
      readonly deadlineMs?: number;
      readonly giveIdle?: boolean;
    }
  /** Answered when the orphan that waits at `place` knows whom it may give its idle clients. */
  | { readonly type: 'receive'; readonly seq: number; readonly place: string }
  /** Answered as soon as the worker has it: until then it may go to another one. */
  | (ClientMessage & { readonly seq: number });

/** A client connection without a request travels beside this message. */
export interface ClientMessage {
  readonly type: 'client';
  /** Of the listener that accepted it. */
  readonly address: string;
  /** It has had a request before. */
  readonly kept: boolean;
}

/** What a deadline has ended before its time. */
export interface Cut {
  readonly requests: number;
  readonly tunnels: number;
}

export interface BreakerNews {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  readonly state: 'open' | 'closed';
  /** Plain words, with the worker whose news it is. */
  readonly cause: string;
}

export interface BackendHealth {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  readonly healthy: boolean;
  /** Its checks were not even answered: whoever waits for it waits in vain. */
  readonly silent: boolean;
}

/** What a worker knows about a request that was asked for. */
export interface WorkerMemory {
  readonly story?: FailureStory;
  /** Requests that it remembers. */
  readonly remembered: number;
}

export type WorkerMessage =
  | WorkerReply
  | { readonly type: 'event'; readonly event: EventBody }
  /** Nobody caught this error: the worker finishes what it has and ends. */
  | { readonly type: 'crashed'; readonly error: string }
  | { readonly type: 'limit'; readonly ask: LimitAsk }
  | ClientMessage;

export type WorkerReply =
  | {
      readonly type: 'reply';
      readonly seq: number;
      readonly ok: true;
      readonly snapshot?: WorkerSnapshot;
      readonly metrics?: WorkerMetrics;
      readonly memory?: WorkerMemory;
      readonly inFlight?: readonly InFlight[];
      readonly holders?: HolderReport;
      readonly cutReport?: CutReport;
      readonly digest?: string;
      readonly cut?: Cut;
    }
  | {
      readonly type: 'reply';
      readonly seq: number;
      readonly ok: false;
      readonly message: string;
      /** The system's own error code, such as EADDRINUSE. */
      readonly errno?: string;
      /** Of several requests, how many were carried out before the one that was refused. */
      readonly applied?: number;
    };
