/** Opens, lends, takes back and closes the connections to backends. */
import { connect, type Socket } from 'node:net';
import type { BackendRuntime } from '../balancing/backend-runtime.ts';
import type { ConnectFailure } from '../command/events.ts';
import { parseAddress } from '../shared/address.ts';
import type { BackendOutcomes } from './backend-outcomes.ts';
import { connectFailure, isLocalShortage } from './connect-failure.ts';
import { Timer, type TimerWheel } from './timer-wheel.ts';
import { UpstreamConnection } from './upstream-connection.ts';

/** Idle connections that are kept for one backend; more are closed. */
const MAX_IDLE_PER_BACKEND = 256;

/** Who waits for a connect. */
export interface ConnectWaiter {
  onConnected(connection: UpstreamConnection): void;
  onConnectFailed(backend: BackendRuntime, failure: ConnectFailure): void;
}

/** A connect under way. It goes on without a waiter: the breaker must learn how it ended. */
export class ConnectAttempt {
  waiter: ConnectWaiter | undefined;
  readonly backend: BackendRuntime;
  readonly startedAt: number;
  readonly timer: Timer;
  readonly socket: Socket;

  constructor(
    backend: BackendRuntime,
    socket: Socket,
    waiter: ConnectWaiter,
    startedAt: number,
    onTimeout: (attempt: ConnectAttempt) => void,
  ) {
    this.backend = backend;
    this.socket = socket;
    this.waiter = waiter;
    this.startedAt = startedAt;
    this.timer = new Timer(() => onTimeout(this));
  }
}

export class UpstreamPool {
  private readonly readBuffer: Buffer;
  private readonly timers: TimerWheel;
  private readonly outcomes: BackendOutcomes;
  private readonly idle = new Map<BackendRuntime, UpstreamConnection[]>();
  private readonly attempts = new Set<ConnectAttempt>();
  private readonly open = new Set<UpstreamConnection>();

  constructor(timers: TimerWheel, outcomes: BackendOutcomes, readBuffer: Buffer) {
    this.readBuffer = readBuffer;
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
    if (connection !== undefined) backend.idleConnections--;
    return connection;
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
      backend.idleConnections >= MAX_IDLE_PER_BACKEND
    ) {
      connection.destroy();
      return;
    }
    const idle = this.idle.get(backend);
    if (idle === undefined) this.idle.set(backend, [connection]);
    else idle.push(connection);
    backend.idleConnections++;
  }

  connect(backend: BackendRuntime, timeoutMs: number, waiter: ConnectWaiter): ConnectAttempt {
    const address = parseAddress(backend.address);
    const { ip, port } = address.ok ? address.value : { ip: '0.0.0.0', port: 0 };
    let connection: UpstreamConnection | undefined;
    const socket = connect({
      host: ip,
      port,
      noDelay: true,
      onread: {
        buffer: this.readBuffer,
        callback: (length, bytes) => {
          connection?.onBytes(bytes as Buffer, length);
          return true;
        },
      },
    });
    const attempt = new ConnectAttempt(backend, socket, waiter, this.timers.now(), timedOut =>
      this.settleFailed(timedOut, 'ETIMEDOUT'),
    );
    this.attempts.add(attempt);
    if (backend.pendingConnects++ === 0) backend.pendingSince = attempt.startedAt;
    this.timers.set(attempt.timer, timeoutMs);
    socket.once('connect', () => {
      connection = this.settleConnected(attempt);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.settleFailed(attempt, error.code));
    return attempt;
  }

  closeIdle(backend: BackendRuntime): void {
    const idle = this.idle.get(backend) ?? [];
    this.idle.delete(backend);
    backend.idleConnections = 0;
    for (const connection of idle) connection.destroy();
  }

  closeAll(): void {
    for (const attempt of this.attempts) {
      this.timers.clear(attempt.timer);
      attempt.backend.pendingConnects--;
      attempt.socket.destroy();
    }
    this.attempts.clear();
    for (const backend of [...this.idle.keys()]) this.closeIdle(backend);
    for (const connection of this.open) connection.destroy();
  }

  private settleConnected(attempt: ConnectAttempt): UpstreamConnection | undefined {
    if (!this.attempts.delete(attempt)) return undefined;
    const { backend, socket, waiter } = attempt;
    this.timers.clear(attempt.timer);
    backend.pendingConnects--;
    backend.pendingSince = this.timers.now();
    const connection = new UpstreamConnection(backend, socket, idle => this.dropIdle(idle));
    this.open.add(connection);
    socket.once('close', () => this.open.delete(connection));
    this.outcomes.connected(backend);
    if (waiter === undefined) this.release(connection);
    else waiter.onConnected(connection);
    return connection;
  }

  /** Later errors of an established connection come here too; its `close` tells its user. */
  private settleFailed(attempt: ConnectAttempt, code: string | undefined): void {
    if (!this.attempts.delete(attempt)) return;
    const { backend, socket, waiter } = attempt;
    this.timers.clear(attempt.timer);
    backend.pendingConnects--;
    socket.destroy();
    const failure = connectFailure(code);
    if (isLocalShortage(code)) this.outcomes.trialImpossible(backend);
    else {
      this.closeIdle(backend);
      this.outcomes.failed(backend, failure, this.timers.now() - attempt.startedAt);
    }
    waiter?.onConnectFailed(backend, failure);
  }

  private dropIdle(connection: UpstreamConnection): void {
    const idle = this.idle.get(connection.backend);
    const index = idle?.indexOf(connection) ?? -1;
    if (index >= 0) {
      idle?.splice(index, 1);
      connection.backend.idleConnections--;
    }
    connection.destroy();
  }
}
