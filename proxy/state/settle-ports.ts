/** Port 0 of a config file, once the system has picked a port: the file means that one from then on. */
import type { StateRequest } from '../command/requests.ts';
import { parseAddress } from '../shared/address.ts';
import type { ConfigState } from './config-state.ts';

/** A listener on port 0 is the running one on the same IP that the file does not name otherwise. */
export function settlePorts(
  requests: readonly StateRequest[],
  running: ConfigState,
): readonly StateRequest[] {
  const named = requests.flatMap(each =>
    each.kind === 'add-listener' ? each.listener.address : [],
  );
  if (!named.some(isOpen)) return requests;
  const free = [...running.listeners.keys()].filter(address => !named.includes(address));
  const chosen = new Map<string, string>();
  for (const address of named.filter(isOpen)) {
    const found = free.findIndex(each => ipOf(each) === ipOf(address));
    const [real] = found === -1 ? [] : free.splice(found, 1);
    if (real !== undefined) chosen.set(address, real);
  }
  return requests.map(request => atRealAddress(request, chosen));
}

function atRealAddress(request: StateRequest, chosen: ReadonlyMap<string, string>): StateRequest {
  if (request.kind === 'add-listener') {
    const { listener } = request;
    const address = chosen.get(listener.address) ?? listener.address;
    return { ...request, listener: { ...listener, address } };
  }
  if (request.kind !== 'add-frontend') return request;
  const { frontend } = request;
  const listener = chosen.get(frontend.listener) ?? frontend.listener;
  return { ...request, frontend: { ...frontend, listener } };
}

function isOpen(address: string): boolean {
  return address.endsWith(':0');
}

function ipOf(address: string): string {
  const parsed = parseAddress(address);
  return parsed.ok ? parsed.value.ip : address;
}
