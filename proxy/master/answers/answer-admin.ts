/** Answers `set-backend-admin`: at once, or when the backend is safe to stop. */
import { type HolderReport, totalOf } from '../../command/holders.ts';
import type { ChangeContent, DrainContent } from '../../command/replies.ts';
import type { SetBackendAdmin } from '../../command/requests.ts';
import { ProxyError } from '../../shared/errors.ts';
import type { ChangeDone, ChangeQueue } from '../changes/change-queue.ts';
import type { Asker } from '../command-socket/command-session.ts';
import {
  type DrainEnd,
  type DrainWatches,
  placeOf,
  type WatchedBackend,
} from '../drains/drain-watches.ts';
import { describeCut, describeProgress, describeTime } from '../drains/drain-words.ts';
import { followHolders } from '../drains/follow-holders.ts';
import { gatherHolders } from '../drains/gather-holders.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { type ProofTools, proveHealth } from './prove-health.ts';

export interface DrainTools extends ProofTools {
  readonly changes: ChangeQueue;
  readonly drains: DrainWatches;
  readonly pool: WorkerPool;
}

export async function answerAdmin(
  tools: DrainTools,
  asker: Asker,
  request: SetBackendAdmin,
): Promise<void> {
  const { dryRun } = asker;
  if (!dryRun) await proveHealth(tools, request);
  const done = await tools.changes.submit({ requests: [request], dryRun });
  const backend = backendOf(done);
  const change: ChangeContent = { changes: done.changes, workers: done.workers };
  if (dryRun || request.admin === 'ready') {
    const message = `${dryRun ? 'would do: ' : ''}${sentenceOf(request.admin, backend)}`;
    const content: DrainContent = { ...change, admin: request.admin, safe: false };
    asker.reply({ status: 'ok', message, content });
    return;
  }
  if (request.deadlineMs !== undefined) tools.drains.setDeadline(backend, request.deadlineMs);
  const drain = new AskedDrain(tools, asker, backend, request.admin, change);
  await (request.wait === true ? drain.toItsEnd() : drain.begun());
}

function backendOf({ effects }: ChangeDone): WatchedBackend {
  const [effect] = effects;
  if (effect?.kind === 'add-backend') return effect.backend;
  throw new TypeError('the change of an admin state is the change of a backend');
}

function sentenceOf(
  admin: SetBackendAdmin['admin'],
  { clusterId, address }: WatchedBackend,
): string {
  const backend = `backend ${address} of cluster "${clusterId}" is`;
  if (admin === 'ready') return `${backend} ready: it gets requests, and its breaker is closed`;
  if (admin === 'drain') return `${backend} in drain: no new request goes there`;
  return `${backend} in maintenance: no new request goes there, and its health is not checked`;
}

class AskedDrain {
  readonly #tools: DrainTools;
  readonly #asker: Asker;
  readonly #backend: WatchedBackend;
  readonly #admin: 'drain' | 'maint';
  readonly #change: ChangeContent;

  constructor(
    tools: DrainTools,
    asker: Asker,
    backend: WatchedBackend,
    admin: 'drain' | 'maint',
    change: ChangeContent,
  ) {
    this.#tools = tools;
    this.#asker = asker;
    this.#backend = backend;
    this.#admin = admin;
    this.#change = change;
  }

  async begun(): Promise<void> {
    const holders = await this.#look();
    const begun = sentenceOf(this.#admin, this.#backend);
    const message = `${begun}; ${describeProgress(holders.counts)}`;
    const content = this.#content({ safe: totalOf(holders.counts) === 0, holders });
    this.#asker.reply({ status: 'ok', message, content });
  }

  /** Resolves also when nobody waits any more. */
  async toItsEnd(): Promise<void> {
    const end = await this.#follow();
    if (end === undefined) return;
    if (end.kind === 'given-up') {
      const message = `backend ${this.#backend.address} was not yet safe to stop: ${end.why}`;
      throw new ProxyError('PROXY_REQUEST_INVALID', message);
    }
    const { durationMs, cut } = end;
    const { clusterId, address } = this.#backend;
    const message = [
      `safe to stop: backend ${address} of cluster "${clusterId}", after ${describeTime(durationMs)}`,
      describeCut(cut),
      this.#otherClusters(),
    ];
    this.#asker.reply({
      status: 'ok',
      message: message.filter(part => part !== '').join('; '),
      content: this.#content({ safe: true, durationMs: Math.round(durationMs), cut }),
    });
  }

  async #follow(): Promise<DrainEnd | undefined> {
    const ended = new Promise<DrainEnd | undefined>(resolve => {
      const leave = this.#tools.drains.wait(this.#backend, resolve);
      this.#asker.onClose(() => {
        leave();
        resolve(undefined);
      });
    });
    const leave = followHolders(
      () => this.#look(),
      (holders, isFirst) => this.#tellProgress(holders, isFirst),
      () => this.#silence().join(),
    );
    const end = await ended;
    leave();
    return end;
  }

  #tellProgress(holders: HolderReport, isFirst: boolean): void {
    const progress = describeProgress(holders.counts);
    const begun = isFirst ? sentenceOf(this.#admin, this.#backend) : '';
    const parts = [begun, progress, ...this.#conditions()];
    const message = parts.filter(part => part !== '').join('; ');
    const content = this.#content({ safe: false, holders });
    this.#asker.reply({ status: 'processing', message, content });
  }

  #conditions(): string[] {
    const { deadlineInMs } = this.#tools.drains.view(this.#backend) ?? {};
    if (deadlineInMs === undefined) return this.#silence();
    return [...this.#silence(), `what is left is cut in ${describeTime(deadlineInMs)}`];
  }

  #silence(): string[] {
    const { silent = [] } = this.#tools.drains.view(this.#backend) ?? {};
    return silent.map(id => `worker ${id} has not said what it has`);
  }

  #look(): Promise<HolderReport> {
    return gatherHolders(this.#tools.pool, placeOf(this.#backend));
  }

  #content(more: Omit<DrainContent, keyof ChangeContent | 'admin'>): DrainContent {
    return { ...this.#change, admin: this.#admin, ...more };
  }

  /** Who stops the machine should know that it serves more than this. */
  #otherClusters(): string {
    const { clusterId, address } = this.#backend;
    const others: string[] = [];
    for (const { cluster, backends } of this.#tools.state.clusters.values()) {
      if (cluster.id === clusterId) continue;
      for (const each of backends.values()) {
        if (each.address === address && each.admin === undefined) others.push(`"${cluster.id}"`);
      }
    }
    if (others.length === 0) return '';
    return `it still gets requests of cluster ${[...new Set(others)].slice(0, 5).join(', ')}`;
  }
}
