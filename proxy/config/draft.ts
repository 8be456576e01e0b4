/** What both dialects of the file are decoded into, with the place of every part. */
import type { Backend, Cluster, Frontend, Listener } from '../command/requests.ts';
import type { KeyPath } from './findings.ts';

export interface Placed<T> {
  readonly value: T;
  readonly path: KeyPath;
}

export interface Draft {
  readonly listeners: Placed<Listener>[];
  readonly clusters: Placed<Cluster>[];
  readonly backends: Placed<Backend>[];
  readonly frontends: Placed<Frontend>[];
}

export function emptyDraft(): Draft {
  return { listeners: [], clusters: [], backends: [], frontends: [] };
}
