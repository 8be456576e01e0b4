/** One worker as the main process sees it: a child, its answers by number, its end. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { EventBody } from '../command/events.ts';
import type { BackendPlace } from '../command/holders.ts';
import type { RunState } from '../command/replies.ts';
import type { StateRequest } from '../command/requests.ts';
import type {
  BackendHealth,
  BreakerNews,
  MasterMessage,
  WorkerMessage,
  WorkerReply,
} from '../command/worker-messages.ts';
import type { LimitAsk, LimitOrder } from '../limits/limit-messages.ts';

import type { TcpHandle } from './listening-sockets.ts';

const program = path.resolve(import.meta.dirname, '../worker/worker.js');

/** Where a worker has the standard output of the main process. */
const STDOUT_OF_WORKER = 4;

/** `gone`: the worker ended before it answered; its replacement learns the state by replay. */
export type Answer =
  | ({ readonly kind: 'ok' } & Told)
  | ({ readonly kind: 'refused' } & Omit<Refusal, 'type' | 'seq' | 'ok'>)
  | { readonly kind: 'late' }
  | { readonly kind: 'gone' };

type Refusal = Extract<WorkerReply, { ok: false }>;

/** What a worker may tell beside "done". */
type Told = Omit<Extract<WorkerReply, { ok: true }>, 'type' | 'seq' | 'ok'>;

export interface WorkerHooks {
  /** The access log goes to the standard output of this process. */
  readonly sharesStdout: boolean;
  /** How many share the limits. */
  readonly workers: number;
  readonly onEvent: (event: EventBody) => void;
  readonly onLimitAsk: (ask: LimitAsk) => void;
  /** What the runtime prints when a worker crashes. */
  readonly onLastWords: (text: string) => void;
  readonly onExit: (worker: WorkerProcess, how: string) => void;
}

type WithoutSeq<T> = T extends unknown ? Omit<T, 'seq'> : never;

/**
 * What is young in a worker dies within a request: a nursery of 4 MiB in each half does as well as
 * V8's own of 16, in less memory.
 */
const WORKER_FLAGS = ['--max-semi-space-size=4'];

export class WorkerProcess {
  readonly id: number;
  readonly pid: number;
  readonly startedAt: number = performance.now();
  readonly exited: Promise<void>;
  runState: RunState = 'starting';
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #seq = 0;
  #isGone = false;

  constructor(id: number, hooks: WorkerHooks) {
    this.id = id;
    const stdout = hooks.sharesStdout ? STDOUT_OF_WORKER : '';
    this.#child = fork(program, [String(id), String(hooks.workers), String(stdout)], {
      execArgv: WORKER_FLAGS,
      // As descriptors 0 to 2 they would make the log of this process block: libuv resets the mode.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...(hooks.sharesStdout ? [1] : [])],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', hooks.onLastWords);
    this.pid = this.#child.pid ?? 0;
    this.#child.on('message', message => this.#receive(message as WorkerMessage, hooks));
    this.exited = new Promise(resolve => {
      const end = (how: string): void => {
        if (this.#isGone) return;
        this.#isGone = true;
        for (const answer of this.#waiting.values()) answer({ kind: 'gone' });
        this.#waiting.clear();
        resolve();
        hooks.onExit(this, how);
      };
      this.#child.on('exit', (code, signal) => end(signal ?? `exit code ${code}`));
      // Fork failed, or a message could not be sent because the worker is ending.
      this.#child.on('error', error => {
        if (this.#child.pid === undefined) end(error.message);
      });
    });
  }

  apply(requests: readonly StateRequest[], timeoutMs: number): Promise<Answer> {
    return this.#ask({ type: 'apply', requests }, timeoutMs);
  }

  listen(address: string, handle: TcpHandle, timeoutMs: number): Promise<Answer> {
    return this.#ask({ type: 'listen', address }, timeoutMs, handle);
  }

  health(changes: readonly BackendHealth[], timeoutMs: number): Promise<Answer> {
    return this.#ask({ type: 'health', changes }, timeoutMs);
  }

  snapshot(timeoutMs: number): Promise<Answer> {
    return this.#ask({ type: 'snapshot' }, timeoutMs);
  }

  digest(timeoutMs: number): Promise<Answer> {
    return this.#ask({ type: 'digest' }, timeoutMs);
  }

  metrics(timeoutMs: number): Promise<Answer> {
    return this.#ask({ type: 'metrics' }, timeoutMs);
  }

  /** Without an id: about the latest request that went wrong. */
  why(requestId: string | undefined, timeoutMs: number): Promise<Answer> {
    const message = { type: 'why' } as const;
    return this.#ask(requestId === undefined ? message : { ...message, requestId }, timeoutMs);
  }

  inFlight(timeoutMs: number): Promise<Answer> {
    return this.#ask({ type: 'in-flight' }, timeoutMs);
  }

  holders(place: BackendPlace | undefined, timeoutMs: number): Promise<Answer> {
    const message = { type: 'holders' } as const;
    return this.#ask(place === undefined ? message : { ...message, place }, timeoutMs);
  }

  cutHolders(place: BackendPlace, timeoutMs: number): Promise<Answer> {
    return this.#ask({ type: 'cut-holders', place }, timeoutMs);
  }

  reopenLog(): void {
    if (this.#child.connected) this.#child.send({ type: 'reopen-log' }, () => {});
  }

  /** An answer about a limit that all workers share. */
  tellBreaker(news: BreakerNews): void {
    if (this.#child.connected) this.#child.send({ type: 'breaker', news }, () => {});
  }

  order(order: LimitOrder): void {
    // When the worker is ending, so is its interest in it.
    if (this.#child.connected) this.#child.send({ type: 'limit', order }, () => {});
  }

  /** Resolves when the worker has nothing left to do; it then ends by itself. */
  async drain(): Promise<void> {
    this.runState = 'stopping';
    await this.#ask({ type: 'drain' }, 0);
    await this.exited;
  }

  kill(): void {
    this.runState = 'stopping';
    this.#child.kill('SIGKILL');
  }

  /** `timeoutMs` 0 waits for ever. */
  #ask(message: WithoutSeq<MasterMessage>, timeoutMs: number, handle?: TcpHandle): Promise<Answer> {
    this.#seq += 1;
    const seq = this.#seq;
    return new Promise(resolve => {
      if (this.#isGone || !this.#child.connected) return resolve({ kind: 'gone' });
      const timer =
        timeoutMs === 0 ? undefined : setTimeout(() => settle({ kind: 'late' }), timeoutMs);
      const settle = (answer: Answer): void => {
        clearTimeout(timer);
        this.#waiting.delete(seq);
        if (answer.kind === 'late') this.runState = 'not-answering';
        else if (this.runState === 'not-answering') this.runState = 'running';
        resolve(answer);
      };
      this.#waiting.set(seq, settle);
      // The types know net.Server and net.Socket only; the runtime takes a bare handle as well.
      const passed = handle as unknown as Parameters<ChildProcess['send']>[1];
      this.#child.send({ ...message, seq }, passed, error => {
        if (error !== null) settle({ kind: 'gone' });
      });
    });
  }

  #receive(message: WorkerMessage, hooks: WorkerHooks): void {
    if (message.type === 'event') hooks.onEvent({ ...message.event, workerId: this.id });
    else if (message.type === 'limit') hooks.onLimitAsk(message.ask);
    else this.#waiting.get(message.seq)?.(toAnswer(message));
  }
}

function toAnswer(reply: WorkerReply): Answer {
  if (reply.ok) {
    const { type: _, seq: __, ok: ___, ...told } = reply;
    return { kind: 'ok', ...told };
  }
  const { type: _, seq: __, ok: ___, ...refusal } = reply;
  return { kind: 'refused', ...refusal };
}
