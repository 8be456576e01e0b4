/** What the proxy is configured to do: the sum of all requests so far. */
import type { Backend, Cluster, Frontend, Listener } from '../command/requests.ts';

/** Changed only by `apply`. Maps keep 10,000 clusters cheap, and a change costs no copy. */
export interface ConfigState {
  /** By address. */
  readonly listeners: Map<string, Listener>;
  /** By id. */
  readonly clusters: Map<string, ClusterState>;
  /** By `frontendKey`. */
  readonly frontends: Map<string, Frontend>;
}

export interface ClusterState {
  readonly cluster: Cluster;
  /** By backend id. */
  readonly backends: Map<string, Backend>;
}

export function emptyState(): ConfigState {
  return { listeners: new Map(), clusters: new Map(), frontends: new Map() };
}

/** NUL cannot be part of an address, a host or a path. */
export function frontendKey(frontend: Frontend): string {
  return `${frontend.listener}\0${frontend.hostname}\0${frontend.pathPrefix}`;
}
