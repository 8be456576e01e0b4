/**
 * Finds a connection for one request: an idle one, or a new one to each eligible backend in turn
 * until one accepts, all inside one deadline.
 */
import type { BackendRuntime } from '../balancing/backend-runtime.ts';
import { attemptTimeoutMs } from '../balancing/try-plan.ts';
import type { ConnectFailure } from '../command/events.ts';
import type { Listener } from '../command/requests.ts';
import type { ClusterRuntime, DataPlaneView } from './data-plane-view.ts';
import type { UpstreamConnection } from './upstream-connection.ts';
import type { ConnectAttempt, ConnectWaiter } from './upstream-pool.ts';

export interface SearchUser {
  /** May be called before `start` returns. */
  onBackendFound(connection: UpstreamConnection): void;
  onNoBackend(): void;
  /** The search goes on. */
  onConnectFailed(backend: BackendRuntime, failure: ConnectFailure, durationMs: number): void;
}

const NONE: readonly BackendRuntime[] = [];

export class BackendSearch implements ConnectWaiter {
  private readonly view: DataPlaneView;
  private readonly user: SearchUser;
  private cluster: ClusterRuntime | undefined = undefined;
  private listener: Listener | undefined = undefined;
  private mayReuse = false;
  private startedAt = 0;
  private tried: BackendRuntime[] | undefined = undefined;
  private attempt: ConnectAttempt | undefined = undefined;

  constructor(view: DataPlaneView, user: SearchUser) {
    this.view = view;
    this.user = user;
  }

  /** `mayReuse`: the request can be sent again should the connection prove to be a stale one. */
  start(cluster: ClusterRuntime, listener: Listener, mayReuse: boolean): void {
    this.cluster = cluster;
    this.listener = listener;
    this.mayReuse = mayReuse;
    this.startedAt = this.view.timers.coarseNow();
    this.tried = undefined;
    this.next();
  }

  /** The connection was stale: a new one is needed, to any backend. */
  again(): void {
    this.mayReuse = false;
    this.next();
  }

  /** This backend took the request and did not answer it. */
  elsewhere(backend: BackendRuntime): void {
    this.exclude(backend);
    this.next();
  }

  /** A connect that is under way goes on for the breaker's sake. */
  cancel(): void {
    if (this.attempt !== undefined) this.attempt.waiter = undefined;
    this.attempt = undefined;
    this.cluster = undefined;
  }

  onConnected(connection: UpstreamConnection): void {
    this.attempt = undefined;
    if (connection.backend.admin === 'ready') {
      this.user.onBackendFound(connection);
      return;
    }
    connection.destroy();
    this.next();
  }

  onConnectFailed(backend: BackendRuntime, failure: ConnectFailure): void {
    const now = this.view.timers.now();
    this.user.onConnectFailed(backend, failure, now - (this.attempt?.startedAt ?? now));
    this.attempt = undefined;
    this.exclude(backend);
    this.next();
  }

  private exclude(backend: BackendRuntime): void {
    if (this.tried === undefined) this.tried = [backend];
    else this.tried.push(backend);
  }

  private next(): void {
    const { cluster, listener, view } = this;
    if (cluster === undefined || listener === undefined) return;
    const tried = this.tried ?? NONE;
    const now = view.timers.coarseNow();
    const backend = cluster.backends.pick(now, tried, 0);
    if (backend === undefined) {
      this.user.onNoBackend();
      return;
    }
    const idle = this.idleFor(backend);
    if (idle !== undefined) {
      this.user.onBackendFound(idle);
      return;
    }
    const candidates = cluster.backends.countEligible(now, tried);
    this.connect(backend, listener, candidates, now);
  }

  private idleFor(backend: BackendRuntime): UpstreamConnection | undefined {
    if (!this.mayReuse || backend.breaker.state !== 'closed') return undefined;
    return this.view.upstreams.takeIdle(backend);
  }

  private connect(
    backend: BackendRuntime,
    listener: Listener,
    candidates: number,
    now: number,
  ): void {
    const remaining = this.startedAt + listener.tryDeadlineMs - now;
    const timeout = attemptTimeoutMs(remaining, candidates, listener.connectTimeoutMs);
    if (timeout === 0) {
      this.user.onNoBackend();
      return;
    }
    if (backend.breaker.state === 'open') this.view.outcomes.trialStarted(backend);
    this.attempt = this.view.upstreams.connect(backend, timeout, this);
  }
}
