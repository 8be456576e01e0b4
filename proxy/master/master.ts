/** The main process: owns the state, the listening sockets, the workers and the command socket. */
import type { Server } from 'node:net';
import type { EventBody } from '../command/events.ts';
import type { DataPlaneSettings, StateRequest } from '../command/requests.ts';
import type { Cut } from '../command/worker-messages.ts';
import type { Config } from '../config/load.ts';
import { Prober } from '../health/prober.ts';
import { descriptorWarning } from '../limits/descriptor-budget.ts';
import type { Logger } from '../log/logger.ts';
import { descriptorLimit } from '../net/listener/descriptor-limit.ts';
import { TimerWheel } from '../net/socket/timer-wheel.ts';
import { socketDialer } from '../net/upstream/dialer.ts';
import { ProxyError } from '../shared/errors.ts';
import { apply } from '../state/apply.ts';
import { type ConfigState, emptyState } from '../state/config-state.ts';
import { replay } from '../state/replay.ts';
import { Adoption } from './adoption.ts';
import { ChangeQueue } from './change-queue.ts';
import { CommandSession } from './command-session.ts';
import { claimCommandSocket } from './command-socket.ts';
import { eventOf } from './describe-change.ts';
import { DrainWatches } from './drain-watches.ts';
import { EventLog } from './event-log.ts';
import { ListenerSockets } from './listener-sockets.ts';
import type { ListeningSocket } from './listening-sockets.ts';
import { nameLookUp } from './name-lookup.ts';
import { NamedBackends } from './named-backends.ts';
import { RequestCounts } from './request-counts.ts';
import { RequestHandler } from './request-handler.ts';
import { StateFiles } from './state-files.ts';
import { CHANGE_TIMEOUT_MS, workerFleet } from './worker-fleet.ts';
import { WorkerPool } from './worker-pool.ts';

export interface MasterOptions {
  readonly config: Config;
  /** What to begin with: those of the config, and on top of them what was saved. */
  readonly requests: readonly StateRequest[];
  readonly logger: Logger;
  readonly version: string;
  /** The settings are others than at the start. */
  readonly onSettings: (settings: DataPlaneSettings) => void;
  /** Sockets that were opened before this process began. */
  readonly inherited: ListeningSocket[];
  /** When the config file was last changed; milliseconds. */
  readonly configChangedAt: number;
}

/** Soft: every request in progress ends first, at most until the deadline; without one for ever. */
export type StopMode = 'hard' | { readonly deadlineMs?: number };

const MAX_COMMAND_CLIENTS = 256;
/** Of health checks, whose answers are small. */
const READ_BUFFER_BYTES = 16 * 1024;
const QUESTION_TIMEOUT_MS = 2_000;
const LATE = { kind: 'late' } as const;

export class Master {
  /** Resolves when nothing is left that serves. */
  readonly stopped: Promise<void>;
  readonly #options: MasterOptions;
  readonly #state: ConfigState = emptyState();
  readonly #sockets = new ListenerSockets();
  readonly #events = new EventLog();
  readonly #sessions = new Set<CommandSession>();
  readonly #pool: WorkerPool;
  readonly #prober: Prober;
  readonly #adoption: Adoption;
  readonly #names: NamedBackends;
  readonly #changes: ChangeQueue;
  readonly #drains: DrainWatches;
  readonly #counts = new RequestCounts();
  readonly #files: StateFiles;
  readonly #handler: RequestHandler;
  #resolveStopped: () => void = () => undefined;
  #server: Server | undefined;
  #isStopping = false;
  /** Another main process had the command socket and did not end in order. */
  #followsDead = false;

  constructor(options: MasterOptions) {
    this.#options = options;
    this.stopped = new Promise(resolve => {
      this.#resolveStopped = resolve;
    });
    const { config, logger } = options;
    this.#pool = new WorkerPool({
      count: config.settings.workerCount,
      timeoutMs: config.settings.workerTimeoutMs,
      commandSocket: config.settings.commandSocket,
      orphanTimeoutMs: config.settings.orphanTimeoutMs,
      state: () => replay(this.#state),
      replay: () => this.#names.expand(replay(this.#state)),
      sockets: () => this.#sockets.all(),
      health: () => this.#prober.unhealthy(),
      sharesStdout: () => this.#state.settings.accessLog?.target === 'stdout',
      emit: event => this.#emit(event),
      onProblem: message => logger.error(message),
    });
    this.#prober = new Prober({
      dial: socketDialer(Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)),
      timers: new TimerWheel(),
      random: Math.random,
      emit: event => this.#emit(event),
      onChange: change => this.#pool.tellHealth([change]),
    });
    this.#adoption = new Adoption({
      commandSocket: config.settings.commandSocket,
      configChangedAt: options.configChangedAt,
      logger,
      emit: event => this.#emit(event),
      onClient: client => this.#pool.passOn(client),
    });
    this.#names = new NamedBackends({
      lookUp: nameLookUp(),
      send: requests => this.#tellAddresses(requests),
      emit: event => this.#emit(event),
      schedule: after,
    });
    this.#drains = this.#followDrains();
    this.#changes = new ChangeQueue({
      state: this.#state,
      sockets: this.#sockets,
      fleet: workerFleet(this.#pool, this.#names),
      closed: () => (this.#isStopping ? 'the proxy is stopping and takes no changes' : undefined),
      onCommitted: (effects, cause) => this.#committed(effects, cause),
    });
    this.#files = new StateFiles({
      state: this.#state,
      changes: this.#changes,
      names: this.#names,
      config,
      emit: event => this.#emit(event),
    });
    this.#handler = this.#createHandler();
  }

  #followDrains(): DrainWatches {
    return new DrainWatches({
      state: this.#state,
      inFlight: async () => [
        ...(await this.#pool.askAll(worker => worker.inFlight(QUESTION_TIMEOUT_MS))),
        // They cannot be asked, but may have something.
        ...this.#adoption.retiring.map(workerId => ({ workerId, answer: LATE })),
      ],
      cut: place => this.#pool.askAll(worker => worker.cutHolders(place, QUESTION_TIMEOUT_MS)),
      emit: event => this.#emit(event),
      now: () => performance.now(),
      schedule: after,
    });
  }

  /**
   * The addresses that are accepted on by then, by every worker; undefined when the proxy was
   * stopped before it came that far.
   */
  async start(): Promise<readonly string[] | undefined> {
    const { commandSocket } = this.#options.config.settings;
    const { server, wasStale } = await claimCommandSocket(commandSocket);
    this.#server = server;
    this.#followsDead = wasStale;
    const serving = this.#serve();
    this.#acceptCommands(server, serving);
    try {
      await serving;
    } catch (error) {
      if (!this.#isStopping) {
        this.#adoption.leave(error instanceof Error ? error.message : String(error));
        this.#close();
        throw error;
      }
    }
    if (!this.#isStopping) return this.#sockets.addresses;
    // The stop may have come before there was anything to close.
    this.#close();
    return undefined;
  }

  /** `last` is called when all workers have ended, before the command socket closes. */
  async stop(how: StopMode, cause: string, last?: (cut: Cut) => void): Promise<void> {
    if (!this.#isStopping) this.#emit({ kind: 'stop-requested', cause });
    this.#isStopping = true;
    this.#prober.stop();
    this.#names.stop();
    this.#adoption.stop();
    this.#drains.stop();
    // Workers close theirs when they drain; the last one to close ends the kernel's queue.
    this.#sockets.closeAll();
    const cut = how === 'hard' ? await this.#pool.kill() : await this.#pool.drain(how.deadlineMs);
    await this.#files.stop();
    last?.(cut);
    this.#close();
    this.#resolveStopped();
  }

  /** The file of the access log may have been moved away. */
  reopenAccessLog(): void {
    this.#pool.reopenAccessLog();
  }

  async #serve(): Promise<void> {
    const { inherited, logger } = this.#options;
    await this.#adoption.look();
    try {
      await this.#begin();
    } catch (error) {
      const isTaken = error instanceof ProxyError && error.code === 'PROXY_ADDRESS_IN_USE';
      if (!isTaken || !this.#followsDead || !(await this.#adoption.lookLonger())) throw error;
      await this.#begin();
    }
    this.#files.begun();
    this.#checkDescriptors();
    for (const { address, handle } of inherited.splice(0)) {
      logger.warn(`the inherited socket ${address} belongs to no listener and is closed`);
      handle.close();
    }
    await this.#lookUpNames();
    if (!this.#isStopping) await this.#pool.start();
    if (this.#isStopping) return;
    this.#pool.settle();
    this.#adoption.complete();
    this.#drains.resume();
    for (const id of this.#state.clusters.keys()) this.#checkHealth(id);
  }

  /** Nothing has changed when it rejects. */
  async #begin(): Promise<void> {
    this.#pool.numberAfter(this.#adoption.lastWorkerId);
    this.#options.inherited.push(...this.#adoption.sockets());
    await this.#applyAtStart(this.#adoption.requests(this.#options.requests));
  }

  /** Workers have the limit of this process. */
  #checkDescriptors(): void {
    const wanted = [...this.#state.listeners.values()].map(each => each.maxConnections);
    const warning = descriptorWarning(Math.max(0, ...wanted), descriptorLimit());
    if (warning !== undefined) this.#options.logger.warn(warning);
  }

  #createHandler(): RequestHandler {
    const { config, version } = this.#options;
    return new RequestHandler({
      state: this.#state,
      changes: this.#changes,
      drains: this.#drains,
      sockets: this.#sockets,
      pool: this.#pool,
      names: this.#names,
      events: this.#events,
      files: this.#files,
      counts: this.#counts,
      stop: (how, cause, last) => this.stop(how, cause, last),
      about: {
        version,
        commandSocket: config.settings.commandSocket,
        warnings: config.warnings,
      },
    });
  }

  /** All workers have done it. */
  #committed(effects: readonly StateRequest[], cause: string): void {
    this.#pool.remember(effects);
    for (const effect of effects) {
      this.#emit({ cause, ...eventOf(effect) });
      this.#follow(effect);
      this.#drains.follow(effect);
      this.#counts.add(effect);
    }
    this.#files.changed();
  }

  #follow(request: StateRequest): void {
    if (request.kind === 'configure') this.#options.onSettings(request.settings);
    else this.#followHealth(request);
  }

  #followHealth(request: StateRequest): void {
    const clusterId = clusterOf(request);
    if (clusterId !== undefined) this.#checkHealth(clusterId);
  }

  #checkHealth(clusterId: string): void {
    const now = this.#state.clusters.get(clusterId);
    const resolved = now && { ...now, backends: this.#names.resolved(now.backends.values()) };
    this.#prober.follow(clusterId, resolved);
  }

  /** The addresses of a name are others than before. */
  async #tellAddresses(requests: readonly StateRequest[]): Promise<void> {
    for (const request of requests) {
      this.#followHealth(request);
      if (request.kind === 'add-backend') this.#drains.isBack(request.backend);
    }
    await this.#pool.ask(worker => worker.apply(requests, CHANGE_TIMEOUT_MS));
    for (const each of requests) if (each.kind === 'remove-backend') this.#drains.follow(each);
  }

  /** Workers begin with the addresses of all names, as far as they come soon. */
  async #lookUpNames(): Promise<void> {
    const requests = replay(this.#state);
    this.#names.expand(requests);
    const problem = await this.#names.lookedUp(requests);
    if (problem !== '' && !this.#isStopping) this.#options.logger.warn(problem);
  }

  async #applyAtStart(wanted: readonly StateRequest[]): Promise<void> {
    const { logger, inherited } = this.#options;
    const requests = await this.#sockets.open(wanted, this.#state, inherited);
    for (const { address, inherited: given } of this.#sockets.all()) {
      if (given) logger.info(`listener ${address} uses an inherited socket`);
    }
    for (const request of requests) {
      const applied = apply(this.#state, request);
      if (!applied.ok) throw applied.error;
      this.#counts.add(request);
    }
  }

  /** Whoever connects while the proxy starts is answered as soon as it serves. */
  #acceptCommands(server: Server, serving: Promise<void>): void {
    server.maxConnections = MAX_COMMAND_CLIENTS;
    server.on('error', error => this.#options.logger.error(`command socket: ${error.message}`));
    server.on('connection', socket => {
      const session = new CommandSession(socket, async (request, asker) => {
        await serving;
        await this.#handler.handle(request, asker);
      });
      this.#sessions.add(session);
      socket.once('close', () => this.#sessions.delete(session));
    });
  }

  #close(): void {
    this.#names.stop();
    this.#sockets.closeAll();
    this.#server?.close();
    for (const session of this.#sessions) session.end();
  }

  #emit(body: EventBody): void {
    this.#events.add(body);
    if (body.kind === 'backend-drained') this.#drains.lookAgain();
    this.#options.logger.info(`event ${JSON.stringify(body)}`);
  }
}

function after(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs).unref();
  return () => clearTimeout(timer);
}

/** Whose backends, or their health check, the request changes. */
function clusterOf(request: StateRequest): string | undefined {
  switch (request.kind) {
    case 'add-cluster':
      return request.cluster.id;
    case 'add-backend':
      return request.backend.clusterId;
    case 'remove-cluster':
    case 'remove-backend':
      return request.clusterId;
    default:
      return undefined;
  }
}
