/** A state as named parts, so that two or three states can be compared part by part. */
import { describeFrontend, frontendKey } from '../command/frontend-identity.ts';
import type {
  Backend,
  Cluster,
  DataPlaneSettings,
  Frontend,
  Listener,
} from '../command/requests.ts';
import { type ConfigState, emptyState } from './config-state.ts';

export type Part =
  | { readonly kind: 'settings'; readonly value: DataPlaneSettings }
  | { readonly kind: 'listener'; readonly value: Listener }
  | { readonly kind: 'cluster'; readonly value: Cluster }
  | { readonly kind: 'backend'; readonly value: Backend }
  | { readonly kind: 'frontend'; readonly value: Frontend };

/** By a key that is the same in every state; in the order of the state. */
export type Parts = ReadonlyMap<string, Part>;

export function partsOf(state: ConfigState): Parts {
  const parts = new Map<string, Part>();
  const add = (part: Part): void => void parts.set(partKey(part), part);
  add({ kind: 'settings', value: state.settings });
  for (const value of state.listeners.values()) add({ kind: 'listener', value });
  for (const { cluster, backends } of state.clusters.values()) {
    add({ kind: 'cluster', value: cluster });
    for (const value of backends.values()) add({ kind: 'backend', value });
  }
  for (const value of state.frontends.values()) add({ kind: 'frontend', value });
  return parts;
}

/** Backends and frontends whose cluster or listener is not among the parts are left out. */
export function stateOfParts(parts: Iterable<Part>): ConfigState {
  const state = emptyState();
  const all = [...parts];
  for (const part of all) {
    if (part.kind === 'settings') state.settings = part.value;
    else if (part.kind === 'listener') state.listeners.set(part.value.address, part.value);
    else if (part.kind === 'cluster') {
      state.clusters.set(part.value.id, { cluster: part.value, backends: new Map() });
    }
  }
  for (const part of all) {
    if (!hasItsPlace(state, part)) continue;
    if (part.kind === 'backend') {
      state.clusters.get(part.value.clusterId)?.backends.set(part.value.backendId, part.value);
    } else if (part.kind === 'frontend') state.frontends.set(frontendKey(part.value), part.value);
  }
  return state;
}

/** Its cluster and its listener are there. */
export function hasItsPlace(state: ConfigState, { kind, value }: Part): boolean {
  if (kind === 'backend') return state.clusters.has(value.clusterId);
  if (kind !== 'frontend') return true;
  const { clusterId, listener } = value;
  return state.listeners.has(listener) && (clusterId === null || state.clusters.has(clusterId));
}

/** NUL cannot be part of an id or an address. */
export function partKey({ kind, value }: Part): string {
  switch (kind) {
    case 'settings':
      return kind;
    case 'listener':
      return `${kind}\0${value.address}`;
    case 'cluster':
      return `${kind}\0${value.id}`;
    case 'backend':
      return `${kind}\0${value.clusterId}\0${value.backendId}`;
    default:
      return `${kind}\0${frontendKey(value)}`;
  }
}

/** As people call it: `backend b1 (127.0.0.1:81) of cluster web`. */
export function describePart({ kind, value }: Part): string {
  switch (kind) {
    case 'settings':
      return 'settings of the proxy';
    case 'listener':
      return `listener ${value.address}`;
    case 'cluster':
      return `cluster ${value.id}`;
    case 'backend':
      return `backend ${describeBackend(value)} of cluster ${value.clusterId}`;
    default:
      return `${describeFrontend(value)} → ${value.clusterId ?? 'refused'}`;
  }
}

function describeBackend({ backendId, address }: Backend): string {
  return backendId === address ? address : `${backendId} (${address})`;
}
