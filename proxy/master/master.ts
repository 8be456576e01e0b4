/** The main process: owns the state, the listening sockets, the workers and the command socket. */
import type { Server } from 'node:net';
import type { EventBody } from '../command/events.ts';
import type { StatusContent } from '../command/replies.ts';
import type { Listener, ProxyRequest, StateRequest } from '../command/requests.ts';
import type { Config } from '../config/load.ts';
import type { Logger } from '../log/logger.ts';
import { assertNever } from '../shared/assert-never.ts';
import { suggest } from '../shared/nearest.ts';
import { plural } from '../shared/plural.ts';
import { apply, backendIdAt } from '../state/apply.ts';
import { type ConfigState, emptyState } from '../state/config-state.ts';
import { hash } from '../state/hash.ts';
import { replay } from '../state/replay.ts';
import { type Asker, CommandSession } from './command-session.ts';
import { claimCommandSocket } from './command-socket.ts';
import { describeChange, eventOf } from './describe-change.ts';
import { EventLog } from './event-log.ts';
import { gather, type WorkerAnswer } from './gather.ts';
import { type ListeningSocket, openListeningSocket } from './listening-sockets.ts';
import { reportBackends, reportClusters, reportWorkers } from './reports.ts';
import { WorkerPool } from './worker-pool.ts';

export interface MasterOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly version: string;
  /** Sockets that were opened before this process began. */
  readonly inherited: ListeningSocket[];
}

const CHANGE_TIMEOUT_MS = 5_000;
const SNAPSHOT_TIMEOUT_MS = 2_000;
const MAX_COMMAND_CLIENTS = 256;

export class Master {
  readonly #options: MasterOptions;
  readonly #state: ConfigState = emptyState();
  readonly #sockets = new Map<string, ListeningSocket>();
  readonly #events = new EventLog();
  readonly #pool: WorkerPool;
  readonly #sessions = new Set<CommandSession>();
  /** Resolves when nothing is left that serves. */
  readonly stopped: Promise<void>;
  #resolveStopped: () => void = () => undefined;
  #server: Server | undefined;
  #isStopping = false;

  constructor(options: MasterOptions) {
    this.#options = options;
    this.stopped = new Promise(resolve => {
      this.#resolveStopped = resolve;
    });
    this.#pool = new WorkerPool({
      count: options.config.settings.workerCount,
      replay: () => replay(this.#state),
      sockets: () => this.#sockets.values(),
      emit: event => this.#emit(event),
      onProblem: message => options.logger.error(message),
    });
  }

  /**
   * The addresses that are accepted on by then, by every worker; undefined when the proxy was
   * stopped before it came that far.
   */
  async start(): Promise<readonly string[] | undefined> {
    const server = await claimCommandSocket(this.#options.config.settings.commandSocket);
    this.#server = server;
    try {
      await this.#openListeners();
      if (!this.#isStopping) await this.#pool.start();
    } catch (error) {
      if (!this.#isStopping) {
        this.#closeSockets();
        server.close();
        throw error;
      }
    }
    if (this.#isStopping) {
      // The stop may have come before there was anything to close.
      this.#closeSockets();
      server.close();
      return undefined;
    }
    this.#serveCommands(server);
    return [...this.#sockets.keys()];
  }

  async #openListeners(): Promise<void> {
    const { config, inherited, logger } = this.#options;
    const chosen = new Map<string, string>();
    for (const request of config.requests) await this.#applyAtStart(request, chosen);
    for (const { address, handle } of inherited.splice(0)) {
      logger.warn(`the inherited socket ${address} belongs to no listener and is closed`);
      handle.close();
    }
  }

  /** `chosen`: where the kernel picked a port for port 0, the address that was asked for. */
  async #applyAtStart(request: StateRequest, chosen: Map<string, string>): Promise<void> {
    const { logger, inherited } = this.#options;
    if (request.kind === 'add-listener') {
      const socket = await openListeningSocket(request.listener.address, inherited);
      if (socket.inherited) logger.info(`listener ${socket.address} uses an inherited socket`);
      this.#sockets.set(socket.address, socket);
      chosen.set(request.listener.address, socket.address);
    }
    const applied = apply(this.#state, atRealAddress(request, chosen));
    if (!applied.ok) throw applied.error;
  }

  /** Soft: every request in progress ends first, however long that takes. */
  async stop(how: 'soft' | 'hard', cause: string): Promise<void> {
    await this.#endWorkers(how, cause);
    this.#end();
  }

  async #endWorkers(how: 'soft' | 'hard', cause: string): Promise<void> {
    if (!this.#isStopping) this.#emit({ kind: 'stop-requested', cause });
    this.#isStopping = true;
    // Workers close theirs when they drain; the last one to close ends the kernel's queue.
    this.#closeSockets();
    await (how === 'soft' ? this.#pool.drain() : this.#pool.kill());
  }

  #end(): void {
    this.#server?.close();
    for (const session of this.#sessions) session.end();
    this.#resolveStopped();
  }

  #closeSockets(): void {
    for (const { handle } of this.#sockets.values()) handle.close();
    this.#sockets.clear();
  }

  #emit(body: EventBody): void {
    const event = this.#events.add(body);
    const { seq: _seq, time: _time, ...shown } = event;
    this.#options.logger.info(`event ${JSON.stringify(shown)}`);
  }

  #serveCommands(server: Server): void {
    server.maxConnections = MAX_COMMAND_CLIENTS;
    server.on('error', error => this.#options.logger.error(`command socket: ${error.message}`));
    server.on('connection', socket => {
      const session = new CommandSession(socket, (request, asker) => this.#handle(request, asker));
      this.#sessions.add(session);
      socket.once('close', () => this.#sessions.delete(session));
    });
  }

  async #handle(request: ProxyRequest, asker: Asker): Promise<void> {
    switch (request.kind) {
      case 'add-listener':
      case 'add-cluster':
      case 'remove-cluster':
      case 'add-frontend':
      case 'remove-frontend':
      case 'add-backend':
      case 'remove-backend':
        return this.#change(this.#complete(request), asker);
      case 'status':
        return this.#status(asker);
      case 'list-backends':
        return this.#listBackends(asker, request.clusterId);
      case 'list-clusters': {
        const content = reportClusters(this.#state);
        asker.reply({ status: 'ok', message: plural(content.clusters.length, 'cluster'), content });
        return;
      }
      case 'dump-state': {
        const content = { hash: hash(this.#state), requests: replay(this.#state) };
        asker.reply({ status: 'ok', message: plural(content.requests.length, 'request'), content });
        return;
      }
      case 'subscribe-events':
        asker.onClose(
          this.#events.subscribe(content =>
            asker.reply({ status: 'processing', message: content.kind, content }),
          ),
        );
        return;
      case 'soft-stop':
        return this.#stop(asker, 'soft');
      case 'hard-stop':
        return this.#stop(asker, 'hard');
      default:
        return assertNever(request);
    }
  }

  async #stop(asker: Asker, how: 'soft' | 'hard'): Promise<void> {
    const workers = plural(this.#pool.workers.length, 'worker');
    const message = how === 'soft' ? `draining ${workers}` : `ending ${workers} at once`;
    asker.reply({ status: 'processing', message });
    await this.#endWorkers(how, `${how} stop asked on the command socket`);
    asker.reply({ status: 'ok', message: `closed ${workers}; the proxy has ended` });
    this.#end();
  }

  /** The 2017 spelling of `add-backend` names no id. */
  #complete(request: Extract<ProxyRequest, { kind: StateRequest['kind'] }>): StateRequest {
    if (request.kind !== 'add-backend') return request;
    const { clusterId, address, backendId } = request.backend;
    const id = backendId ?? backendIdAt(this.#state, clusterId, address);
    return { kind: 'add-backend', backend: { clusterId, address, backendId: id } };
  }

  async #change(request: StateRequest, asker: Asker): Promise<void> {
    if (this.#isStopping) throw new Error('the proxy is stopping and takes no changes');
    if (request.kind === 'add-listener') return this.#addListener(request.listener, asker);
    const applied = apply(this.#state, request);
    if (!applied.ok) throw applied.error;
    const { effects, note } = applied.value;
    for (const effect of effects) this.#emit(eventOf(effect));
    const answers = await this.#pool.ask(worker => worker.apply(effects, CHANGE_TIMEOUT_MS));
    this.#replyChanged(asker, request, answers, note);
  }

  async #addListener(listener: Listener, asker: Asker): Promise<void> {
    if (this.#sockets.has(listener.address)) {
      throw new Error(`there is already a listener on ${listener.address}`);
    }
    const socket = await openListeningSocket(listener.address, []);
    const request = {
      kind: 'add-listener',
      listener: { ...listener, address: socket.address },
    } as const;
    const applied = apply(this.#state, request);
    if (!applied.ok) {
      socket.handle.close();
      throw applied.error;
    }
    this.#sockets.set(socket.address, socket);
    this.#emit(eventOf(request));
    const told = await this.#pool.ask(worker => {
      const known = worker.apply(applied.value.effects, CHANGE_TIMEOUT_MS);
      const bound = worker.listen(socket.address, socket.handle, CHANGE_TIMEOUT_MS);
      return known.then(answer => (answer.kind === 'ok' ? bound : answer));
    });
    this.#replyChanged(asker, request, told, undefined);
  }

  #replyChanged(
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

  async #status(asker: Asker): Promise<void> {
    const { config, version } = this.#options;
    const answers = await this.#pool.ask(worker => worker.snapshot(SNAPSHOT_TIMEOUT_MS));
    const content: StatusContent = {
      pid: process.pid,
      version,
      commandSocket: config.settings.commandSocket,
      listeners: [...this.#sockets.keys()],
      stateHash: hash(this.#state),
      workers: reportWorkers(this.#pool.workers, answers),
      warnings: config.warnings,
    };
    asker.reply({ status: 'ok', message: plural(content.workers.length, 'worker'), content });
  }

  async #listBackends(asker: Asker, clusterId: string | undefined): Promise<void> {
    if (clusterId !== undefined && !this.#state.clusters.has(clusterId)) {
      throw new Error(
        `there is no cluster "${clusterId}"${suggest(clusterId, [...this.#state.clusters.keys()])}`,
      );
    }
    const answers = await this.#pool.ask(worker => worker.snapshot(SNAPSHOT_TIMEOUT_MS));
    const backends = reportBackends(this.#state, answers, clusterId);
    asker.reply({
      status: 'ok',
      message: plural(backends.length, 'backend'),
      content: { backends },
    });
  }
}

function atRealAddress(request: StateRequest, chosen: Map<string, string>): StateRequest {
  if (request.kind === 'add-listener') {
    const { listener } = request;
    const address = chosen.get(listener.address) ?? listener.address;
    return { ...request, listener: { ...listener, address } };
  }
  if (request.kind !== 'add-frontend') return request;
  const { frontend } = request;
  const listener = chosen.get(frontend.listener) ?? frontend.listener;
  return { ...request, frontend: { ...frontend, listener } };
}
