/** What a lab's proxy has in its configuration, as data; the keys are those of the configuration. */
export type ConfigValue =
  | string
  | number
  | boolean
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue };
export type ConfigTable = Readonly<Record<string, ConfigValue>>;

/** A cluster beside `webapp`. */
export interface ClusterPlan<M extends string> {
  /** Further keys of each, such as `path`; the address is the listener's. */
  readonly frontends: readonly ({ readonly hostname: string } & ConfigTable)[];
  readonly backends: readonly M[];
  readonly keys?: ConfigTable;
}

/** Everything may be left out. */
export interface ProxyPlan<M extends string> {
  /** Default 2. */
  readonly workers?: number;
  /** Keys of the top level, such as `max_connections_total`. */
  readonly top?: ConfigTable;
  /** Keys of the listener. */
  readonly listener?: ConfigTable;
  /** Keys of the cluster `webapp`, such as `health_check`. */
  readonly cluster?: ConfigTable;
  /** Frontends of the cluster `webapp`; default: host `localhost`, every path. */
  readonly frontends?: readonly ({ readonly hostname: string } & ConfigTable)[];
  /** Keys of single backends, such as `weight`. */
  readonly backends?: Readonly<Partial<Record<M, ConfigTable>>>;
  /** Slips in the file: this backend is written with the address of that machine. */
  readonly wrongAddresses?: Readonly<Partial<Record<M, M>>>;
  readonly clusters?: Readonly<Record<string, ClusterPlan<M>>>;
  /** A Prometheus beside the proxy reads its metrics once a second; where there is none, a stand-in does. */
  readonly monitor?: boolean;
  /** A second proxy in front: visitors reach it, and it passes everything on to the lab's own. */
  readonly edge?: EdgePlan;
}

/** Everything may be left out, as in `ProxyPlan`. */
export interface EdgePlan {
  readonly workers?: number;
  readonly top?: ConfigTable;
  readonly listener?: ConfigTable;
  readonly cluster?: ConfigTable;
}
