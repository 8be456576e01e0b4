/** What the proxy is configured to do: the sum of all requests so far. */
import type {
  Backend,
  Cluster,
  DataPlaneSettings,
  Frontend,
  Listener,
} from '../command/requests.ts';

/** Changed only by `apply`. Maps keep 10,000 clusters cheap, and a change costs no copy. */
export interface ConfigState {
  settings: DataPlaneSettings;
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
  return { settings: {}, listeners: new Map(), clusters: new Map(), frontends: new Map() };
}

/** Changes of the copy leave the original alone; what does not change is shared. */
export function copyState({ settings, listeners, clusters, frontends }: ConfigState): ConfigState {
  return {
    settings,
    listeners: new Map(listeners),
    clusters: new Map(
      [...clusters].map(([id, { cluster, backends }]) => [
        id,
        { cluster, backends: new Map(backends) },
      ]),
    ),
    frontends: new Map(frontends),
  };
}
