/** Probes are data: what to look for in the history; `judge` gives the verdict. */
import type { BackendSnapshot, ProxyEventKind } from '../../proxy/index.ts';
import type { FailureVerb, Knobs, MachineState } from '../../vms/machine.ts';
import type { Place } from './place.ts';

/** Whose share: the machine's, that of all machines with this version, or of all answers with this status. */
export type ShareOf =
  | { readonly machine: string }
  | { readonly version: string }
  | { readonly status: number };

/** A part of the requests: of these visitors, answered by this version. */
export interface Among {
  readonly visitors?: readonly string[];
  readonly version?: string;
}

/** What is known of a machine; what is left out may be anything. */
export interface MachineLook {
  readonly state?: MachineState;
  readonly version?: string;
  /** `none`: no failure is in force. */
  readonly failure?: FailureVerb | 'none';
  /** What its app was told; what nobody told it is 0 or false. */
  readonly knobs?: Knobs;
}

/** What the proxy says of a backend; what is left out may be anything. */
export interface BackendLook {
  /** Default: of any cluster. */
  readonly cluster?: string;
  readonly weight?: number;
  readonly admin?: BackendSnapshot['admin'];
  readonly healthy?: boolean;
  /** Since its workers have started. */
  readonly failedConnects?: number;
}

/** What a visitor got; what is left out may be anything. */
export interface AnswerLook {
  readonly status?: number;
  readonly machine?: string;
  readonly version?: string;
  /** Which of several sites answered: `shop`, `blog`, … */
  readonly site?: string;
  /** Seconds that the answer asks to wait. */
  readonly retryAfter?: number;
}

export type Probe =
  /** Requests that the machines got for each request of a visitor, since the step has acted. */
  | {
      readonly kind: 'amplification';
      readonly atLeast?: number;
      readonly atMost?: number;
    }
  | {
      readonly kind: 'served';
      readonly by: 'every' | 'only' | 'none';
      readonly machines: readonly string[];
    }
  | { readonly kind: 'status'; readonly code: number }
  | { readonly kind: 'no-failed-request' }
  | {
      readonly kind: 'breaker';
      readonly state: 'open' | 'closed' | 'half-open';
      readonly machine: string;
    }
  | { readonly kind: 'backends'; readonly machines: readonly string[] }
  | {
      readonly kind: 'connect';
      readonly machine: string;
      /** Any of these will do. */
      readonly outcomes: readonly ('connected' | 'refused' | 'unreachable' | 'silent')[];
    }
  | { readonly kind: 'proxy-never-restarted' }
  | { readonly kind: 'direct'; readonly machine: string }
  | { readonly kind: 'pages-differ'; readonly atLeast: number }
  | {
      readonly kind: 'page';
      readonly status: number;
      readonly text: string;
      /** Reason phrase that must reach the browser; any when absent. */
      readonly reason?: string;
      /** Default: the site itself. */
      readonly at?: Place;
    }
  /** Percent of the last `requests` requests to the second proxy since the step has acted. */
  | {
      readonly kind: 'second-proxy';
      readonly version: string;
      readonly percent: number;
      readonly requests: number;
    }
  | { readonly kind: 'address-mistake' }
  /** Percent of the last `requests` answered visitor requests since the step has acted. */
  | {
      readonly kind: 'share';
      readonly of: ShareOf;
      /** Of these requests only; what is left out may be anything. */
      readonly among?: Among;
      readonly percent: number;
      readonly tolerance: number;
      readonly requests: number;
    }
  /**
   * How often the button was pressed, for each page that the version showed these visitors since the step
   * has acted: at least `times` as often as with the other version.
   */
  | {
      readonly kind: 'engagement';
      readonly version: string;
      readonly than: string;
      readonly times: number;
      readonly visitors: readonly string[];
      readonly visits: number;
    }
  | { readonly kind: 'machine'; readonly machine: string; readonly look: MachineLook }
  | { readonly kind: 'backend'; readonly machine: string; readonly look: BackendLook }
  /** The proxy was seen to count failed health checks of a machine that it still called healthy. */
  | { readonly kind: 'countdown'; readonly machine: string; readonly atLeast: number }
  /** An event of the proxy since the step began. */
  | {
      readonly kind: 'event';
      readonly event: ProxyEventKind;
      readonly atLeast: number;
      /** Only events about this machine's backend. */
      readonly machine?: string;
    }
  /** The last `requests` requests of this visitor since the step has acted. */
  | {
      readonly kind: 'sees';
      readonly visitor: string;
      readonly look: AnswerLook;
      readonly requests: number;
    }
  /** The last `requests` requests of this visitor since the step has acted met one machine. */
  | { readonly kind: 'sticky'; readonly visitor: string; readonly requests: number }
  /** Requests of visitors since the step began that were answered with this status. */
  | { readonly kind: 'answered'; readonly code: number; readonly atLeast: number }
  /** The longest wait of a visitor since the step began. */
  | {
      readonly kind: 'waited';
      readonly atLeastMs?: number;
      readonly atMostMs?: number;
      readonly visitor?: string;
    }
  /** Client connections that the proxy has, of all visitors and whoever else came. */
  | { readonly kind: 'clients'; readonly atLeast?: number; readonly atMost?: number }
  /** Memory of the proxy's processes, compared with the start of the step. */
  | { readonly kind: 'memory'; readonly growsAtMostMiB: number }
  /** How the latest stop of the proxy in the step went for requests that were under way. */
  | { readonly kind: 'stopped'; readonly how: 'soft' | 'hard' }
  /** Requests of visitors since the step began that were under way and got no complete answer. */
  | { readonly kind: 'cut'; readonly atLeast: number }
  /** The proxy's processes, compared with those at the start of the step. */
  | {
      readonly kind: 'processes';
      readonly are: 'the-same' | 'new-workers' | 'all-new';
    }
  /** The proxy's config file says what runs, or not. */
  | { readonly kind: 'file'; readonly says: 'what-runs' | 'something-else' }
  /** So many lines of this log, about requests since the step has acted, hold the text. */
  | {
      readonly kind: 'logged';
      readonly source: string;
      readonly text: string;
      readonly atLeast: number;
    }
  /** The last `lines` such lines took at least, or at most, so long. */
  | {
      readonly kind: 'log-took';
      readonly source: string;
      /** Only lines about requests of this visitor. */
      readonly visitor?: string;
      readonly atLeastMs?: number;
      readonly atMostMs?: number;
      readonly lines: number;
    }
  /**
   * So many requests of the visitor since the step has acted are in all of these logs, under one
   * request id or even under one trace.
   */
  | {
      readonly kind: 'traced';
      readonly visitor: string;
      readonly by: 'request' | 'trace';
      readonly sources: readonly string[];
      readonly requests: number;
    }
  /** None of at least `lines` such lines holds the text. */
  | {
      readonly kind: 'not-logged';
      readonly source: string;
      readonly text: string;
      readonly lines: number;
    };
