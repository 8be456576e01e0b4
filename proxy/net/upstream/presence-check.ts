/**
 * Asks a backend that keeps requests waiting whether it is still there. An established connection
 * to a machine that lost its power is silent for minutes, so a request that went out on it cannot
 * tell "slow" from "gone". A new connect can: a slow backend's kernel still accepts it.
 */
import type { BackendRuntime } from '../../balancing/backend-runtime.ts';
import type { ConnectFailure } from '../../command/events.ts';
import type { UpstreamConnection } from './upstream-connection.ts';
import type { ConnectWaiter, UpstreamPool } from './upstream-pool.ts';

/** A request that has waited this long for the first byte of its answer makes us ask; and again. */
export function presenceAfterMs(connectTimeoutMs: number): number {
  return Math.min(1000, Math.ceil(connectTimeoutMs / 3));
}

/** What timers are late at most, the one for the silence and the one for the connect together. */
const TIMERS_LATE_MS = 200;

/**
 * How long our question may take: a machine that is gone costs a request that was sent to it no
 * more than a connect to a machine that is gone costs a new one.
 */
export function connectPatienceMs(connectTimeoutMs: number): number {
  const rest = connectTimeoutMs - presenceAfterMs(connectTimeoutMs) - TIMERS_LATE_MS;
  return Math.max(rest, Math.ceil(connectTimeoutMs / 3));
}

export class PresenceCheck implements ConnectWaiter {
  private readonly upstreams: UpstreamPool;
  private readonly waiting = new Map<BackendRuntime, Set<UpstreamConnection>>();

  constructor(upstreams: UpstreamPool) {
    this.upstreams = upstreams;
  }

  /** One connect at a time per backend, however many requests wait for it. */
  ask(connection: UpstreamConnection, connectTimeoutMs: number): void {
    const { backend } = connection;
    const waiting = this.waiting.get(backend);
    if (waiting !== undefined) {
      waiting.add(connection);
      return;
    }
    this.waiting.set(backend, new Set([connection]));
    this.upstreams.connect(backend, connectTimeoutMs, this);
  }

  onConnected(connection: UpstreamConnection): void {
    this.waiting.delete(connection.backend);
    this.upstreams.release(connection);
  }

  /** Requests that it has still want to know. */
  onUnwanted(): void {}

  /** Refused is no sign of absence: an app that stops in order listens no more, and still answers. */
  onConnectFailed(backend: BackendRuntime, failure: ConnectFailure): void {
    const waiting = this.waiting.get(backend);
    this.waiting.delete(backend);
    if (failure !== 'unreachable' && failure !== 'silent') return;
    for (const connection of waiting ?? []) connection.user?.onBackendGone(connection);
  }
}
