/** How long a session waits, and for whom: the client, the backend, or neither for too long. */
import type { ListenerRules } from '../listener/listener-rules.ts';
import { Timer, type TimerWheel } from '../socket/timer-wheel.ts';
import type { UpstreamLease } from '../upstream/upstream-lease.ts';
import type { AnswerRelay } from './answer-relay.ts';
import type { ClientStream } from './client-stream.ts';
import type { DataPlaneView } from './data-plane-view.ts';
import type { Exchange } from './exchange.ts';

/** How long a client may take to notice that the connection ends, so that it reads the answer. */
const LINGER_MS = 1000;
/** And while it still sends: closing would reset the connection, and with it the unread answer. */
const LONGEST_LINGER_MS = 30_000;

/** The parts of a session whose state tells whose turn it is. */
export interface Turns {
  readonly client: ClientStream;
  readonly exchange: Exchange;
  readonly upstream: UpstreamLease;
  readonly answers: AnswerRelay;
}

export interface DeadlineUser {
  /** The side whose turn it is has been silent for too long. */
  onDeadline(): void;
  /** However busy everybody is, it has taken too long. */
  onOverdue(status: 408 | 504, message: string): void;
}

export class Deadlines {
  private readonly timers: TimerWheel;
  private readonly rules: ListenerRules;
  private readonly turns: Turns;
  private readonly timer: Timer;
  private readonly user: DeadlineUser;
  /** Undefined until the listener has such a limit. */
  private bodyTimer: Timer | undefined = undefined;
  private totalTimer: Timer | undefined = undefined;
  /** Of the request in progress. */
  private bodyTimeoutMs = 0;
  private totalTimeoutMs = 0;
  private lingersUntil = 0;

  constructor(view: DataPlaneView, rules: ListenerRules, turns: Turns, user: DeadlineUser) {
    this.timers = view.timers;
    this.rules = rules;
    this.user = user;
    this.turns = turns;
    this.timer = new Timer(() => user.onDeadline());
  }

  /** Its head is complete. */
  requestBegins(): void {
    const { bodyTimeoutMs = 0, totalTimeoutMs = 0 } = this.rules.config;
    if (bodyTimeoutMs > 0) this.limitBody(bodyTimeoutMs);
    if (totalTimeoutMs > 0) this.limitTotal(totalTimeoutMs);
  }

  private limitBody(timeoutMs: number): void {
    this.bodyTimeoutMs = timeoutMs;
    this.bodyTimer ??= new Timer(() => {
      if (this.turns.exchange.body.done) return;
      const what = `the body of the request was not complete within ${this.bodyTimeoutMs} ms`;
      this.user.onOverdue(408, what);
    });
    this.timers.set(this.bodyTimer, timeoutMs);
  }

  private limitTotal(timeoutMs: number): void {
    this.totalTimeoutMs = timeoutMs;
    this.totalTimer ??= new Timer(() =>
      this.user.onOverdue(504, `the answer was not complete within ${this.totalTimeoutMs} ms`),
    );
    this.timers.set(this.totalTimer, timeoutMs);
  }

  requestEnds(): void {
    if (this.bodyTimer !== undefined) this.timers.clear(this.bodyTimer);
    if (this.totalTimer !== undefined) this.timers.clear(this.totalTimer);
  }

  /** A head has begun, or the first one is waited for. */
  headBegins(): void {
    this.timers.set(this.timer, this.rules.config.requestTimeoutMs);
  }

  betweenRequests(): void {
    this.timers.extend(this.timer, this.rules.config.frontTimeoutMs);
  }

  lingers(): void {
    const { frontTimeoutMs } = this.rules.config;
    this.lingersUntil = this.timers.now() + LONGEST_LINGER_MS;
    this.timers.set(this.timer, this.turns.client.blocked ? frontTimeoutMs : LINGER_MS);
  }

  /** The client sends on, though nobody wants it. */
  lingersOn(): void {
    if (this.timers.coarseNow() < this.lingersUntil) this.timers.extend(this.timer, LINGER_MS);
  }

  /** Bytes of a request or an answer moved, or may move again. */
  moved(): void {
    if (this.turns.upstream.connection === undefined) return;
    this.turns.upstream.silentForMs = 0;
    this.timers.extend(this.timer, this.patienceMs());
  }

  /** In a tunnel both are silent for good reasons: only when nothing moves either way is it over. */
  tunnelMoved(): void {
    const { frontTimeoutMs, backTimeoutMs } = this.rules.config;
    this.timers.extend(this.timer, Math.max(frontTimeoutMs, backTimeoutMs));
  }

  waitsForClient(): boolean {
    const { client, exchange, upstream } = this.turns;
    return client.blocked || (!exchange.body.done && !upstream.blocked);
  }

  /** Whose fault it is that an answer does not go on. */
  whoStopped(): string {
    return this.turns.client.blocked
      ? 'the client stopped taking the answer'
      : 'the backend fell silent within its answer';
  }

  /** The backend has been silent: asks whether it is there. False when its time is over. */
  askBackend(): boolean {
    const lateMs = Math.max(0, this.timers.now() - this.timer.dueAt);
    if (!this.turns.upstream.ask(this.rules.config, lateMs)) return false;
    this.timers.set(this.timer, this.patienceMs());
    return true;
  }

  clear(): void {
    this.timers.clear(this.timer);
  }

  /** How long the side whose turn it is may be silent before something is done about it. */
  private patienceMs(): number {
    const { frontTimeoutMs, backTimeoutMs } = this.rules.config;
    if (this.waitsForClient()) return frontTimeoutMs;
    if (this.turns.answers.started) return backTimeoutMs;
    return this.turns.upstream.patienceMs(this.rules.config);
  }
}
