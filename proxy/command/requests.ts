/**
 * Every change of the proxy is one of these requests; so are the config file, the saved state and
 * the list that brings a new worker up to date. Sōzu's best idea: state is a fold over requests.
 */
import type { AnswerTemplate } from '../http1/answer-template.ts';

/** Times are milliseconds, sizes are bytes. `address` is `ip:port` or `[ipv6]:port`. */
export interface Listener {
  /** Identity of the listener as well as the place it accepts on. */
  readonly address: string;
  readonly protocol: 'http';
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
}

export interface Cluster {
  readonly id: string;
  readonly loadBalancing: 'round-robin';
  /** Replaces the listener's answer of the same status. */
  readonly answers: Readonly<Record<string, AnswerTemplate>>;
}

/** listener + host + path → cluster. `hostname` is lower case, without port. */
export interface Frontend {
  readonly listener: string;
  readonly hostname: string;
  /** Byte prefix of the path; '' matches everything. */
  readonly pathPrefix: string;
  readonly clusterId: string;
}

export interface Backend {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
}

/** Changes of state; the main process applies them to its own state and then on every worker. */
export type StateRequest =
  | { readonly kind: 'add-listener'; readonly listener: Listener }
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

/** Questions and orders that leave the state alone. */
export type ControlRequest =
  | { readonly kind: 'status' }
  | { readonly kind: 'list-backends'; readonly clusterId?: string }
  | { readonly kind: 'list-clusters' }
  | { readonly kind: 'dump-state' }
  | { readonly kind: 'subscribe-events' }
  | { readonly kind: 'soft-stop' }
  | { readonly kind: 'hard-stop' };

/** The 2017 spelling has no backend id: the main process finds or makes one. */
export interface AddBackendByAddress {
  readonly kind: 'add-backend';
  readonly backend: Omit<Backend, 'backendId'> & { readonly backendId?: string | undefined };
}

export type ProxyRequest = StateRequest | AddBackendByAddress | ControlRequest;
