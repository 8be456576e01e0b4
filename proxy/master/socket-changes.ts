/** Listening sockets follow the listeners of the state: opened before a change, closed behind it. */
import type { Listener, StateRequest } from '../command/requests.ts';
import type { ConfigState } from '../state/config-state.ts';
import { isActive } from '../state/listeners.ts';
import type { WorkerAnswer } from './gather.ts';
import { addressInUse, type ListeningSocket, openListeningSocket } from './listening-sockets.ts';
import type { Answer, WorkerProcess } from './worker-process.ts';

export interface Opened {
  /** With the port that the kernel chose where 0 was asked for. */
  readonly request: StateRequest;
  /** Undefined when the request opens none, or would be refused. */
  readonly socket: ListeningSocket | undefined;
}

/** @throws {ProxyError} PROXY_ADDRESS_IN_USE with the program that has it. */
export async function openFor(request: StateRequest, state: ConfigState): Promise<Opened> {
  const listener = opensWith(request, state);
  if (listener === undefined) return { request, socket: undefined };
  const socket = await openListeningSocket(listener.address, []);
  if (request.kind !== 'add-listener') return { request, socket };
  return {
    request: { kind: 'add-listener', listener: { ...listener, address: socket.address } },
    socket,
  };
}

/** The listener that would accept from this request on. */
function opensWith(request: StateRequest, { listeners }: ConfigState): Listener | undefined {
  if (request.kind === 'add-listener') {
    const { listener } = request;
    return isActive(listener) && !listeners.has(listener.address) ? listener : undefined;
  }
  if (request.kind !== 'activate-listener') return undefined;
  const known = listeners.get(request.address);
  return known === undefined || isActive(known) ? undefined : known;
}

/** The orders and, where there is one, the socket that goes with them. */
export async function tellWorker(
  worker: WorkerProcess,
  orders: readonly StateRequest[],
  socket: ListeningSocket | undefined,
  timeoutMs: number,
): Promise<Answer> {
  const known = worker.apply(orders, timeoutMs);
  if (socket === undefined) return known;
  const bound = worker.listen(socket.address, socket.handle, timeoutMs);
  const answer = await known;
  return answer.kind === 'ok' ? bound : answer;
}

/** A port may be free when it is bound, and taken when a worker listens on it. */
export async function checkTaken(
  answers: readonly WorkerAnswer[],
  socket: ListeningSocket | undefined,
): Promise<void> {
  const isTaken = answers.some(
    ({ answer }) => answer.kind === 'refused' && answer.errno === 'EADDRINUSE',
  );
  if (isTaken && socket !== undefined) throw await addressInUse(socket.address);
}

/** The workers have closed theirs. */
export function closeBehind(
  effects: readonly StateRequest[],
  sockets: Map<string, ListeningSocket>,
): void {
  for (const effect of effects) {
    if (effect.kind !== 'remove-listener' && effect.kind !== 'deactivate-listener') continue;
    sockets.get(effect.address)?.handle.close();
    sockets.delete(effect.address);
  }
}
