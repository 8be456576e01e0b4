/** Tells a new worker all that the others know, so that it serves as they do. */
import type { StateRequest } from '../../command/requests.ts';
import type { BackendHealth, BreakerNews } from '../../command/worker-messages.ts';
import { ProxyError } from '../../shared/errors.ts';
import { addressInUse, type ListeningSocket } from '../sockets/listening-sockets.ts';
import type { Answer, WorkerProcess } from './worker-process.ts';

/** What a new worker must be told. */
export interface Briefing {
  /** The requests that make the state, as the main process has it: with names. */
  readonly state: () => readonly StateRequest[];
  /** The same for workers, which know addresses only. What has no name in it is not copied. */
  readonly expand: (requests: readonly StateRequest[]) => readonly StateRequest[];
  readonly sockets: () => Iterable<ListeningSocket>;
  /** The backends that are not healthy. */
  readonly health: () => readonly BackendHealth[];
  /** Of backends that other workers could not connect to. */
  readonly openBreakers: () => readonly BreakerNews[];
}

const START_TIMEOUT_MS = 20_000;
/** A message is text and objects at once in the worker's memory, which does not shrink again. */
const REQUESTS_PER_MESSAGE = 1000;

/** What every worker that is launched in the same turn of the event loop is told. */
export interface Brief {
  readonly sockets: readonly ListeningSocket[];
  /** What a worker only keeps, for whoever comes after this main process. */
  readonly memory: readonly (readonly StateRequest[])[];
  readonly orders: readonly (readonly StateRequest[])[];
  readonly health: readonly BackendHealth[];
  readonly openBreakers: readonly BreakerNews[];
}

export function brief(briefing: Briefing): Brief {
  const state = briefing.state();
  const orders = briefing.expand(state);
  // Without names both are the same: sent once, which is half the work with many clusters.
  const areSame = orders.length === state.length && orders.every((each, at) => each === state[at]);
  return {
    sockets: [...briefing.sockets()],
    memory: areSame ? [] : inParts(state),
    orders: inParts(orders),
    health: briefing.health(),
    openBreakers: briefing.openBreakers(),
  };
}

/**
 * Everything is sent at once: the channel keeps the order, so a change that is sent to all
 * workers from now on reaches this one after the state it belongs to. Resolves with the reason
 * when the worker cannot serve.
 */
export async function bringUp(
  worker: WorkerProcess,
  { sockets, memory, orders, health, openBreakers }: Brief,
): Promise<ProxyError | undefined> {
  for (const part of memory) worker.remember(part);
  const before = [
    ...orders.map(part => worker.apply(part, START_TIMEOUT_MS, memory.length === 0)),
    worker.health(health, START_TIMEOUT_MS),
  ];
  for (const news of openBreakers) worker.tellBreaker(news);
  const answers = await Promise.all([
    ...before,
    ...sockets.map(({ address, handle }) => worker.listen(address, handle, START_TIMEOUT_MS)),
  ]);
  for (const [index, answer] of answers.entries()) {
    if (answer.kind === 'ok') continue;
    const address = sockets[index - before.length]?.address;
    if (answer.kind === 'refused' && answer.errno === 'EADDRINUSE' && address !== undefined) {
      return addressInUse(address);
    }
    return cannotServe(worker.id, answer);
  }
  return undefined;
}

function cannotServe(id: number, answer: Answer): ProxyError {
  const why = { ok: '', refused: 'refused', late: 'did not start in time', gone: 'ended at once' };
  const detail = answer.kind === 'refused' ? `: ${answer.message}` : '';
  const message = `worker ${id} ${why[answer.kind]}${detail}`;
  return new ProxyError('PROXY_WORKER_FAILED', message);
}

function inParts(requests: readonly StateRequest[]): (readonly StateRequest[])[] {
  const parts: (readonly StateRequest[])[] = [];
  for (let at = 0; at < requests.length; at += REQUESTS_PER_MESSAGE) {
    parts.push(requests.slice(at, at + REQUESTS_PER_MESSAGE));
  }
  return parts;
}
