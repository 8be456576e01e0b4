/** The main process: owns the state, the listening sockets, the workers and the command socket. */
import type { EventBody } from '../command/events.ts';
import type { ProxyRequest, StateRequest } from '../command/requests.ts';
import type { Cut } from '../command/worker-messages.ts';
import type { Prober } from '../health/prober.ts';
import type { IdleClient } from '../net/listener/listener.ts';
import { ProxyError } from '../shared/errors.ts';
import { type ConfigState, emptyState } from '../state/config-state.ts';
import { replay } from '../state/replay.ts';
import type { AdminServer } from './admin/admin-server.ts';
import { mainAdmin } from './admin/main-admin.ts';
import { after } from './after.ts';
import { EventLog } from './answers/event-log.ts';
import { EventRoute } from './answers/event-route.ts';
import { RequestCounts } from './answers/request-counts.ts';
import { RequestHandler } from './answers/request-handler.ts';
import { applyAtStart } from './changes/apply-at-start.ts';
import { ChangeQueue } from './changes/change-queue.ts';
import { clusterOf } from './changes/changed-cluster.ts';
import { eventOf } from './changes/describe-change.ts';
import { CHANGE_TIMEOUT_MS, workerFleet } from './changes/worker-fleet.ts';
import { CommandDoor } from './command-socket/command-door.ts';
import type { Asker } from './command-socket/command-session.ts';
import { DrainWatches } from './drains/drain-watches.ts';
import { StateFiles } from './files/state-files.ts';
import { mainProber } from './main-prober.ts';
import type { MasterOptions, StopMode } from './master-options.ts';
import { nameLookUp } from './names/name-lookup.ts';
import { NamedBackends } from './names/named-backends.ts';
import { checkDescriptors } from './sockets/check-descriptors.ts';
import { ListenerSockets } from './sockets/listener-sockets.ts';
import { Adoption } from './succession/adoption.ts';
import type { Heritage } from './succession/heritage.ts';
import { closeLeftOver } from './succession/left-over-sockets.ts';
import { MainUpgrade, type SuccessorHooks } from './succession/main-upgrade.ts';
import { passOn } from './succession/pass-on.ts';
import { PidFile } from './succession/pid-file.ts';
import { Succession } from './succession/succession.ts';
import { WorkerPool } from './workers/worker-pool.ts';

/** Why a change that waited for an upgrade is not done here. */
const REPLACED = 'this main process is replaced';

const QUESTION_TIMEOUT_MS = 2_000;

export class Master {
  /** Resolves when nothing is left that serves. */
  readonly stopped: Promise<void>;
  readonly #options: MasterOptions;
  readonly #state: ConfigState = emptyState();
  readonly #sockets = new ListenerSockets();
  readonly #events = new EventLog();
  readonly #eventRoute = new EventRoute(body => this.#events.add(body));
  readonly #admin: AdminServer;
  readonly #door: CommandDoor;
  readonly #pidFile: PidFile;
  readonly #pool: WorkerPool;
  readonly #prober: Prober;
  readonly #heritage: Heritage;
  readonly #upgrade: MainUpgrade;
  readonly #names: NamedBackends;
  readonly #changes: ChangeQueue;
  readonly #drains: DrainWatches;
  readonly #counts = new RequestCounts();
  readonly #files: StateFiles;
  readonly #handler: RequestHandler;
  #resolveStopped: () => void = () => undefined;
  /** This process is replaced. */
  #successor: SuccessorHooks | undefined;
  #phase: 'starting' | 'serving' | 'stopping' = 'starting';
  #serving: Promise<void> = Promise.resolve();

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
      expand: requests => this.#names.expand(requests),
      sockets: () => this.#sockets.all(),
      health: () => this.#prober.unhealthy(),
      openBreakers: () => this.#events.openBreakers.all(),
      sharesStdout: () => this.#state.settings.accessLog?.target === 'stdout',
      emit: event => this.#emit(event),
      onProblem: message => logger.error(message),
    });
    this.#prober = mainProber(
      event => this.#emit(event),
      change => this.#pool.tellHealth([change]),
    );
    this.#heritage = this.#makeHeritage();
    this.#upgrade = this.#makeUpgrade();
    this.#admin = this.#makeAdmin();
    this.#door = new CommandDoor(config.settings.commandSocket, logger, this.#admin);
    this.#pidFile = new PidFile(config.settings.pidFile, process.pid);
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
      closed: () => {
        if (this.#successor !== undefined) return REPLACED;
        return this.#isStopping ? 'the proxy is stopping and takes no changes' : undefined;
      },
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

  get #isStopping(): boolean {
    return this.#phase === 'stopping';
  }

  #followDrains(): DrainWatches {
    return new DrainWatches({
      state: this.#state,
      inFlight: async () => [
        ...(await this.#pool.askAll(worker => worker.inFlight(QUESTION_TIMEOUT_MS))),
        // They cannot be asked, but may have something.
        ...this.#heritage.retiring.map(workerId => ({
          workerId,
          answer: { kind: 'late' } as const,
        })),
      ],
      cut: place => this.#pool.askAll(worker => worker.cutHolders(place, QUESTION_TIMEOUT_MS)),
      emit: event => this.#emit(event),
      now: () => performance.now(),
      schedule: after,
    });
  }

  #makeHeritage(): Heritage {
    const { takeOver, config } = this.#options;
    const { commandSocket } = config.settings;
    const emit = (event: EventBody): void => this.#emit(event);
    const onClient = (client: IdleClient): void => this.#pool.passOn(client);
    const receiveFrom = (place: string): Promise<unknown> => this.#pool.receiveFrom(place);
    return takeOver === undefined
      ? new Adoption({ ...this.#options, commandSocket, emit, onClient, receiveFrom })
      : new Succession({ place: takeOver, emit, onClient });
  }

  #makeUpgrade(): MainUpgrade {
    return new MainUpgrade({
      commandSocket: this.#options.config.settings.commandSocket,
      launch: this.#options.launch,
      whenQuiet: action => this.#changes.whenQuiet(action),
      state: () => ({
        requests: replay(this.#state),
        events: { seq: this.#events.seq, recent: this.#events.kept() },
        lastWorkerId: this.#pool.lastWorkerId,
      }),
      sockets: () => this.#sockets.all(),
      pause: () => this.#eventRoute.pause(),
      resume: () => this.#eventRoute.turn(body => this.#events.add(body)),
      retire: (deadlineMs, successor) => this.#retire(deadlineMs, successor),
      end: () => void this.#leave(),
    });
  }

  /**
   * The addresses that are accepted on by then, by every worker; undefined when the proxy was
   * stopped before it came that far.
   */
  async start(): Promise<readonly string[] | undefined> {
    const isFirst = this.#options.takeOver === undefined;
    if (isFirst) await this.#door.claim();
    this.#serving = this.#serve(isFirst);
    if (isFirst) this.#door.open(this.#serving);
    try {
      await this.#serving;
      if (!this.#isStopping && !isFirst) {
        await this.#door.takeOver();
        this.#door.open(this.#serving);
        this.#emit({ kind: 'main-upgraded', cause: `process ${process.pid} is the main one now` });
      }
      if (!this.#isStopping) {
        this.#pidFile.write();
        this.#takeEffect();
        if (!isFirst) void this.#admin.takeOver();
      }
    } catch (error) {
      if (!this.#isStopping) {
        this.#heritage.leave(error instanceof Error ? error.message : String(error));
        await this.#close();
        throw error;
      }
    }
    if (!this.#isStopping) return this.#sockets.addresses;
    // The stop may have come before there was anything to close.
    await this.#close();
    return undefined;
  }

  /** `last` is called when all workers have ended, before the command socket closes. */
  async stop(how: StopMode, cause: string, last?: (cut: Cut) => void): Promise<void> {
    if (!this.#isStopping) this.#emit({ kind: 'stop-requested', cause });
    if (cause.startsWith('SIG')) this.#admin.audit.signal(how === 'hard', cause);
    this.#phase = 'stopping';
    this.#prober.stop();
    this.#names.stop();
    this.#heritage.stop();
    this.#upgrade.abort();
    this.#drains.stop();
    // Workers close theirs when they drain; the last one to close ends the kernel's queue.
    this.#sockets.closeAll();
    const cut = how === 'hard' ? await this.#pool.kill() : await this.#pool.drain(how.deadlineMs);
    await this.#files.stop();
    last?.(cut);
    await this.#close();
    this.#resolveStopped();
  }

  /** The files of the access log and of the audit log may have been moved away. */
  reopenLogs(): void {
    this.#admin.reopen();
    this.#pool.reopenAccessLog();
  }

  async #serve(isFirst: boolean): Promise<void> {
    // An address that cannot be had is told before there are workers.
    if (isFirst) await this.#admin.start();
    await this.#heritage.look();
    if (this.#heritage.events !== undefined) this.#events.continueFrom(this.#heritage.events);
    try {
      await this.#begin();
    } catch (error) {
      const isTaken = error instanceof ProxyError && error.code === 'PROXY_ADDRESS_IN_USE';
      if (!isTaken || !this.#door.wasStale || !(await this.#heritage.lookLonger())) throw error;
      await this.#begin();
    }
    this.#files.begun();
    checkDescriptors(this.#state, this.#options);
    closeLeftOver(this.#options);
    await this.#lookUpNames();
    if (!this.#isStopping) await this.#pool.start();
  }

  /** All of it serves: who served before may go. */
  #takeEffect(): void {
    this.#phase = 'serving';
    this.#admin.audit.own('start', 'start', `${this.#options.requests.length} requests`);
    this.#pool.settle();
    this.#heritage.complete();
    this.#drains.resume();
    for (const id of this.#state.clusters.keys()) this.#checkHealth(id);
  }

  /** Nothing has changed when it rejects. */
  async #begin(): Promise<void> {
    this.#pool.numberAfter(this.#heritage.lastWorkerId);
    this.#options.inherited.push(...this.#heritage.sockets());
    const parts = { ...this.#options, state: this.#state, sockets: this.#sockets };
    const wanted = this.#heritage.requests(this.#options.requests);
    for (const request of await applyAtStart(wanted, parts)) this.#counts.add(request);
    this.#options.onSettings(this.#state.settings);
  }

  /** Another main process serves: what runs here ends, and what comes here goes there. */
  async #retire(deadlineMs: number | undefined, successor: SuccessorHooks): Promise<Cut> {
    this.#successor = successor;
    this.#options.service.leave();
    this.#eventRoute.turn(successor.tell);
    this.#admin.release();
    this.#phase = 'stopping';
    this.#prober.stop();
    this.#names.stop();
    this.#heritage.stop();
    this.#sockets.closeAll();
    this.#drains.stop();
    await this.#files.stop();
    return this.#pool.drain(deadlineMs, successor.give);
  }

  /** Whoever connected before the other process had the command socket still gets an answer. */
  async #leave(): Promise<void> {
    await this.#door.lastAnswers();
    await this.#close();
    this.#resolveStopped();
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
      mainUpgrade: this.#upgrade,
      prober: this.#prober,
      stop: (how, cause, last) => this.stop(how, cause, last),
      about: { version, commandSocket: config.settings.commandSocket, warnings: config.warnings },
    });
  }

  /** All workers have done it. */
  #committed(effects: readonly StateRequest[], cause: string): void {
    this.#pool.remember(effects);
    for (const effect of effects) {
      this.#emit({ cause, ...eventOf(effect) });
      if (effect.kind === 'configure') this.#options.onSettings(effect.settings);
      this.#followHealth(effect);
      this.#drains.follow(effect);
      this.#counts.add(effect);
    }
    this.#files.changed();
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
    const problem = await this.#names.begin(this.#state);
    if (problem !== '' && !this.#isStopping) this.#options.logger.warn(problem);
  }

  #makeAdmin(): AdminServer {
    return mainAdmin(this.#options, {
      state: this.#state,
      events: this.#events,
      pool: this.#pool,
      answer: (request, asker) => this.#answer(request, asker),
      clients: () => this.#door.clients,
      phase: () => this.#phase,
    });
  }

  /** Whoever asks while the proxy starts is answered as soon as it serves. */
  async #answer(request: ProxyRequest, asker: Asker): Promise<void> {
    await this.#serving;
    const { commandSocket } = this.#options.config.settings;
    if (this.#successor !== undefined) return passOn(commandSocket, request, asker);
    try {
      await this.#handler.handle(request, asker);
    } catch (error) {
      const isReplaced = error instanceof ProxyError && error.message === REPLACED;
      if (!isReplaced) throw error;
      await passOn(commandSocket, request, asker);
    }
  }

  async #close(): Promise<void> {
    this.#names.stop();
    this.#sockets.closeAll();
    this.#door.close();
    this.#pidFile.remove();
    await this.#admin.stop();
  }

  #emit(body: EventBody): void {
    this.#eventRoute.take(body);
    if (body.kind === 'backend-drained') this.#drains.lookAgain();
    this.#options.logger.info(`event ${JSON.stringify(body)}`);
  }
}
