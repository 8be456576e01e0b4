/** A state as the requests that make it: what a new worker is told. */
import type { StateRequest } from '../command/requests.ts';
import type { ConfigState } from './config-state.ts';

/** Backends come before the frontends that lead to them: no moment in which a host has nobody. */
export function replay(state: ConfigState): StateRequest[] {
  const clusters = [...state.clusters.values()];
  const settings: StateRequest[] =
    Object.keys(state.settings).length === 0
      ? []
      : [{ kind: 'configure', settings: state.settings }];
  return [
    ...settings,
    ...[...state.listeners.values()].map(listener => ({ kind: 'add-listener', listener }) as const),
    ...clusters.map(({ cluster }) => ({ kind: 'add-cluster', cluster }) as const),
    ...clusters.flatMap(({ backends }) =>
      [...backends.values()].map(backend => ({ kind: 'add-backend', backend }) as const),
    ),
    ...[...state.frontends.values()].map(frontend => ({ kind: 'add-frontend', frontend }) as const),
  ];
}
