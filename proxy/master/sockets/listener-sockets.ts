/** Listening sockets follow the listeners of the state: bound before a change, closed behind it. */
import type { ChangeRequest, Listener, StateRequest } from '../../command/requests.ts';
import type { ConfigState } from '../../state/config-state.ts';
import { isActive } from '../../state/listeners.ts';
import { type ListeningSocket, openListeningSocket } from './listening-sockets.ts';

/** What the change queue needs of them. */
export interface ChangeSockets {
  /**
   * Binds what active listeners among the requests lack. The requests, with the ports that the
   * kernel chose where 0 was asked for.
   * @throws {ProxyError} PROXY_ADDRESS_IN_USE with the program that has it; then none is bound.
   */
  open(requests: readonly ChangeRequest[], state: ConfigState): Promise<readonly ChangeRequest[]>;
  /** Those that workers must begin to accept on. */
  startedBy(requests: readonly StateRequest[], state: ConfigState): readonly ListeningSocket[];
  /** Workers have closed theirs. */
  closeUnused(state: ConfigState): void;
}

export class ListenerSockets implements ChangeSockets {
  readonly #bound = new Map<string, ListeningSocket>();

  get addresses(): readonly string[] {
    return [...this.#bound.keys()];
  }

  all(): Iterable<ListeningSocket> {
    return this.#bound.values();
  }

  /** `inherited` loses those that are taken. */
  async open<R extends ChangeRequest>(
    requests: readonly R[],
    state: ConfigState,
    inherited: ListeningSocket[] = [],
  ): Promise<R[]> {
    const chosen = new Map<string, ListeningSocket>();
    try {
      for (const request of requests) {
        const address = opensAt(request, state);
        if (address === undefined || this.#bound.has(address) || chosen.has(address)) continue;
        chosen.set(address, await openListeningSocket(address, inherited));
      }
    } catch (error) {
      for (const { handle } of chosen.values()) handle.close();
      throw error;
    }
    for (const socket of chosen.values()) this.#bound.set(socket.address, socket);
    return requests.map(request => atRealAddress(request, chosen));
  }

  startedBy(requests: readonly StateRequest[], state: ConfigState): ListeningSocket[] {
    return requests.flatMap(request => {
      const address = startsAt(request);
      const listener = address === undefined ? undefined : state.listeners.get(address);
      if (listener === undefined || !isActive(listener)) return [];
      return this.#bound.get(listener.address) ?? [];
    });
  }

  closeUnused(state: ConfigState): void {
    for (const [address, { handle }] of this.#bound) {
      const listener = state.listeners.get(address);
      if (listener !== undefined && isActive(listener)) continue;
      this.#bound.delete(address);
      handle.close();
    }
  }

  closeAll(): void {
    for (const { handle } of this.#bound.values()) handle.close();
    this.#bound.clear();
  }
}

/** Where somebody accepts from this request on. */
function startsAt(request: ChangeRequest): string | undefined {
  if (request.kind === 'activate-listener') return request.address;
  const isNew = request.kind === 'add-listener' && isActive(request.listener);
  return isNew ? request.listener.address : undefined;
}

/** Undefined also where the request would be refused. */
function opensAt(request: ChangeRequest, { listeners }: ConfigState): string | undefined {
  const address = startsAt(request);
  const known: Listener | undefined = address === undefined ? undefined : listeners.get(address);
  return known !== undefined && isActive(known) ? undefined : address;
}

function atRealAddress<R extends ChangeRequest>(
  request: R,
  chosen: ReadonlyMap<string, ListeningSocket>,
): R {
  if (request.kind === 'add-listener') {
    const { listener } = request;
    const address = chosen.get(listener.address)?.address ?? listener.address;
    return { ...request, listener: { ...listener, address } };
  }
  if (request.kind !== 'add-frontend') return request;
  const { frontend } = request;
  const socket = frontend.listener === undefined ? undefined : chosen.get(frontend.listener);
  return socket === undefined
    ? request
    : { ...request, frontend: { ...frontend, listener: socket.address } };
}
