/** Keeps the wanted number of workers alive and asks all of them at once. */
import type { EventBody } from '../../command/events.ts';
import type { StateRequest } from '../../command/requests.ts';
import type { BackendHealth, BreakerNews, Cut } from '../../command/worker-messages.ts';
import { LimitAuthority } from '../../limits/limit-authority.ts';
import { ClientPassing } from '../../net/listener/client-passing.ts';
import type { GiveClient, IdleClient } from '../../net/listener/listener.ts';
import { ProxyError } from '../../shared/errors.ts';
import { type Brief, type Briefing, brief, bringUp } from './bring-up.ts';
import { watchHeartbeat } from './heartbeat.ts';
import { breakerNews } from './open-breakers.ts';
import { Restarts } from './restarts.ts';
import type { WorkerAnswer } from './worker-answer.ts';
import { type Answer, WorkerProcess } from './worker-process.ts';

export interface PoolOptions extends Briefing {
  readonly count: number;
  /** Silence after which a worker is ended and replaced. */
  readonly timeoutMs: number;
  readonly commandSocket: string;
  /** How long workers serve on when this process dies; 0: for ever. */
  readonly orphanTimeoutMs: number;
  /** Workers that start now write the access log to the standard output. */
  readonly sharesStdout: () => boolean;
  readonly emit: (event: EventBody) => void;
  readonly onProblem: (message: string) => void;
}

const HEALTH_TIMEOUT_MS = 5000;
const RECEIVE_TIMEOUT_MS = 2_000;
/** How long a worker that is not relied on may finish what it has. */
const DISTRUSTED_MS = 10_000;

export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #workers = new Map<number, WorkerProcess>();
  readonly #restarts = new Restarts();
  readonly #replaced = new WeakSet<WorkerProcess>();
  readonly #limits: LimitAuthority;
  #lastId = 0;
  readonly #passing: ClientPassing = new ClientPassing({
    takers: () => this.#running().map(({ takeClient }) => takeClient),
    otherwise: client => this.#give(client),
  });
  #give: GiveClient = () => Promise.resolve(false);
  #isSettled = false;
  #isStopping = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#limits = new LimitAuthority(options.count, performance.now(), (workerId, order) =>
      this.#workers.get(workerId)?.order(order),
    );
  }

  get workers(): readonly WorkerProcess[] {
    return [...this.#workers.values()];
  }

  /** All workers accept when it resolves; when one cannot, all are ended and the reason is thrown. */
  async start(): Promise<void> {
    const told = brief(this.#options);
    const started = Array.from({ length: this.#options.count }, () => this.#launch('wanted', told));
    const outcomes = await Promise.all(started);
    const failure = outcomes.find(outcome => outcome instanceof ProxyError);
    if (failure === undefined) return;
    await this.kill();
    throw failure;
  }

  #running(): readonly WorkerProcess[] {
    return this.workers.filter(({ runState }) => runState === 'running');
  }

  ask(question: (worker: WorkerProcess) => Promise<Answer>): Promise<WorkerAnswer[]> {
    const asked = this.workers.filter(worker => worker.runState !== 'stopping');
    return Promise.all(
      asked.map(async worker => ({ workerId: worker.id, answer: await question(worker) })),
    );
  }

  /** Also those that only finish what they have. */
  askAll(question: (worker: WorkerProcess) => Promise<Answer>): Promise<WorkerAnswer[]> {
    return Promise.all(
      this.workers.map(async worker => ({ workerId: worker.id, answer: await question(worker) })),
    );
  }

  /** What this worker serves cannot be relied on: another one takes its place, once. */
  distrust(workerId: number, cause: string): void {
    const worker = this.#workers.get(workerId);
    if (worker === undefined || worker.runState === 'stopping' || this.#isStopping) return;
    if (this.#replaced.has(worker)) return;
    this.#options.emit({ kind: 'worker-diverged', workerId, cause });
    if (worker.runState !== 'running') worker.kill();
    else {
      this.upgrade(workerId, DISTRUSTED_MS, () => undefined).catch((error: unknown) => {
        if (!this.#isStopping) this.#options.onProblem(`worker ${workerId}: ${String(error)}`);
      });
    }
  }

  /** The proxy serves: from now on workers do so without this process, should it die. */
  settle(): void {
    this.#isSettled = true;
    for (const worker of this.#running()) worker.settle();
  }

  /** Workers that start later are told all of it. */
  remember(effects: readonly StateRequest[]): void {
    for (const worker of this.workers) worker.remember(effects);
  }

  get lastWorkerId(): number {
    return this.#lastId;
  }

  /** Numbers of workers go on behind those of whoever served before. */
  numberAfter(workerId: number): void {
    this.#lastId = Math.max(this.#lastId, workerId);
  }

  reopenAccessLog(): void {
    for (const worker of this.workers) worker.reopenLog();
  }

  /** Workers that start later ask for all of it. */
  tellHealth(changes: readonly BackendHealth[]): void {
    void this.ask(worker => worker.health(changes, HEALTH_TIMEOUT_MS));
  }

  #spread(from: number, news: BreakerNews): void {
    for (const worker of this.workers) if (worker.id !== from) worker.tellBreaker(news);
  }

  /**
   * Resolves when all have ended, with what the deadline has cut; without one nothing is.
   * `give`: takes their idle clients.
   */
  async drain(deadlineMs?: number, give?: GiveClient): Promise<Cut> {
    this.#stopRestarts();
    const giveIdle = give !== undefined;
    if (giveIdle) this.#give = give;
    const cuts = await Promise.all(this.workers.map(each => each.drain(deadlineMs, giveIdle)));
    return {
      requests: cuts.reduce((sum, cut) => sum + cut.requests, 0),
      tunnels: cuts.reduce((sum, cut) => sum + cut.tunnels, 0),
    };
  }

  /** What that cuts, nobody counts. */
  async kill(): Promise<Cut> {
    this.#stopRestarts();
    const workers = this.workers;
    for (const worker of workers) worker.kill();
    await Promise.all(workers.map(worker => worker.exited));
    return { requests: 0, tunnels: 0 };
  }

  #stopRestarts(): void {
    this.#isStopping = true;
    this.#restarts.stop();
  }

  /**
   * A new worker takes the place of this one, which then finishes what it has; its idle clients
   * go on with the others. Rejects with the reason when the new one cannot serve: then the old
   * one serves on.
   */
  async upgrade(
    workerId: number,
    deadlineMs: number | undefined,
    onStep: (message: string) => void,
  ): Promise<Cut> {
    const old = this.#workers.get(workerId);
    if (old?.runState !== 'running') throw this.#notRunning(workerId, old?.runState);
    this.#replaced.add(old);
    onStep(`launching a new worker in place of worker ${workerId}`);
    const launched = await this.#launch('spare');
    if (launched instanceof ProxyError) {
      this.#replaced.delete(old);
      if (!this.#workers.has(workerId)) this.#replace(old);
      const message = `${launched.message}; worker ${workerId} serves on`;
      throw new ProxyError('PROXY_WORKER_FAILED', message);
    }
    onStep(`worker ${launched.id} serves; worker ${workerId} finishes what it has`);
    const cause = `worker ${launched.id} has taken its place`;
    this.#options.emit({ kind: 'worker-upgraded', workerId, cause });
    return old.drain(deadlineMs, true);
  }

  #notRunning(workerId: number, runState: string | undefined): ProxyError {
    const known = this.workers.map(({ id }) => id).join(', ');
    const why = runState === undefined ? `does not exist; there is ${known}` : `is ${runState}`;
    return new ProxyError('PROXY_NOT_FOUND', `worker ${workerId} ${why}`);
  }

  /** Resolves when all workers take over clients of the orphan that waits there, or never will. */
  receiveFrom(place: string): Promise<unknown> {
    return this.ask(worker => worker.receiveFrom(place, RECEIVE_TIMEOUT_MS));
  }

  /** To a worker, or to whoever follows when there is none any more. */
  passOn(client: IdleClient): void {
    void this.#passing.pass(client).then(arrived => {
      if (!arrived) client.handle.close();
    });
  }

  /**
   * Resolves with the reason when the worker cannot serve. `spare`: nobody then takes the place
   * of this one.
   */
  async #launch(
    kind: 'wanted' | 'spare' = 'wanted',
    told: Brief = brief(this.#options),
  ): Promise<WorkerProcess | ProxyError> {
    this.#lastId += 1;
    const id = this.#lastId;
    const worker = new WorkerProcess(id, {
      workers: this.#options.count,
      commandSocket: this.#options.commandSocket,
      orphanTimeoutMs: this.#options.orphanTimeoutMs,
      sharesStdout: this.#options.sharesStdout(),
      onEvent: event => {
        this.#options.emit(event);
        const news = breakerNews(event);
        if (news !== undefined) this.#spread(id, news);
      },
      onLimitAsk: ask => {
        // What a worker sent before its end may arrive behind it, and nobody would give that back.
        if (this.#workers.has(id)) this.#limits.receive(id, ask, performance.now());
      },
      onLastWords: text => this.#options.onProblem(`worker ${id}: ${text.trimEnd()}`),
      onClient: client => this.passOn(client),
      onCrash: error => this.#onCrash(id, error),
      onExit: (gone, how) => this.#onExit(gone, how),
    });
    this.#workers.set(worker.id, worker);
    if (kind === 'spare') this.#replaced.add(worker);
    const problem = await bringUp(worker, told);
    if (problem === undefined && worker.runState === 'starting') {
      worker.runState = 'running';
      this.#replaced.delete(worker);
      if (this.#isSettled) worker.settle();
      this.#watch(worker);
      this.#options.emit({ kind: 'worker-started', workerId: worker.id });
      return worker;
    }
    // Its end starts the next try, later.
    worker.kill();
    return problem ?? new ProxyError('PROXY_WORKER_FAILED', `worker ${id} was ended at its start`);
  }

  #watch(worker: WorkerProcess): void {
    const { timeoutMs, emit } = this.#options;
    const stop = watchHeartbeat({
      timeoutMs,
      ask: () => worker.ping(),
      onSilence: () => {
        const cause = `it did not answer for ${timeoutMs / 1000} s`;
        worker.runState = 'not-answering';
        emit({ kind: 'worker-not-answering', workerId: worker.id, cause });
        worker.kill(cause);
      },
    });
    void worker.exited.then(stop);
  }

  /** It accepts no more; another one does not wait for its end. */
  #onCrash(workerId: number, error: string): void {
    this.#options.onProblem(`worker ${workerId}: ${error}`);
    const cause = error.split('\n')[0] ?? '';
    this.#options.emit({ kind: 'worker-crashed', workerId, cause });
    const worker = this.#workers.get(workerId);
    if (worker !== undefined) this.#replace(worker);
  }

  #onExit(worker: WorkerProcess, how: string): void {
    this.#workers.delete(worker.id);
    this.#limits.gone(worker.id);
    if (this.#isStopping) return;
    this.#options.emit({ kind: 'worker-exited', workerId: worker.id, cause: how });
    this.#replace(worker);
  }

  /** Once for each worker. */
  #replace(worker: WorkerProcess): void {
    if (this.#isStopping || this.#replaced.has(worker)) return;
    this.#replaced.add(worker);
    this.#restarts.schedule(performance.now() - worker.startedAt, async () => {
      const launched = await this.#launch();
      if (launched instanceof ProxyError && !this.#isStopping) {
        this.#options.onProblem(launched.message);
      }
    });
  }
}
