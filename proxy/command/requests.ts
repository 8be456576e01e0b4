/**
 * Every change of the proxy is one of these requests; so are the config file, the saved state and
 * the list that brings a new worker up to date. Sōzu's best idea: state is a fold over requests.
 */
import type { AnswerTemplate } from '../http1/answer-template.ts';
import type { LogLevel } from '../shared/log-level.ts';
import type { ControlRequest } from './control-requests.ts';
import type { FileRequest } from './file-requests.ts';

/**
 * Times are milliseconds, sizes are bytes, shares are percent. `address` is `ip:port` or
 * `[ipv6]:port`. An absent key has the default that its comment names.
 */
export interface Listener {
  /** Identity of the listener as well as the place it accepts on. */
  readonly address: string;
  readonly protocol: 'http';
  /** False: it is known, and nobody listens there. Default true. */
  readonly active?: boolean;
  /** Answers by status code that replace the built-in ones. */
  readonly answers: Readonly<Record<string, AnswerTemplate>>;
  /** Most idle time of a client connection, between and within requests. Default 60,000. */
  readonly frontTimeoutMs: number;
  /** Most silence of a backend once connected. Default 30,000. */
  readonly backTimeoutMs: number;
  /** Most time for one TCP connect. Default 3,000. */
  readonly connectTimeoutMs: number;
  /** Most time until the request head is complete. Default 10,000. */
  readonly requestTimeoutMs: number;
  /** Most time to find a backend that answers, over all attempts. Default 10,000. */
  readonly tryDeadlineMs: number;
  /** Most client connections per worker. Default 10,000. */
  readonly maxConnections: number;
  /** Most time until a request's body is complete, from its head on. Default 0: none. */
  readonly bodyTimeoutMs?: number;
  /** Most time from a complete request head to the end of its answer. Default 0: none. */
  readonly totalTimeoutMs?: number;
  /** Longest body of a request; longer is 413. Default 0: any length. */
  readonly maxBodyBytes?: number;
  /** Name of the cookie of sticky sessions. Default `RELAISBALANCEID`. */
  readonly stickyName?: string;
  /** A second field that carries the request id, both ways, as Sōzu's `Sozu-Id`. Default none. */
  readonly requestIdField?: string;
  /** A request without a traceparent begins a sampled trace. Default false: its backend decides. */
  readonly createTrace?: boolean;
  /** Peers, as addresses or CIDR blocks, whose X-Forwarded-* and Forwarded are believed. Default none. */
  readonly trustedProxies?: readonly string[];
  /** What becomes of X-Real-IP. Default `keep`. */
  readonly realIp?: 'keep' | 'elide' | 'send' | 'elide-and-send';
  /** Requests per second and client address; more are 429. Default none. */
  readonly clientRate?: Rate;
  /** Requests whose target or fields match one of these are 403. Default none. */
  readonly deny?: readonly DenyRule[];
}

/** A token bucket: `perSecond` on average, `burst` at once (default: `perSecond`, at least 1). */
export interface Rate {
  readonly perSecond: number;
  readonly burst?: number;
}

/** Something that is searched in the target and the field values, raw and percent-decoded. */
export interface DenyRule {
  /** Shown in the log, never to the client. */
  readonly name: string;
  /** RE2 syntax, case does not count. Absent: the rule of this name that comes with the proxy. */
  readonly pattern?: string;
  /** Default `both`. */
  readonly in?: 'target' | 'fields' | 'both';
}

export type LoadBalancing =
  | 'round-robin'
  | 'random'
  | 'least-connections'
  | 'least-requests'
  | 'peak-ewma'
  | 'two-choices'
  | 'rendezvous'
  | 'maglev';

export interface Cluster {
  readonly id: string;
  readonly loadBalancing: LoadBalancing;
  /** Replaces the listener's answer of the same status. */
  readonly answers: Readonly<Record<string, AnswerTemplate>>;
  /** What `two-choices` compares. Default `requests`. */
  readonly loadMetric?: 'connections' | 'requests' | 'connection-time';
  /** What `rendezvous` and `maglev` hash. Default `client-ip`. */
  readonly hashKey?: HashKey;
  /** A visitor stays with the backend that served them first. Default false. */
  readonly stickySession?: boolean;
  /** Attributes of the sticky cookie. Default `HttpOnly; SameSite=Lax`. */
  readonly stickyAttributes?: string;
  /** A backend that came back gets its full share only after this time. Default 0: at once. */
  readonly slowStartMs?: number;
  /** Absent: backends are not probed. */
  readonly healthCheck?: HealthCheck;
  /** All backends unhealthy: send to all of them rather than answer 503. Default true, as in Sōzu. */
  readonly failOpen?: boolean;
  /** Less than this share of the backends available: send to all of them. Default 0: never. */
  readonly panicThreshold?: number;
  readonly breaker?: BreakerOptions;
  readonly retry?: RetryOptions;
  /** Client connections per client address with requests in this cluster; more are 429. Default 0: any. */
  readonly maxConnectionsPerIp?: number;
  /** Requests in progress over all workers; more are 429. Default 0: any. */
  readonly maxRequests?: number;
  /** Requests per second of all clients together; more are 429. Default none. */
  readonly requestRate?: Rate;
  /** Seconds that Retry-After of a 429 names; 0 leaves it out. Default 60. */
  readonly retryAfterSeconds?: number;
}

/** `header:NAME` and `cookie:NAME` fall back to the client's address when the request has none. */
export type HashKey = 'client-ip' | 'host' | 'path' | `header:${string}` | `cookie:${string}`;

/** Of active health checks. */
export interface HealthCheck {
  readonly uri: string;
  /** Default 10,000. */
  readonly intervalMs?: number;
  /** Default 5,000. */
  readonly timeoutMs?: number;
  /** Successes in a row that make a backend healthy ("rise"). Default 3. */
  readonly healthyThreshold?: number;
  /** Failures in a row that make it unhealthy ("fall"). Default 3. */
  readonly unhealthyThreshold?: number;
  /** Default 0: any 2xx. */
  readonly expectedStatus?: number;
}

export interface BreakerOptions {
  /** Failures in a row that open it. Default 3. */
  readonly failureThreshold?: number;
  /** Doubles with every opening. Default 1,000. */
  readonly firstWaitMs?: number;
  /** Default 30,000. */
  readonly longestWaitMs?: number;
  /** An answer that does not begin within the back timeout counts as a failure. Default false. */
  readonly countTimeouts?: boolean;
  /** This share of 5xx answers opens it. Default 0: answers do not count. */
  readonly errorPercent?: number;
  /** Answers in `errorWindowMs` before the share counts. Default 20. */
  readonly errorMinRequests?: number;
  /** Default 10,000. */
  readonly errorWindowMs?: number;
}

export interface RetryOptions {
  /** Also ask another backend when an idempotent request was answered 502, 503 or 504. Default false. */
  readonly onError?: boolean;
  /** Most retries as a share of the requests of the last ten seconds. Default 20; 100: no limit. */
  readonly budgetPercent?: number;
  /** Retries per second that are always allowed. Default 10. */
  readonly budgetMinPerSecond?: number;
}

/** listener + host + path + method → cluster. */
export interface Frontend {
  readonly listener: string;
  /** Lower case, without port: exact, `*.example.org` (one label), `/regex/.example.org`, or `*`. */
  readonly hostname: string;
  /** As `pathKind` says; '' matches everything. */
  readonly path: string;
  /** `segment`: a prefix that ends where a segment ends. Default `prefix`, byte for byte. */
  readonly pathKind?: 'prefix' | 'segment' | 'equals' | 'regex';
  /** Default: every method. */
  readonly method?: string;
  /** `pre` before and `post` behind all `tree` frontends, each in the order they were added. Default `tree`. */
  readonly position?: 'pre' | 'tree' | 'post';
  /** null: the request is refused, 401 as in Sōzu. */
  readonly clusterId: string | null;
  /** Shown in the access log. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Backend {
  readonly clusterId: string;
  readonly backendId: string;
  /** Also `name:port`: every address that the name has, looked up again and again. */
  readonly address: string;
  /** 0–1000, relative to the others; 0: no new request. Default 100. */
  readonly weight?: number;
  /** Used only when no other backend of the cluster can be. Default false. */
  readonly backup?: boolean;
  /** Value of the sticky cookie. Default: the backend id. */
  readonly stickyId?: string;
  /** Version of the application, for metrics and the access log. */
  readonly version?: string;
  /** Fields that its requests get, in place of what the client sent under these names. Default none. */
  readonly requestFields?: Readonly<Record<string, string>>;
  /** Its requests ask for this path instead of the client's; their query stays. Default: the client's. */
  readonly replacePath?: string;
  /** Default true; false: every request has a connection of its own. */
  readonly reuseConnections?: boolean;
  /**
   * `drain`: no new request, not even of visitors who come back; what runs ends, health checks go on.
   * `maint`: the same, and no health checks. Default: ready.
   */
  readonly admin?: 'drain' | 'maint';
}

export type LogTarget = 'stdout' | { readonly file: string };

/** What concerns all listeners and workers. */
export interface DataPlaneSettings {
  /** Client connections of all workers together. Default 0: only the workers' own limits. */
  readonly maxConnections?: number;
  /** At a limit, the connections that were idle longest make room. Default false. */
  readonly evictOnFull?: boolean;
  /** Of every cluster that does not say otherwise. Default 0: any. */
  readonly maxConnectionsPerIp?: number;
  /** Of the main process. Default `info`. */
  readonly logLevel?: LogLevel;
  /** Of the main process: `stdout` or an absolute path. Default `stdout`. */
  readonly logTarget?: LogTarget;
  /** False: requests are counted by listener only, not by cluster and backend. Default true. */
  readonly clusterMetrics?: boolean;
  /** Default none. */
  readonly accessLog?: {
    /** `stdout` or an absolute path. */
    readonly target: LogTarget;
    readonly format: 'json' | 'ascii';
  };
}

/** Changes of state; the main process applies them to its own state and then on every worker. */
export type StateRequest =
  /** Replaces all settings. */
  | { readonly kind: 'configure'; readonly settings: DataPlaneSettings }
  | { readonly kind: 'add-listener'; readonly listener: Listener }
  /** Everything but its address and whether it is active. */
  | { readonly kind: 'update-listener'; readonly listener: Listener }
  /** Takes its frontends along; requests in progress end first. */
  | { readonly kind: 'remove-listener'; readonly address: string }
  | { readonly kind: 'activate-listener'; readonly address: string }
  /** Its frontends stay, and so do the connections that are open. */
  | { readonly kind: 'deactivate-listener'; readonly address: string }
  | { readonly kind: 'add-cluster'; readonly cluster: Cluster }
  | { readonly kind: 'remove-cluster'; readonly clusterId: string }
  | { readonly kind: 'add-frontend'; readonly frontend: Frontend }
  | { readonly kind: 'remove-frontend'; readonly frontend: Frontend }
  | { readonly kind: 'add-backend'; readonly backend: Backend }
  | {
      readonly kind: 'remove-backend';
      readonly clusterId: string;
      readonly address: string;
      /** Absent (the 2017 spelling): every backend of the cluster at this address. */
      readonly backendId?: string;
    };

/** The 2017 spelling has no backend id: the main process finds or makes one. */
export interface AddBackendByAddress {
  readonly kind: 'add-backend';
  readonly backend: Omit<Backend, 'backendId'> & { readonly backendId?: string | undefined };
}

/** The 2017 spelling has no listener: the main process takes the only one that there is. */
export interface FrontendAnywhere {
  readonly kind: 'add-frontend' | 'remove-frontend';
  readonly frontend: Omit<Frontend, 'listener'> & { readonly listener?: string | undefined };
}

/** A cluster of this name is made when there is none; the main process makes an `add-cluster` of it. */
export interface KeepCluster {
  readonly kind: 'keep-cluster';
  readonly clusterId: string;
  /** Absent: as it is, or false. */
  readonly stickySession?: boolean;
}

/** The main process makes an `add-backend` of it that keeps everything else. */
export interface SetWeight {
  readonly kind: 'set-weight';
  readonly clusterId: string;
  readonly address: string;
  /** Absent: the backend at this address. */
  readonly backendId?: string;
  readonly weight: number;
}

/** The main process makes an `add-backend` of it that keeps everything else. */
export interface SetBackendAdmin {
  readonly kind: 'set-backend-admin';
  readonly clusterId: string;
  readonly address: string;
  /** Absent: the only backend at this address. */
  readonly backendId?: string;
  readonly admin: 'ready' | 'drain' | 'maint';
  /** What is left of its requests after this time is cut. Absent: never. Not in a transaction. */
  readonly deadlineMs?: number;
  /**
   * Answered when no worker has a request of it in progress any more, with `processing` before.
   * Default false: when all workers know it. Not in a transaction.
   */
  readonly wait?: boolean;
  /**
   * Only `ready`: as soon as health checks from now on have passed, and not at all when they fail
   * or have not passed in this time. Not in a transaction.
   */
  readonly whenHealthyMs?: number;
}

/** The main process makes an `update-listener` of it that keeps everything else. */
export interface PatchListener {
  readonly kind: 'patch-listener';
  readonly address: string;
  /** Of `answers`, those that are not named stay. */
  readonly changes: ListenerChanges;
  /** Keys that get their default again, and `answers.STATUS`. */
  readonly reset?: readonly string[];
}

/** The main process makes an `add-cluster` of it that keeps everything else. */
export interface PatchCluster {
  readonly kind: 'patch-cluster';
  readonly clusterId: string;
  /** Of `answers`, those that are not named stay. */
  readonly changes: Partial<Omit<Cluster, 'id'>>;
  /** Keys that get their default again, and `answers.STATUS`. */
  readonly reset?: readonly string[];
}

/** The main process makes a `configure` of it that keeps everything else. */
export interface PatchSettings {
  readonly kind: 'patch-settings';
  readonly changes: DataPlaneSettings;
  /** Keys that get their default again. */
  readonly reset?: readonly string[];
}

/** Changes that the main process completes from what there is. */
export type Patch = SetWeight | SetBackendAdmin | PatchListener | PatchCluster | PatchSettings;

export type ListenerChanges = Partial<Omit<Listener, 'address' | 'protocol' | 'active'>>;

/** What a client may ask to be changed. */
export type ChangeRequest =
  | StateRequest
  | AddBackendByAddress
  | FrontendAnywhere
  | KeepCluster
  | Patch;

/** All of them are done, on every worker, or none is. */
export interface Transaction {
  readonly kind: 'transaction';
  readonly requests: readonly ChangeRequest[];
}

export type ProxyRequest = ChangeRequest | Transaction | FileRequest | ControlRequest;
