/** Keeps the wanted number of workers alive and asks all of them at once. */
import type { EventBody } from '../command/events.ts';
import type { StateRequest } from '../command/requests.ts';
import type { BackendHealth, BreakerNews } from '../command/worker-messages.ts';
import { LimitAuthority } from '../limits/limit-authority.ts';
import { ProxyError } from '../shared/errors.ts';
import { addressInUse, type ListeningSocket } from './listening-sockets.ts';
import type { WorkerAnswer } from './worker-answer.ts';
import { type Answer, WorkerProcess } from './worker-process.ts';

export interface PoolOptions {
  readonly count: number;
  /** What a new worker must be told. */
  readonly replay: () => readonly StateRequest[];
  readonly sockets: () => Iterable<ListeningSocket>;
  /** The backends that are not healthy. */
  readonly health: () => readonly BackendHealth[];
  /** Workers that start now write the access log to the standard output. */
  readonly sharesStdout: () => boolean;
  readonly emit: (event: EventBody) => void;
  readonly onProblem: (message: string) => void;
}

const START_TIMEOUT_MS = 20_000;
const HEALTH_TIMEOUT_MS = 5000;
/** A message is text and objects at once in the worker's memory, which does not shrink again. */
const REQUESTS_PER_MESSAGE = 1000;
/** A worker that lived shorter than this is taken to be broken from the start. */
const HEALTHY_AFTER_MS = 5_000;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;

export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #workers = new Map<number, WorkerProcess>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  readonly #limits: LimitAuthority;
  #lastId = 0;
  #quickDeaths = 0;
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
    const started = Array.from({ length: this.#options.count }, () => this.#launch());
    const outcomes = await Promise.all(started);
    const failure = outcomes.find(error => error !== undefined);
    if (failure === undefined) return;
    await this.kill();
    throw failure;
  }

  ask(question: (worker: WorkerProcess) => Promise<Answer>): Promise<WorkerAnswer[]> {
    const asked = this.workers.filter(worker => worker.runState !== 'stopping');
    return Promise.all(
      asked.map(async worker => ({ workerId: worker.id, answer: await question(worker) })),
    );
  }

  /** What this worker serves cannot be relied on: another one takes its place. */
  distrust(workerId: number, cause: string): void {
    const worker = this.#workers.get(workerId);
    if (worker === undefined || worker.runState === 'stopping' || this.#isStopping) return;
    this.#options.emit({ kind: 'worker-diverged', workerId, cause });
    worker.kill();
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

  async drain(): Promise<void> {
    this.#stopRestarts();
    await Promise.all(this.workers.map(worker => worker.drain()));
  }

  async kill(): Promise<void> {
    this.#stopRestarts();
    const workers = this.workers;
    for (const worker of workers) worker.kill();
    await Promise.all(workers.map(worker => worker.exited));
  }

  #stopRestarts(): void {
    this.#isStopping = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    this.#restarts.clear();
  }

  /** Resolves with the reason when the worker cannot serve. */
  async #launch(): Promise<ProxyError | undefined> {
    this.#lastId += 1;
    const id = this.#lastId;
    const worker = new WorkerProcess(id, {
      workers: this.#options.count,
      sharesStdout: this.#options.sharesStdout(),
      onEvent: event => {
        this.#options.emit(event);
        const news = breakerNews(id, event);
        if (news !== undefined) this.#spread(id, news);
      },
      onLimitAsk: ask => {
        // What a worker sent before its end may arrive behind it, and nobody would give that back.
        if (this.#workers.has(id)) this.#limits.receive(id, ask, performance.now());
      },
      onLastWords: text => this.#options.onProblem(`worker ${id}: ${text.trimEnd()}`),
      onExit: (gone, how) => this.#onExit(gone, how),
    });
    this.#workers.set(worker.id, worker);
    const problem = await this.#bringUp(worker);
    if (problem === undefined && worker.runState === 'starting') {
      worker.runState = 'running';
      this.#options.emit({ kind: 'worker-started', workerId: worker.id });
    }
    // Its end starts the next try, later.
    if (problem !== undefined) worker.kill();
    return problem;
  }

  /**
   * Everything is sent at once: the channel keeps the order, so a change that is sent to all
   * workers from now on reaches this one after the state it belongs to.
   */
  async #bringUp(worker: WorkerProcess): Promise<ProxyError | undefined> {
    const sockets = [...this.#options.sockets()];
    const before = [
      ...inParts(this.#options.replay()).map(part => worker.apply(part, START_TIMEOUT_MS)),
      worker.health(this.#options.health(), START_TIMEOUT_MS),
    ];
    const answers = await Promise.all([
      ...before,
      ...sockets.map(({ address, handle }) => worker.listen(address, handle, START_TIMEOUT_MS)),
    ]);
    for (const [index, answer] of answers.entries()) {
      if (answer.kind === 'ok') continue;
      const address = sockets[index - before.length]?.address;
      if (answer.kind === 'refused' && answer.errno === 'EADDRINUSE' && address !== undefined) {
        return addressInUse(address);
      }
      return cannotServe(worker.id, answer);
    }
    return undefined;
  }

  #onExit(worker: WorkerProcess, how: string): void {
    this.#workers.delete(worker.id);
    this.#limits.gone(worker.id);
    if (this.#isStopping) return;
    this.#options.emit({ kind: 'worker-exited', workerId: worker.id, cause: how });
    const lived = performance.now() - worker.startedAt;
    this.#quickDeaths = lived < HEALTHY_AFTER_MS ? this.#quickDeaths + 1 : 0;
    const delay =
      this.#quickDeaths <= 1
        ? 0
        : Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (this.#quickDeaths - 2));
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      void this.#replace();
    }, delay);
    this.#restarts.add(timer);
  }

  async #replace(): Promise<void> {
    const problem = await this.#launch();
    if (problem !== undefined && !this.#isStopping) this.#options.onProblem(problem.message);
  }
}

function cannotServe(id: number, answer: Answer): ProxyError {
  const why = { ok: '', refused: 'refused', late: 'did not start in time', gone: 'ended at once' };
  const detail = answer.kind === 'refused' ? `: ${answer.message}` : '';
  const message = `worker ${id} ${why[answer.kind]}${detail}`;
  return new ProxyError('PROXY_WORKER_FAILED', message);
}

/** What the other workers need not find out for themselves. What one heard is no news. */
function breakerNews(from: number, event: EventBody): BreakerNews | undefined {
  const { kind, clusterId, backendId, address, failure } = event;
  if (clusterId === undefined || backendId === undefined || address === undefined) return undefined;
  const opened = kind === 'breaker-opened' && failure !== undefined;
  if (!opened && kind !== 'breaker-closed') return undefined;
  const cause = `worker ${from}: ${event.cause ?? kind}`;
  return { clusterId, backendId, address, state: opened ? 'open' : 'closed', cause };
}

function inParts(requests: readonly StateRequest[]): (readonly StateRequest[])[] {
  const parts: (readonly StateRequest[])[] = [];
  for (let at = 0; at < requests.length; at += REQUESTS_PER_MESSAGE) {
    parts.push(requests.slice(at, at + REQUESTS_PER_MESSAGE));
  }
  return parts;
}
