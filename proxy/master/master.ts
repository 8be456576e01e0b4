/** The main process: owns the state, the listening sockets, the workers and the command socket. */
import type { Server } from 'node:net';
import type { EventBody } from '../command/events.ts';
import type { StateRequest } from '../command/requests.ts';
import type { Config } from '../config/load.ts';
import { Prober } from '../health/prober.ts';
import { descriptorWarning } from '../limits/descriptor-budget.ts';
import type { Logger } from '../log/logger.ts';
import { descriptorLimit } from '../net/listener/descriptor-limit.ts';
import { TimerWheel } from '../net/socket/timer-wheel.ts';
import { socketDialer } from '../net/upstream/dialer.ts';
import { apply } from '../state/apply.ts';
import { type ConfigState, emptyState } from '../state/config-state.ts';
import { isActive } from '../state/listeners.ts';
import { replay } from '../state/replay.ts';
import { CommandSession } from './command-session.ts';
import { claimCommandSocket } from './command-socket.ts';
import { EventLog } from './event-log.ts';
import { type ListeningSocket, openListeningSocket } from './listening-sockets.ts';
import { nameLookUp } from './name-lookup.ts';
import { NamedBackends } from './named-backends.ts';
import { CHANGE_TIMEOUT_MS, RequestHandler } from './request-handler.ts';
import { WorkerPool } from './worker-pool.ts';

export interface MasterOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly version: string;
  /** Sockets that were opened before this process began. */
  readonly inherited: ListeningSocket[];
}

const MAX_COMMAND_CLIENTS = 256;
/** Of health checks, whose answers are small. */
const READ_BUFFER_BYTES = 16 * 1024;

export class Master {
  /** Resolves when nothing is left that serves. */
  readonly stopped: Promise<void>;
  readonly #options: MasterOptions;
  readonly #state: ConfigState = emptyState();
  readonly #sockets = new Map<string, ListeningSocket>();
  readonly #events = new EventLog();
  readonly #sessions = new Set<CommandSession>();
  readonly #pool: WorkerPool;
  readonly #prober: Prober;
  readonly #names: NamedBackends;
  readonly #handler: RequestHandler;
  #resolveStopped: () => void = () => undefined;
  #server: Server | undefined;
  #isStopping = false;

  constructor(options: MasterOptions) {
    this.#options = options;
    this.stopped = new Promise(resolve => {
      this.#resolveStopped = resolve;
    });
    const { config, version, logger } = options;
    this.#pool = new WorkerPool({
      count: config.settings.workerCount,
      replay: () => this.#names.expand(replay(this.#state)),
      sockets: () => this.#sockets.values(),
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
    this.#names = new NamedBackends({
      lookUp: nameLookUp(),
      send: requests => this.#tellAddresses(requests),
      emit: event => this.#emit(event),
      schedule: (callback, delayMs) => {
        const timer = setTimeout(callback, delayMs).unref();
        return () => clearTimeout(timer);
      },
    });
    this.#handler = new RequestHandler({
      state: this.#state,
      sockets: this.#sockets,
      pool: this.#pool,
      names: this.#names,
      events: this.#events,
      emit: event => this.#emit(event),
      isStopping: () => this.#isStopping,
      onChanged: request => this.#followHealth(request),
      stop: (how, cause, last) => this.stop(how, cause, last),
      about: {
        version,
        commandSocket: config.settings.commandSocket,
        warnings: config.warnings,
      },
    });
  }

  /**
   * The addresses that are accepted on by then, by every worker; undefined when the proxy was
   * stopped before it came that far.
   */
  async start(): Promise<readonly string[] | undefined> {
    const server = await claimCommandSocket(this.#options.config.settings.commandSocket);
    this.#server = server;
    const serving = this.#serve();
    this.#acceptCommands(server, serving);
    try {
      await serving;
    } catch (error) {
      if (!this.#isStopping) {
        this.#close();
        throw error;
      }
    }
    if (!this.#isStopping) return [...this.#sockets.keys()];
    // The stop may have come before there was anything to close.
    this.#close();
    return undefined;
  }

  /** Soft: every request in progress ends first, however long that takes. */
  async stop(how: 'soft' | 'hard', cause: string, last?: () => void): Promise<void> {
    if (!this.#isStopping) this.#emit({ kind: 'stop-requested', cause });
    this.#isStopping = true;
    this.#prober.stop();
    this.#names.stop();
    // Workers close theirs when they drain; the last one to close ends the kernel's queue.
    this.#closeSockets();
    await (how === 'soft' ? this.#pool.drain() : this.#pool.kill());
    last?.();
    this.#close();
    this.#resolveStopped();
  }

  /** The file of the access log may have been moved away. */
  reopenAccessLog(): void {
    this.#pool.reopenAccessLog();
  }

  async #serve(): Promise<void> {
    const { config, inherited, logger } = this.#options;
    const chosen = new Map<string, string>();
    for (const request of config.requests) await this.#applyAtStart(request, chosen);
    this.#checkDescriptors();
    for (const { address, handle } of inherited.splice(0)) {
      logger.warn(`the inherited socket ${address} belongs to no listener and is closed`);
      handle.close();
    }
    await this.#lookUpNames();
    if (!this.#isStopping) await this.#pool.start();
    if (!this.#isStopping) for (const id of this.#state.clusters.keys()) this.#checkHealth(id);
  }

  /** Workers have the limit of this process. */
  #checkDescriptors(): void {
    const wanted = [...this.#state.listeners.values()].map(each => each.maxConnections);
    const warning = descriptorWarning(Math.max(0, ...wanted), descriptorLimit());
    if (warning !== undefined) this.#options.logger.warn(warning);
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
    for (const request of requests) this.#followHealth(request);
    await this.#pool.ask(worker => worker.apply(requests, CHANGE_TIMEOUT_MS));
  }

  /** Workers begin with the addresses of all names, as far as they come soon. */
  async #lookUpNames(): Promise<void> {
    const requests = replay(this.#state);
    this.#names.expand(requests);
    const problem = await this.#names.lookedUp(requests);
    if (problem !== '' && !this.#isStopping) this.#options.logger.warn(problem);
  }

  /** `chosen`: where the kernel picked a port for port 0, the address that was asked for. */
  async #applyAtStart(request: StateRequest, chosen: Map<string, string>): Promise<void> {
    const { logger, inherited } = this.#options;
    if (request.kind === 'add-listener' && isActive(request.listener)) {
      const socket = await openListeningSocket(request.listener.address, inherited);
      if (socket.inherited) logger.info(`listener ${socket.address} uses an inherited socket`);
      this.#sockets.set(socket.address, socket);
      chosen.set(request.listener.address, socket.address);
    }
    const applied = apply(this.#state, atRealAddress(request, chosen));
    if (!applied.ok) throw applied.error;
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
    this.#closeSockets();
    this.#server?.close();
    for (const session of this.#sessions) session.end();
  }

  #closeSockets(): void {
    for (const { handle } of this.#sockets.values()) handle.close();
    this.#sockets.clear();
  }

  #emit(body: EventBody): void {
    this.#events.add(body);
    this.#options.logger.info(`event ${JSON.stringify(body)}`);
  }
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
