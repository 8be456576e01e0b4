/** What runs, and whether every worker serves what it should; one that does not is replaced. */
import type { StatusContent } from '../../command/replies.ts';
import { plural } from '../../shared/plural.ts';
import type { ConfigState } from '../../state/config-state.ts';
import { ContentDigest } from '../../state/content-digest.ts';
import { hash } from '../../state/hash.ts';
import { replay } from '../../state/replay.ts';
import type { ChangeQueue } from '../changes/change-queue.ts';
import { Comparison } from '../changes/comparison.ts';
import type { Asker } from '../command-socket/command-session.ts';
import type { NamedBackends } from '../names/named-backends.ts';
import type { ListenerSockets } from '../sockets/listener-sockets.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Answer, WorkerProcess } from '../workers/worker-process.ts';
import { reportWorkers } from './reports.ts';

export interface StatusSources {
  readonly state: ConfigState;
  readonly changes: ChangeQueue;
  readonly sockets: ListenerSockets;
  readonly pool: WorkerPool;
  readonly names: NamedBackends;
  readonly about: Pick<StatusContent, 'version' | 'commandSocket' | 'warnings'>;
}

const TIMEOUT_MS = 2_000;

export class StatusAnswers {
  readonly #sources: StatusSources;
  /** Parts of the state are replaced, never changed. */
  readonly #known = new WeakMap<object, number>();
  #hashed: { readonly changes: number; readonly hash: string } | undefined;

  constructor(sources: StatusSources) {
    this.#sources = sources;
  }

  async answer(asker: Asker): Promise<void> {
    const { about, sockets, pool } = this.#sources;
    const [snapshots, compared] = await Promise.all([
      pool.ask(worker => worker.snapshot(TIMEOUT_MS)),
      this.compare(),
    ]);
    const content: StatusContent = {
      ...about,
      pid: process.pid,
      listeners: sockets.addresses,
      stateHash: compared.stateHash,
      digest: compared.digest,
      workers: reportWorkers(pool.workers, snapshots, compared),
    };
    asker.reply({ status: 'ok', message: plural(content.workers.length, 'worker'), content });
  }

  /** Of the state; it is worked out anew only when something has changed. */
  hash(): string {
    const { state, changes } = this.#sources;
    if (this.#hashed?.changes !== changes.changes) {
      this.#hashed = { changes: changes.changes, hash: hash(state) };
    }
    return this.#hashed.hash;
  }

  /** While no change is under way, so that all speak of the same state. */
  compare(): Promise<Comparison> {
    const { changes, pool, names, state } = this.#sources;
    return changes.whenQuiet(async () => {
      const stateHash = this.hash();
      const content = new ContentDigest(this.#known);
      for (const request of names.expand(replay(state))) content.record(request);
      const [digest, answers] = await Promise.all([
        content.digest(),
        pool.ask(worker => digestOf(worker)),
      ]);
      const comparison = new Comparison(stateHash, digest, answers);
      for (const workerId of comparison.diverged) {
        pool.distrust(workerId, `its configuration is ${comparison.of(workerId).digest}`);
      }
      return comparison;
    });
  }
}

/** One that hangs is not waited for: changes stand still meanwhile. */
function digestOf(worker: WorkerProcess): Promise<Answer> {
  if (worker.runState === 'not-answering') return Promise.resolve({ kind: 'late' });
  return worker.digest(TIMEOUT_MS);
}
