/**
 * Finds a connection for one request: an idle one, or a new one to each eligible backend in turn
 * until one accepts, all inside one deadline. A connect that takes long goes on while the next
 * backend is tried beside it: it carries no request yet, so the first to accept may have it.
 */
import {
  type BackendRuntime,
  DOUBT_AFTER_MS,
  isAvailable,
  isDoubtful,
  isReady,
} from '../../balancing/backend-runtime.ts';
import { admits } from '../../balancing/circuit-breaker.ts';
import { attemptTimeoutMs } from '../../balancing/try-plan.ts';
import type { ConnectFailure } from '../../command/events.ts';
import type { Listener } from '../../command/requests.ts';
import type { ClusterRuntime, DataPlaneView } from '../session/data-plane-view.ts';
import type { Exchange } from '../session/exchange.ts';
import { Timer } from '../socket/timer-wheel.ts';
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
  private exchange: Exchange | undefined = undefined;
  /** The request can be sent again should the connection prove to be a stale one. */
  private mayReuse = false;
  private startedAt = 0;
  private tried: BackendRuntime[] | undefined = undefined;
  /** Was left because it is slow. */
  private lastResort: BackendRuntime | undefined = undefined;
  /** Connects under way; more than one when the earlier ones take long. */
  private attempts: ConnectAttempt[] | undefined = undefined;
  private patience: Timer | undefined = undefined;

  constructor(view: DataPlaneView, user: SearchUser) {
    this.view = view;
    this.user = user;
  }

  start(cluster: ClusterRuntime, listener: Listener, exchange: Exchange): void {
    this.cluster = cluster;
    this.listener = listener;
    this.exchange = exchange;
    this.mayReuse = exchange.replayable;
    this.startedAt = this.view.timers.coarseNow();
    this.tried = undefined;
    this.lastResort = undefined;
    cluster.retries.earn(this.startedAt);
    this.next();
  }

  /**
   * The connection was stale: a new one is needed, to any backend. The deadline is for the search;
   * what the request waited for an answer does not count.
   */
  again(waitedMs: number): void {
    this.startedAt += waitedMs;
    this.mayReuse = false;
    this.next();
  }

  /** This backend took the request and did not answer it. `slow`: it may, if nobody else can. */
  elsewhere(backend: BackendRuntime, waitedMs: number, slow: boolean): void {
    this.startedAt += waitedMs;
    this.exclude(backend);
    if (slow) this.lastResort = backend;
    this.next();
  }

  /** Is there another backend than this one and those that were tried? */
  hasOther(backend: BackendRuntime): boolean {
    const tried = [...(this.tried ?? NONE), backend];
    const now = this.view.timers.coarseNow();
    return (this.cluster?.backends.countEligible(now, tried) ?? 0) > 0;
  }

  /** Is there one whose traffic flows? Only then is it worth to leave a backend that may be slow. */
  hasBetter(backend: BackendRuntime): boolean {
    const now = this.view.timers.coarseNow();
    const tried = this.tried ?? NONE;
    for (const other of this.cluster?.backends.all ?? NONE) {
      if (other === backend || tried.includes(other)) continue;
      if (isAvailable(other) && !isDoubtful(other, now)) return true;
    }
    return false;
  }

  /** Connects that are under way go on for the breaker's sake. */
  cancel(): void {
    this.leaveAttempts();
    this.cluster = undefined;
    this.exchange = undefined;
  }

  onConnected(connection: UpstreamConnection): void {
    this.forget(connection.backend);
    if (connection.backend.admin !== 'ready') {
      connection.destroy();
      this.next();
      return;
    }
    this.leaveAttempts();
    this.user.onBackendFound(connection);
  }

  onConnectFailed(backend: BackendRuntime, failure: ConnectFailure, durationMs: number): void {
    this.forget(backend);
    this.exclude(backend);
    this.user.onConnectFailed(backend, failure, durationMs);
    this.next();
  }

  /** The connect goes on for the breaker's sake. */
  onUnwanted(attempt: ConnectAttempt): void {
    attempt.waiter = undefined;
    this.forget(attempt.connection.backend);
    this.next();
  }

  private forget(backend: BackendRuntime): void {
    this.attempts = this.attempts?.filter(({ connection }) => connection.backend !== backend);
  }

  private leaveAttempts(): void {
    if (this.attempts === undefined) return;
    for (const attempt of this.attempts) attempt.waiter = undefined;
    this.attempts = undefined;
    if (this.patience !== undefined) this.view.timers.clear(this.patience);
  }

  private exclude(backend: BackendRuntime): void {
    if (this.tried === undefined) this.tried = [backend];
    else if (!this.tried.includes(backend)) this.tried.push(backend);
  }

  private next(): void {
    const { cluster, listener, view } = this;
    if (cluster === undefined || listener === undefined) return;
    const tried = this.tried ?? NONE;
    const now = view.timers.coarseNow();
    const backend = this.choose(cluster, now, tried);
    if (backend === undefined) {
      this.nobodyLeft();
      return;
    }
    const idle = this.idleFor(backend);
    if (idle !== undefined) {
      this.leaveAttempts();
      this.user.onBackendFound(idle);
      return;
    }
    const candidates = cluster.backends.countEligible(now, tried);
    this.connect(backend, listener, candidates, now);
  }

  /** A visitor comes back to their backend if it can serve them; otherwise the policy decides. */
  private choose(
    { backends }: ClusterRuntime,
    now: number,
    tried: readonly BackendRuntime[],
  ): BackendRuntime | undefined {
    const { exchange } = this;
    const visited = exchange?.visited;
    if (visited !== undefined && backends.maySend(visited, now, tried)) {
      if (exchange !== undefined) exchange.chosenAmong = 1;
      return visited;
    }
    const chosen = backends.pick(now, tried, exchange?.key ?? 0);
    if (exchange !== undefined && chosen !== undefined) exchange.chosenAmong = backends.choices;
    return chosen;
  }

  private nobodyLeft(): void {
    if (this.attempts !== undefined && this.attempts.length > 0) return;
    if (this.returnToSlow()) return;
    // The search is over: its clock must not tell it a second time.
    this.leaveAttempts();
    this.user.onNoBackend();
  }

  /** All others failed: slow is better than nothing. Once, and it may answer at its leisure. */
  private returnToSlow(): boolean {
    const backend = this.lastResort;
    if (backend === undefined || this.tried === undefined) return false;
    this.lastResort = undefined;
    const now = this.view.timers.coarseNow();
    if (this.startedAt + (this.listener?.tryDeadlineMs ?? 0) <= now) return false;
    if (!isReady(backend) || !admits(backend.breaker, now)) return false;
    this.tried = this.tried.filter(each => each !== backend);
    this.next();
    return true;
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
      this.nobodyLeft();
      return;
    }
    const isTrial = backend.breaker.state === 'open';
    if (isTrial) this.view.outcomes.trialStarted(backend);
    const attempt = this.view.upstreams.connect(backend, timeout, this);
    attempt.connection.isTrial = isTrial;
    if (this.attempts === undefined) this.attempts = [attempt];
    else this.attempts.push(attempt);
    this.patience ??= new Timer(() => this.onSlow());
    this.view.timers.set(this.patience, DOUBT_AFTER_MS);
  }

  /** What is under way goes on; those behind it need not be tried again. */
  private onSlow(): void {
    for (const { connection } of this.attempts ?? []) this.exclude(connection.backend);
    this.next();
  }
}
