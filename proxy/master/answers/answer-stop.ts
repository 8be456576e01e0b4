/** The end of the proxy, as asked for on the command socket. */

import type { ControlRequest } from '../../command/control-requests.ts';
import { type HolderReport, totalOf } from '../../command/holders.ts';
import type { StopContent } from '../../command/replies.ts';
import type { Cut } from '../../command/worker-messages.ts';
import { plural } from '../../shared/plural.ts';
import type { Asker } from '../command-socket/command-session.ts';
import { describeProgress } from '../drains/drain-words.ts';
import { followHolders } from '../drains/follow-holders.ts';
import { gatherHolders } from '../drains/gather-holders.ts';
import type { StopMode } from '../master-options.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';

export interface StopHoldings {
  readonly pool: WorkerPool;
  /** `last` is called when all workers have ended, before the command socket closes. */
  readonly stop: (how: StopMode, cause: string, last: (cut: Cut) => void) => Promise<void>;
}

export async function answerStop(
  { pool, stop }: StopHoldings,
  asker: Asker,
  request: Extract<ControlRequest, { kind: 'soft-stop' | 'hard-stop' }>,
): Promise<void> {
  const workers = plural(pool.workers.length, 'worker');
  if (request.kind === 'hard-stop') {
    asker.reply({ status: 'processing', message: `ending ${workers} at once` });
    await stop('hard', 'hard stop asked on the command socket', () =>
      asker.reply({ status: 'ok', message: `closed ${workers}; the proxy has ended` }),
    );
    return;
  }
  const { deadlineMs } = request;
  const until = deadlineMs === undefined ? '' : `, for ${deadlineMs / 1000} s at most`;
  asker.reply({ status: 'processing', message: `draining ${workers}${until}` });
  const how = deadlineMs === undefined ? {} : { deadlineMs };
  const leave = followHolders(
    () => gatherHolders(pool),
    holders => tellHolders(asker, holders),
  );
  await stop(how, 'soft stop asked on the command socket', cut => {
    leave();
    const message = `closed ${workers}${describeCut(cut)}; the proxy has ended`;
    asker.reply({ status: 'ok', message });
  });
}

/** Connections without a request end by themselves. */
function tellHolders(asker: Asker, holders: HolderReport): void {
  if (totalOf(holders.counts) === 0) return;
  const message = describeProgress(holders.counts);
  const content: StopContent = { holders };
  asker.reply({ status: 'processing', message, content });
}

/** ", cut 2 requests, 1 tunnel"; empty when everything came to its own end. */
export function describeCut({ requests, tunnels }: Cut): string {
  const parts = [
    ...(requests > 0 ? [plural(requests, 'request')] : []),
    ...(tunnels > 0 ? [plural(tunnels, 'tunnel')] : []),
  ];
  return parts.length === 0 ? '' : `, cut ${parts.join(', ')}`;
}
