/** New workers in place of old ones, as asked for on the command socket: one after the other. */
import type { ControlRequest } from '../../command/control-requests.ts';
import type { Cut } from '../../command/worker-messages.ts';
import { ProxyError } from '../../shared/errors.ts';
import { plural } from '../../shared/plural.ts';
import { describeCut } from '../answers/answer-stop.ts';
import type { Asker } from '../command-socket/command-session.ts';
import type { UpgradeLock } from '../succession/upgrade-lock.ts';

export interface UpgradingPool {
  readonly workers: readonly { readonly id: number; readonly runState: string }[];
  upgrade(
    workerId: number,
    deadlineMs: number | undefined,
    onStep: (message: string) => void,
  ): Promise<Cut>;
}

export type WorkerUpgradeRequest = Extract<
  ControlRequest,
  { kind: 'upgrade-worker' | 'upgrade-workers' }
>;

export class WorkerUpgrades {
  readonly #pool: UpgradingPool;
  readonly #lock: UpgradeLock;

  constructor(pool: UpgradingPool, lock: UpgradeLock) {
    this.#pool = pool;
    this.#lock = lock;
  }

  /** Rejects with the reason when a worker cannot be upgraded; those before it have been. */
  async answer(asker: Asker, request: WorkerUpgradeRequest): Promise<void> {
    const ids = request.kind === 'upgrade-worker' ? [request.workerId] : this.#idsThatServe();
    await this.#lock.hold('workers are being replaced', async () => {
      const cut = await this.#each(ids, asker, request.deadlineMs);
      const message = `${plural(ids.length, 'worker')} upgraded${describeCut(cut)}`;
      asker.reply({ status: 'ok', message });
    });
  }

  #idsThatServe(): number[] {
    return this.#pool.workers.filter(each => each.runState !== 'stopping').map(({ id }) => id);
  }

  async #each(ids: readonly number[], asker: Asker, deadlineMs: number | undefined): Promise<Cut> {
    const total = { requests: 0, tunnels: 0 };
    for (const [index, id] of ids.entries()) {
      this.#lock.say(`worker ${id} is being replaced`);
      const step = (message: string): void => asker.reply({ status: 'processing', message });
      const cut = await this.#pool.upgrade(id, deadlineMs, step).catch((error: unknown) => {
        throw withDone(error, ids.slice(0, index));
      });
      total.requests += cut.requests;
      total.tunnels += cut.tunnels;
    }
    return total;
  }
}

function withDone(error: unknown, done: readonly number[]): unknown {
  if (!(error instanceof ProxyError) || done.length === 0) return error;
  const message = `${error.message} (worker ${done.join(', ')} upgraded before)`;
  return new ProxyError(error.code, message, error);
}
