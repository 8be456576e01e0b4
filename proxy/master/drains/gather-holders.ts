/** What keeps a backend, or the whole proxy, waiting for its end: all workers' reports as one. */
import { type BackendPlace, type HolderReport, mergeHolders } from '../../command/holders.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';

const TIMEOUT_MS = 2000;

/** Without a place: every request in progress. Workers that do not answer are left out. */
export async function gatherHolders(pool: WorkerPool, place?: BackendPlace): Promise<HolderReport> {
  const answers = await pool.askAll(worker => worker.holders(place, TIMEOUT_MS));
  return mergeHolders(
    answers.flatMap(({ answer }) =>
      answer.kind === 'ok' && answer.holders !== undefined ? [answer.holders] : [],
    ),
  );
}
