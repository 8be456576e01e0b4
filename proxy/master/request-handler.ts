/** Answers the requests of the command socket from the state and from all workers. */
import type { EventBody } from '../command/events.ts';
import type { StatusContent } from '../command/replies.ts';
import type {
  Explain,
  PatchListener,
  ProxyRequest,
  SetWeight,
  StateRequest,
} from '../command/requests.ts';
import { assertNever } from '../shared/assert-never.ts';
import { ProxyError } from '../shared/errors.ts';
import { suggest } from '../shared/nearest.ts';
import { plural } from '../shared/plural.ts';
import { apply, backendIdAt, findBackend } from '../state/apply.ts';
import type { ConfigState } from '../state/config-state.ts';
import { hash } from '../state/hash.ts';
import { replay } from '../state/replay.ts';
import { answerMetrics, answerWhy } from './answer-records.ts';
import type { Asker } from './command-session.ts';
import { describeChange, eventOf } from './describe-change.ts';
import type { EventLog } from './event-log.ts';
import { explain } from './explain.ts';
import { gather, type WorkerAnswer } from './gather.ts';
import type { ListeningSocket } from './listening-sockets.ts';
import type { NamedBackends } from './named-backends.ts';
import { patched } from './patched-listener.ts';
import { reportBackends, reportClusters, reportWorkers } from './reports.ts';
import { checkTaken, closeBehind, openFor, tellWorker } from './socket-changes.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What the handler works on; the main process owns all of it. */
export interface Holdings {
  readonly state: ConfigState;
  readonly sockets: Map<string, ListeningSocket>;
  readonly pool: WorkerPool;
  readonly names: NamedBackends;
  readonly events: EventLog;
  readonly emit: (event: EventBody) => void;
  readonly isStopping: () => boolean;
  /** The state has changed by this. */
  readonly onChanged: (request: StateRequest) => void;
  /** `last` is called when all workers have ended, before the command socket closes. */
  readonly stop: (how: 'soft' | 'hard', cause: string, last: () => void) => Promise<void>;
  readonly about: Pick<StatusContent, 'version' | 'commandSocket' | 'warnings'>;
}

export const CHANGE_TIMEOUT_MS = 5_000;
const SNAPSHOT_TIMEOUT_MS = 2_000;

export class RequestHandler {
  readonly #holdings: Holdings;

  constructor(holdings: Holdings) {
    this.#holdings = holdings;
  }

  /** Rejects with the reason when the request cannot be done. */
  async handle(request: ProxyRequest, asker: Asker): Promise<void> {
    switch (request.kind) {
      case 'configure':
      case 'add-listener':
      case 'update-listener':
      case 'remove-listener':
      case 'activate-listener':
      case 'deactivate-listener':
      case 'add-cluster':
      case 'remove-cluster':
      case 'add-frontend':
      case 'remove-frontend':
      case 'add-backend':
      case 'remove-backend':
      case 'set-weight':
      case 'patch-listener':
        return this.#change(this.#complete(request), asker);
      case 'status':
        return this.#status(asker);
      case 'list-backends':
        return this.#listBackends(asker, request.clusterId);
      case 'list-clusters':
        return this.#listClusters(asker);
      case 'explain':
        return this.#explain(asker, request);
      case 'why':
        return answerWhy(this.#holdings.pool, asker, request.requestId);
      case 'show-metrics':
        return answerMetrics(this.#holdings.pool, asker);
      case 'dump-state':
        return this.#dumpState(asker);
      case 'subscribe-events':
        return this.#subscribe(asker);
      case 'soft-stop':
        return this.#stop(asker, 'soft');
      case 'hard-stop':
        return this.#stop(asker, 'hard');
      default:
        return assertNever(request);
    }
  }

  /** The 2017 spelling of `add-backend` names no id. */
  #complete(
    request: Extract<ProxyRequest, { kind: StateRequest['kind'] }> | SetWeight | PatchListener,
  ): StateRequest {
    if (request.kind === 'set-weight') return withWeight(this.#holdings.state, request);
    if (request.kind === 'patch-listener') return patched(this.#holdings.state, request);
    if (request.kind !== 'add-backend') return request;
    const { clusterId, address, backendId } = request.backend;
    const id = backendId ?? backendIdAt(this.#holdings.state, clusterId, address);
    return { kind: 'add-backend', backend: { ...request.backend, backendId: id } };
  }

  /** State and workers change in one turn of the event loop: every worker sees the same order. */
  async #change(wanted: StateRequest, asker: Asker): Promise<void> {
    const { state, sockets, pool, names, emit, isStopping, onChanged } = this.#holdings;
    if (isStopping()) throw refused('the proxy is stopping and takes no changes');
    const { request, socket } = await openFor(wanted, state);
    const applied = apply(state, request);
    if (!applied.ok) {
      socket?.handle.close();
      throw applied.error;
    }
    const { effects, note } = applied.value;
    if (socket !== undefined) sockets.set(socket.address, socket);
    const orders = names.expand(effects);
    for (const effect of effects) {
      emit(eventOf(effect));
      onChanged(effect);
    }
    const answers = await pool.ask(worker => tellWorker(worker, orders, socket, CHANGE_TIMEOUT_MS));
    closeBehind(effects, sockets);
    await checkTaken(answers, socket);
    // Who adds a backend by its name may remove the last other one next.
    const unknown = await names.lookedUp(effects);
    const notes = [note ?? '', unknown].filter(text => text !== '').join('; ');
    replyChanged(asker, request, answers, notes === '' ? undefined : notes);
  }

  async #status(asker: Asker): Promise<void> {
    const { about, state, sockets, pool } = this.#holdings;
    const answers = await pool.ask(worker => worker.snapshot(SNAPSHOT_TIMEOUT_MS));
    const content: StatusContent = {
      ...about,
      pid: process.pid,
      listeners: [...sockets.keys()],
      stateHash: hash(state),
      workers: reportWorkers(pool.workers, answers),
    };
    asker.reply({ status: 'ok', message: plural(content.workers.length, 'worker'), content });
  }

  async #listBackends(asker: Asker, clusterId: string | undefined): Promise<void> {
    const { state, pool } = this.#holdings;
    if (clusterId !== undefined && !state.clusters.has(clusterId)) {
      const known = [...state.clusters.keys()];
      throw refused(`there is no cluster "${clusterId}"${suggest(clusterId, known)}`);
    }
    const answers = await pool.ask(worker => worker.snapshot(SNAPSHOT_TIMEOUT_MS));
    const backends = reportBackends(state, answers, clusterId);
    const message = plural(backends.length, 'backend');
    asker.reply({ status: 'ok', message, content: { backends } });
  }

  #listClusters(asker: Asker): void {
    const content = reportClusters(this.#holdings.state);
    asker.reply({ status: 'ok', message: plural(content.clusters.length, 'cluster'), content });
  }

  async #explain(asker: Asker, request: Explain): Promise<void> {
    const { state, pool } = this.#holdings;
    const answers = await pool.ask(worker => worker.snapshot(SNAPSHOT_TIMEOUT_MS));
    const explained = explain(state, request, reportBackends(state, answers, undefined));
    if (!explained.ok) throw explained.error;
    const content = explained.value;
    asker.reply({ status: 'ok', message: content.outcome, content });
  }

  #dumpState(asker: Asker): void {
    const { state } = this.#holdings;
    const content = { hash: hash(state), requests: replay(state) };
    asker.reply({ status: 'ok', message: plural(content.requests.length, 'request'), content });
  }

  #subscribe(asker: Asker): void {
    const unsubscribe = this.#holdings.events.subscribe(content =>
      asker.reply({ status: 'processing', message: content.kind, content }),
    );
    asker.onClose(unsubscribe);
  }

  async #stop(asker: Asker, how: 'soft' | 'hard'): Promise<void> {
    const { pool, stop } = this.#holdings;
    const workers = plural(pool.workers.length, 'worker');
    const message = how === 'soft' ? `draining ${workers}` : `ending ${workers} at once`;
    asker.reply({ status: 'processing', message });
    await stop(how, `${how} stop asked on the command socket`, () =>
      asker.reply({ status: 'ok', message: `closed ${workers}; the proxy has ended` }),
    );
  }
}

function replyChanged(
  asker: Asker,
  request: StateRequest,
  answers: readonly WorkerAnswer[],
  note: string | undefined,
): void {
  const done = gather(answers);
  if (!done.ok) throw done.error;
  const suffix = note === undefined ? '' : `; ${note}`;
  const message = `${describeChange(request)} on ${plural(done.value, 'worker')}${suffix}`;
  asker.reply({ status: 'ok', message });
}

function withWeight(
  state: ConfigState,
  { clusterId, address, backendId, weight }: SetWeight,
): StateRequest {
  const found = findBackend(state, clusterId, address, backendId);
  if (!found.ok) throw found.error;
  return { kind: 'add-backend', backend: { ...found.value, weight } };
}

function refused(message: string): ProxyError {
  return new ProxyError('PROXY_REQUEST_INVALID', message);
}
