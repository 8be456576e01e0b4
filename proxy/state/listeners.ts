/** How requests change the listeners of a state. */
import { isDeepStrictEqual } from 'node:util';
import { frontendKey } from '../command/frontend-identity.ts';
import type { Listener, StateRequest } from '../command/requests.ts';
import type { ProxyError } from '../shared/errors.ts';
import { suggest } from '../shared/nearest.ts';
import { ok, type Result } from '../shared/result.ts';
import type { ConfigState } from './config-state.ts';
import { done, exists, invalid, missing, noted, type Outcome } from './outcome.ts';
import { put, take, undoAll } from './undoable-map.ts';

type Switch = Extract<StateRequest, { kind: 'activate-listener' | 'deactivate-listener' }>;

export function addListener(state: ConfigState, wanted: Listener): Outcome {
  const { address } = wanted;
  if (state.listeners.has(address)) return exists(`there is already a listener on ${address}`);
  const listener = switched(wanted, wanted.active !== false);
  if (listener.active === false && address.endsWith(':0')) {
    return invalid(`listener ${address}: one that is not active needs a port of its own`);
  }
  return done({ kind: 'add-listener', listener }, put(state.listeners, address, listener));
}

export function updateListener(state: ConfigState, wanted: Listener): Outcome {
  const found = findListener(state, wanted.address);
  if (!found.ok) return found;
  const listener = switched(wanted, isActive(found.value));
  const undo = put(state.listeners, wanted.address, listener);
  const request = { kind: 'update-listener', listener } as const;
  return isDeepStrictEqual(found.value, listener)
    ? noted(request, 'nothing differs', undo)
    : done(request, undo);
}

export function removeListener(state: ConfigState, address: string): Outcome {
  const found = findListener(state, address);
  if (!found.ok) return found;
  const frontends = [...state.frontends.values()].filter(each => each.listener === address);
  const undos = frontends.map(frontend => take(state.frontends, frontendKey(frontend)));
  undos.push(take(state.listeners, address));
  const undo = (): void => undoAll(undos);
  const effects: StateRequest[] = [
    ...frontends.map(frontend => ({ kind: 'remove-frontend', frontend }) as const),
    { kind: 'remove-listener', address },
  ];
  if (frontends.length === 0) return ok({ effects, undo });
  const note =
    frontends.length === 1
      ? 'its frontend went with it'
      : `its ${frontends.length} frontends went with it`;
  return ok({ effects, note, undo });
}

export function switchListener(state: ConfigState, request: Switch): Outcome {
  const found = findListener(state, request.address);
  if (!found.ok) return found;
  const active = request.kind === 'activate-listener';
  if (isActive(found.value) === active) {
    return exists(`listener ${request.address} is ${active ? 'active' : 'not active'} already`);
  }
  return done(request, put(state.listeners, request.address, switched(found.value, active)));
}

export function isActive({ active = true }: Listener): boolean {
  return active;
}

export function findListener(state: ConfigState, address: string): Result<Listener, ProxyError> {
  const listener = state.listeners.get(address);
  if (listener !== undefined) return ok(listener);
  return missing(
    `there is no listener on ${address}${suggest(address, [...state.listeners.keys()])}`,
  );
}

/** One spelling for one thing: that it is active is never written down. */
export function switched({ active: _, ...rest }: Listener, active: boolean): Listener {
  return active ? rest : { ...rest, active };
}
