/** The workers of the pool as the change queue needs them. */
import type { StateRequest } from '../../command/requests.ts';
import type { NamedBackends } from '../names/named-backends.ts';
import type { ListeningSocket } from '../sockets/listening-sockets.ts';
import type { WorkerAnswer } from '../workers/worker-answer.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Answer, WorkerProcess } from '../workers/worker-process.ts';
import type { Fleet } from './change-round.ts';

/** A worker that takes longer is late: the change does not wait for it. */
export const CHANGE_TIMEOUT_MS = 5_000;

export function workerFleet(pool: WorkerPool, names: NamedBackends): Fleet {
  return {
    expand: requests => names.expand(requests),
    tell: (requests, sockets) => tellAll(pool, requests, sockets),
    workerIds: () => pool.workers.map(({ id }) => id),
    correct: async (workerId, requests, sockets) => {
      const worker = pool.workers.find(({ id }) => id === workerId);
      return worker === undefined ? { kind: 'gone' } : tellOne(worker, requests, sockets);
    },
    distrust: (workerId, cause) => pool.distrust(workerId, cause),
  };
}

function tellAll(
  pool: WorkerPool,
  requests: readonly StateRequest[],
  sockets: readonly ListeningSocket[],
): Promise<WorkerAnswer[]> {
  // Who only finishes what it has must not send new requests where none are to go. Nobody waits for it.
  for (const worker of pool.workers) {
    const isLeaving = worker.runState === 'stopping';
    if (isLeaving && requests.length > 0) void worker.apply(requests, CHANGE_TIMEOUT_MS);
  }
  return pool.ask(worker => {
    const wasSilent = worker.runState === 'not-answering';
    const answer = tellOne(worker, requests, sockets);
    // It is told, but nobody waits for it a second time.
    return wasSilent ? Promise.resolve({ kind: 'late' }) : answer;
  });
}

async function tellOne(
  worker: WorkerProcess,
  requests: readonly StateRequest[],
  sockets: readonly ListeningSocket[],
): Promise<Answer> {
  // All at once, so that nothing comes between: the channel keeps the order.
  const answers = await Promise.all([
    ...(requests.length === 0 ? [] : [worker.apply(requests, CHANGE_TIMEOUT_MS)]),
    ...sockets.map(each => worker.listen(each.address, each.handle, CHANGE_TIMEOUT_MS)),
  ]);
  return answers.find(({ kind }) => kind !== 'ok') ?? { kind: 'ok' };
}
