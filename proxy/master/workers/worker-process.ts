/** One worker as the main process sees it: a child, its answers by number, its end. */
import { type ChildProcess, fork } from 'node:child_process';
import type { EventBody } from '../../command/events.ts';
import type { BackendPlace } from '../../command/holders.ts';
import type { RunState } from '../../command/replies.ts';
import type { StateRequest } from '../../command/requests.ts';
import type {
  BackendHealth,
  BreakerNews,
  Cut,
  MasterMessage,
  WorkerOptions,
  WorkerReply,
} from '../../command/worker-messages.ts';
import type { LimitAsk, LimitOrder } from '../../limits/limit-messages.ts';
import type { GiveClient, IdleClient } from '../../net/listener/listener.ts';
import type { SocketHandle } from '../../net/socket/wire.ts';
import type { TcpHandle } from '../sockets/listening-sockets.ts';
import { readWorkerMessage } from './read-worker-message.ts';
import { workerProgram } from './worker-program.ts';

/** How long after its deadline a worker may take to end. */
const DRAIN_SLACK_MS = 2_000;

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
  readonly commandSocket: string;
  readonly orphanTimeoutMs: number;
  readonly onEvent: (event: EventBody) => void;
  readonly onLimitAsk: (ask: LimitAsk) => void;
  /** What the runtime prints when a worker crashes. */
  readonly onLastWords: (text: string) => void;
  /** A client connection that somebody else has to take. */
  readonly onClient: (client: IdleClient) => void;
  /** It has an error that nobody caught, and ends as soon as its requests have. */
  readonly onCrash: (error: string) => void;
  readonly onExit: (worker: WorkerProcess, how: string) => void;
}

type WithoutSeq<T> = T extends unknown ? Omit<T, 'seq'> : never;

/**
 * What is young in a worker dies within a request: a nursery of 4 MiB in each half does as well as
 * V8's own of 16, in less memory.
 */
const WORKER_FLAGS = ['--max-semi-space-size=4'];

/** On Windows; missing in the types, though `fork` hands it on. */
const NO_WINDOW = { windowsHide: true };

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
  /** Why this process ended it. */
  #endedFor: string | undefined;

  constructor(id: number, hooks: WorkerHooks) {
    this.id = id;
    const options: WorkerOptions = {
      workerId: id,
      workers: hooks.workers,
      commandSocket: hooks.commandSocket,
      orphanTimeoutMs: hooks.orphanTimeoutMs,
      ...(hooks.sharesStdout ? { stdout: STDOUT_OF_WORKER } : {}),
    };
    this.#child = fork(workerProgram, [JSON.stringify(options)], {
      execArgv: WORKER_FLAGS,
      ...NO_WINDOW,
      // As descriptors 0 to 2 they would make the log of this process block: libuv resets the mode.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...(hooks.sharesStdout ? [1] : [])],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', hooks.onLastWords);
    this.pid = this.#child.pid ?? 0;
    this.#child.on('message', (message, handle) => {
      // The types know net.Server and net.Socket only; the runtime gives a bare handle as it came.
      this.#receive(message, hooks, handle as unknown as SocketHandle | undefined);
    });
    this.exited = new Promise(resolve => {
      const end = (how: string): void => {
        if (this.#isGone) return;
        this.#isGone = true;
        for (const answer of this.#waiting.values()) answer({ kind: 'gone' });
        this.#waiting.clear();
        resolve();
        hooks.onExit(this, how);
      };
      this.#child.on('exit', (code, signal) => {
        const how = signal ?? `exit code ${code}`;
        end(this.#endedFor === undefined ? how : `${how}: ${this.#endedFor}`);
      });
      // Fork failed, or a message could not be sent because the worker is ending.
      this.#child.on('error', error => {
        if (this.#child.pid === undefined) end(error.message);
      });
    });
  }

  /** `remember`: they are the configuration as this process has it, too. */
  apply(
    requests: readonly StateRequest[],
    timeoutMs: number,
    remember: boolean = false,
  ): Promise<Answer> {
    const message = { type: 'apply', requests } as const;
    return this.#ask(remember ? { ...message, remember } : message, timeoutMs);
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

  clearMetrics(timeoutMs: number): Promise<Answer> {
    return this.#ask({ type: 'clear-metrics' }, timeoutMs);
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

  /**
   * A client connection that another worker gave away. False when this one dies before it has it,
   * once it is gone.
   */
  readonly takeClient: GiveClient = async ({ handle, address, kept }) => {
    const answer = await this.#ask({ type: 'client', address, kept }, 0, handle);
    if (answer.kind !== 'gone') {
      handle.close();
      return true;
    }
    await this.exited;
    return false;
  };

  /** Takes over idle clients of the orphan that waits there. */
  receiveFrom(place: string, timeoutMs: number): Promise<Answer> {
    return this.#ask({ type: 'receive', place }, timeoutMs);
  }

  /** What other workers found out by their connects. */
  tellBreaker(news: BreakerNews): void {
    if (this.#child.connected) this.#child.send({ type: 'breaker', news }, () => {});
  }

  /** An answer about a limit that all workers share. */
  order(order: LimitOrder): void {
    // When the worker is ending, so is its interest in it.
    if (this.#child.connected) this.#child.send({ type: 'limit', order }, () => {});
  }

  /** The configuration as this process has it, or a change of it. */
  remember(requests: readonly StateRequest[]): void {
    if (this.#child.connected) this.#child.send({ type: 'remember', requests }, () => {});
  }

  /** It serves on when this process dies. */
  settle(): void {
    if (this.#child.connected) this.#child.send({ type: 'settled' }, () => {});
  }

  ping(): Promise<Answer> {
    return this.#ask({ type: 'ping' }, 0);
  }

  /**
   * Resolves when the worker has nothing left to do and has ended, with what `deadlineMs` has cut.
   * A worker that does not end by itself soon after that is ended. `giveIdle`: its idle clients go
   * to `onClient`.
   */
  async drain(deadlineMs?: number, giveIdle = false): Promise<Cut> {
    this.runState = 'stopping';
    const watchdog =
      deadlineMs === undefined
        ? undefined
        : setTimeout(
            () => this.kill('it did not end by the deadline of its drain'),
            deadlineMs + DRAIN_SLACK_MS,
          );
    const message = { type: 'drain', giveIdle } as const;
    const question = deadlineMs === undefined ? message : { ...message, deadlineMs };
    const answer = await this.#ask(question, 0);
    await this.exited;
    clearTimeout(watchdog);
    return (answer.kind === 'ok' ? answer.cut : undefined) ?? { requests: 0, tunnels: 0 };
  }

  /** `why` is told as the cause of its end. */
  kill(why?: string): void {
    this.runState = 'stopping';
    this.#endedFor ??= why;
    this.#child.kill('SIGKILL');
  }

  /** `timeoutMs` 0 waits for ever. */
  #ask(message: WithoutSeq<MasterMessage>, timeoutMs: number, handle?: object): Promise<Answer> {
    this.#seq += 1;
    const seq = this.#seq;
    return new Promise(resolve => {
      if (this.#isGone || !this.#child.connected) return resolve({ kind: 'gone' });
      const timer =
        timeoutMs === 0 ? undefined : setTimeout(() => settle({ kind: 'late' }), timeoutMs);
      const settle = (answer: Answer): void => {
        clearTimeout(timer);
        this.#waiting.delete(seq);
        const isLate = answer.kind === 'late';
        if (isLate && this.runState === 'running') this.runState = 'not-answering';
        else if (!isLate && this.runState === 'not-answering') this.runState = 'running';
        resolve(answer);
      };
      this.#waiting.set(seq, settle);
      this.#child.send({ ...message, seq }, asPassed(handle), error => {
        if (error !== null) settle({ kind: 'gone' });
      });
    });
  }

  /** Whatever a worker says must not take this process down: who says nonsense is replaced. */
  #receive(received: unknown, hooks: WorkerHooks, handle: SocketHandle | undefined): void {
    const message = readWorkerMessage(received);
    if (message === undefined) this.kill('it sent a message that nobody understands');
    else if (message.type === 'event') hooks.onEvent({ ...message.event, workerId: this.id });
    else if (message.type === 'limit') hooks.onLimitAsk(message.ask);
    else if (message.type === 'client') {
      if (handle !== undefined) hooks.onClient({ ...message, handle });
    } else if (message.type === 'crashed') {
      this.runState = 'stopping';
      hooks.onCrash(message.error);
    } else this.#waiting.get(message.seq)?.(toAnswer(message));
  }
}

/** The types know net.Server and net.Socket only; the runtime takes a bare handle as well. */
function asPassed(handle: object | undefined): Parameters<ChildProcess['send']>[1] {
  return handle as unknown as Parameters<ChildProcess['send']>[1];
}

function toAnswer(reply: WorkerReply): Answer {
  if (reply.ok) {
    const { type: _, seq: __, ok: ___, ...told } = reply;
    return { kind: 'ok', ...told };
  }
  const { type: _, seq: __, ok: ___, ...refusal } = reply;
  return { kind: 'refused', ...refusal };
}
