/** Opens, lends, takes back and closes the connections to backends. */
import type { BackendRuntime } from '../../balancing/backend-runtime.ts';
import type { ConnectFailure } from '../../command/events.ts';
import { Timer, type TimerWheel } from '../socket/timer-wheel.ts';
import type { BackendOutcomes } from './backend-outcomes.ts';
import { connectFailure, isLocalShortage } from './connect-failure.ts';
import type { Dial } from './dialer.ts';
import { type ConnectionOwner, UpstreamConnection } from './upstream-connection.ts';

/** Idle connections that are kept for one backend; more are closed. */
const MAX_IDLE_PER_BACKEND = 256;

/**
 * Idle connections are closed at this age, before their backend does it: Node's and Apache's servers
 * wait 5 s. A request that crosses their FIN would have to be sent twice.
 */
export const MAX_IDLE_MS: number = 4000;
const SWEEP_MS = 500;

/** Who waits for a connect. */
export interface ConnectWaiter {
  onConnected(connection: UpstreamConnection): void;
  onConnectFailed(backend: BackendRuntime, failure: ConnectFailure, durationMs: number): void;
  /** Nobody is to be sent there any more; the connect goes on. */
  onUnwanted(attempt: ConnectAttempt): void;
}

/** A connect under way. It goes on without a waiter: the breaker must learn how it ended. */
export class ConnectAttempt {
  waiter: ConnectWaiter | undefined;
  readonly connection: UpstreamConnection;
  readonly startedAt: number;
  readonly timer: Timer;

  constructor(
    connection: UpstreamConnection,
    waiter: ConnectWaiter,
    startedAt: number,
    onTimeout: (attempt: ConnectAttempt) => void,
  ) {
    this.connection = connection;
    this.waiter = waiter;
    this.startedAt = startedAt;
    this.timer = new Timer(() => onTimeout(this));
  }
}

export class UpstreamPool implements ConnectionOwner {
  private readonly dial: Dial;
  private readonly timers: TimerWheel;
  private readonly outcomes: BackendOutcomes;
  private readonly idle = new Map<BackendRuntime, UpstreamConnection[]>();
  private readonly attempts = new Set<ConnectAttempt>();
  private readonly open = new Set<UpstreamConnection>();
  private readonly sweeper = new Timer(() => this.sweep());

  constructor(timers: TimerWheel, outcomes: BackendOutcomes, dial: Dial) {
    this.dial = dial;
    this.timers = timers;
    this.outcomes = outcomes;
  }

  /** Connections and connects that exist now. */
  get size(): number {
    return this.open.size + this.attempts.size;
  }

  /** The connection that was used last: the others may grow old and be closed by their backend. */
  takeIdle(backend: BackendRuntime): UpstreamConnection | undefined {
    const connection = this.idle.get(backend)?.pop();
    if (connection === undefined) return undefined;
    backend.idleConnections--;
    if (this.timers.coarseNow() - connection.idleSince < MAX_IDLE_MS) return connection;
    // The others are older still.
    connection.destroy();
    this.closeIdle(backend);
    return undefined;
  }

  /** Takes a connection back after a complete answer. */
  release(connection: UpstreamConnection): void {
    const { backend } = connection;
    connection.user = undefined;
    connection.partial = undefined;
    connection.reused = true;
    if (
      backend.admin !== 'ready' ||
      connection.ended ||
      !backend.options.reusesConnections ||
      backend.idleConnections >= MAX_IDLE_PER_BACKEND
    ) {
      connection.destroy();
      return;
    }
    const idle = this.idle.get(backend);
    if (idle === undefined) this.idle.set(backend, [connection]);
    else idle.push(connection);
    backend.idleConnections++;
    connection.idleSince = this.timers.coarseNow();
    if (this.sweeper.tick < 0) this.timers.set(this.sweeper, SWEEP_MS);
  }

  connect(backend: BackendRuntime, timeoutMs: number, waiter: ConnectWaiter): ConnectAttempt {
    const connection = new UpstreamConnection(backend, this.dial, this);
    const attempt = new ConnectAttempt(connection, waiter, this.timers.now(), timedOut =>
      this.onConnectError(timedOut, 'ETIMEDOUT'),
    );
    connection.attempt = attempt;
    this.attempts.add(attempt);
    if (backend.pendingConnects++ === 0) backend.pendingSince = attempt.startedAt;
    this.timers.set(attempt.timer, timeoutMs);
    return attempt;
  }

  closeIdle(backend: BackendRuntime): void {
    const idle = this.idle.get(backend) ?? [];
    this.idle.delete(backend);
    backend.idleConnections = 0;
    for (const connection of idle) connection.destroy();
  }

  /** Nobody is to be sent there any more: requests that still wait for a connect go elsewhere. */
  sendAway(backend: BackendRuntime): void {
    for (const attempt of [...this.attempts]) {
      if (attempt.connection.backend === backend) attempt.waiter?.onUnwanted(attempt);
    }
  }

  /** It accepts, and does not answer: whoever can ask elsewhere should do so now. */
  abandon(backend: BackendRuntime): void {
    this.closeIdle(backend);
    for (const connection of [...this.open]) {
      if (connection.backend === backend) connection.user?.onBackendMute(connection);
    }
  }

  closeAll(): void {
    this.timers.clear(this.sweeper);
    for (const attempt of [...this.attempts]) this.settle(attempt).destroy();
    for (const backend of [...this.idle.keys()]) this.closeIdle(backend);
    for (const connection of this.open) connection.destroy();
  }

  onConnected(attempt: ConnectAttempt): void {
    const connection = this.settle(attempt);
    const now = this.timers.now();
    connection.backend.pendingSince = now;
    connection.backend.connectTime.observe(now - attempt.startedAt, now);
    this.open.add(connection);
    this.outcomes.connected(connection);
    if (attempt.waiter !== undefined) {
      attempt.waiter.onConnected(connection);
      return;
    }
    this.outcomes.trialEnded(connection);
    this.release(connection);
  }

  onConnectError(attempt: ConnectAttempt, code: string | undefined): void {
    const connection = this.settle(attempt);
    const { backend } = connection;
    connection.destroy();
    const failure = connectFailure(code);
    const durationMs = this.timers.now() - attempt.startedAt;
    if (isLocalShortage(code)) this.outcomes.trialImpossible(backend);
    else {
      this.closeIdle(backend);
      this.outcomes.failed(backend, failure, durationMs);
    }
    attempt.waiter?.onConnectFailed(backend, failure, durationMs);
  }

  onIdleTrouble(connection: UpstreamConnection): void {
    const idle = this.idle.get(connection.backend);
    const index = idle?.indexOf(connection) ?? -1;
    if (index >= 0) {
      idle?.splice(index, 1);
      connection.backend.idleConnections--;
    }
    connection.destroy();
  }

  onGone(connection: UpstreamConnection): void {
    this.open.delete(connection);
  }

  private sweep(): void {
    const oldest = this.timers.coarseNow() - MAX_IDLE_MS;
    for (const [backend, idle] of this.idle) {
      let old = 0;
      while (old < idle.length && (idle[old]?.idleSince ?? 0) <= oldest) old++;
      backend.idleConnections -= old;
      for (const connection of idle.splice(0, old)) connection.destroy();
      if (idle.length === 0) this.idle.delete(backend);
    }
    if (this.idle.size > 0) this.timers.set(this.sweeper, SWEEP_MS);
  }

  private settle(attempt: ConnectAttempt): UpstreamConnection {
    const { connection } = attempt;
    this.attempts.delete(attempt);
    this.timers.clear(attempt.timer);
    connection.attempt = undefined;
    connection.backend.pendingConnects--;
    return connection;
  }
}
