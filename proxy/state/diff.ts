/** The requests that turn one state into another, in an order that never leaves a host without backends. */
import { isDeepStrictEqual } from 'node:util';
import type { Backend, StateRequest } from '../command/requests.ts';
import type { ConfigState } from './config-state.ts';
import { frontendChanges } from './frontend-changes.ts';
import { isActive } from './listeners.ts';

export function diff(from: ConfigState, to: ConfigState): readonly StateRequest[] {
  return [
    ...changedSettings(from, to),
    ...newListeners(from, to),
    ...changedListeners(from, to),
    ...changedClusters(from, to),
    ...backendChanges(from, to),
    ...frontendChanges(from.frontends, to.frontends),
    ...switchedListeners(from, to),
    ...goneListeners(from, to),
    ...goneBackends(from, to),
    ...goneClusters(from, to),
  ];
}

function changedSettings(from: ConfigState, to: ConfigState): StateRequest[] {
  if (isDeepStrictEqual(from.settings, to.settings)) return [];
  return [{ kind: 'configure', settings: to.settings }];
}

function newListeners(from: ConfigState, to: ConfigState): StateRequest[] {
  return [...to.listeners.values()]
    .filter(({ address }) => !from.listeners.has(address))
    .map(listener => ({ kind: 'add-listener', listener }));
}

function changedListeners(from: ConfigState, to: ConfigState): StateRequest[] {
  return [...to.listeners.values()].flatMap((listener): StateRequest[] => {
    const before = from.listeners.get(listener.address);
    if (before === undefined) return [];
    const same = isDeepStrictEqual({ ...before, active: true }, { ...listener, active: true });
    return same ? [] : [{ kind: 'update-listener', listener }];
  });
}

function switchedListeners(from: ConfigState, to: ConfigState): StateRequest[] {
  return [...to.listeners.values()].flatMap((listener): StateRequest[] => {
    const { address } = listener;
    const before = from.listeners.get(address);
    if (before === undefined || isActive(before) === isActive(listener)) return [];
    return [{ kind: isActive(listener) ? 'activate-listener' : 'deactivate-listener', address }];
  });
}

/** Behind the frontends, which have left by then. */
function goneListeners(from: ConfigState, to: ConfigState): StateRequest[] {
  return [...from.listeners.keys()]
    .filter(address => !to.listeners.has(address))
    .map(address => ({ kind: 'remove-listener', address }));
}

function changedClusters(from: ConfigState, to: ConfigState): StateRequest[] {
  return [...to.clusters.values()]
    .filter(({ cluster }) => !isDeepStrictEqual(cluster, from.clusters.get(cluster.id)?.cluster))
    .map(({ cluster }) => ({ kind: 'add-cluster', cluster }));
}

/** A backend that moved leaves its old address just before it takes the new one. */
function backendChanges(from: ConfigState, to: ConfigState): StateRequest[] {
  return backends(to).flatMap((backend): StateRequest[] => {
    const before = from.clusters.get(backend.clusterId)?.backends.get(backend.backendId);
    if (isDeepStrictEqual(before, backend)) return [];
    const add = { kind: 'add-backend', backend } as const;
    const moved = before !== undefined && before.address !== backend.address;
    return moved ? [removal(before), add] : [add];
  });
}

function goneBackends(from: ConfigState, to: ConfigState): StateRequest[] {
  return backends(from)
    .filter(({ clusterId, backendId }) => !to.clusters.get(clusterId)?.backends.has(backendId))
    .map(removal);
}

function goneClusters(from: ConfigState, to: ConfigState): StateRequest[] {
  return [...from.clusters.keys()]
    .filter(clusterId => !to.clusters.has(clusterId))
    .map(clusterId => ({ kind: 'remove-cluster', clusterId }));
}

function backends(state: ConfigState): Backend[] {
  return [...state.clusters.values()].flatMap(each => [...each.backends.values()]);
}

function removal({ clusterId, address, backendId }: Backend): StateRequest {
  return { kind: 'remove-backend', clusterId, address, backendId };
}
