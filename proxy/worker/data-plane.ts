/** All that carries traffic in one worker: listeners, routes, clusters and their connections. */
import type { BackendRuntime } from '../balancing/backend-runtime.ts';
import type { EventBody } from '../command/events.ts';
import type { BackendPlace, CutReport, HolderReport, InFlight } from '../command/holders.ts';
import type { WorkerMetrics } from '../command/metrics-snapshots.ts';
import type { DataPlaneSettings, Frontend, StateRequest } from '../command/requests.ts';
import type { WorkerSnapshot } from '../command/snapshots.ts';
import type { BackendHealth, BreakerNews, Cut, WorkerMemory } from '../command/worker-messages.ts';
import { Head } from '../http1/head.ts';
import { HeadWriter } from '../http1/head-writer.ts';
import { IdSource } from '../http1/id-source.ts';
import { lendingBuffer } from '../http1/lent-bytes.ts';
import { LimitAuthority } from '../limits/limit-authority.ts';
import type { LimitAsk, LimitOrder } from '../limits/limit-messages.ts';
import { SharedLimits } from '../limits/shared-limits.ts';
import { Counters } from '../metrics/counters.ts';
import { Denials } from '../net/admission/denials.ts';
import { RequestLimits } from '../net/admission/request-limits.ts';
import { ConnectionLimits } from '../net/listener/connection-limits.ts';
import { descriptorLimit } from '../net/listener/descriptor-limit.ts';
import type { GiveClient, IdleClient } from '../net/listener/listener.ts';
import { RequestRecords } from '../net/records/request-records.ts';
import type { ClusterRuntime, DataPlaneView } from '../net/session/data-plane-view.ts';
import { TimerWheel } from '../net/socket/timer-wheel.ts';
import type { SocketHandle } from '../net/socket/wire.ts';
import { BackendOutcomes } from '../net/upstream/backend-outcomes.ts';
import { type Dial, socketDialer } from '../net/upstream/dialer.ts';
import { PresenceCheck } from '../net/upstream/presence-check.ts';
import { UpstreamPool } from '../net/upstream/upstream-pool.ts';
import { type Found, RouteTable } from '../routing/route-table.ts';
import type { ProxyError } from '../shared/errors.ts';
import type { Result } from '../shared/result.ts';
import { AccessLogSwitch } from './access-log-switch.ts';
import { applyRequest } from './apply-request.ts';
import { backendSnapshots, regimeSnapshots, retrySnapshots } from './backend-snapshots.ts';
import { ClusterTable } from './cluster-table.ts';
import { cutHolders, inFlight, reportHolders } from './holders.ts';
import { ListenerTable } from './listener-table.ts';
import { clearMetrics, workerMetrics } from './metrics-snapshot.ts';
import { describeRegime } from './regimes.ts';

export interface DataPlaneOptions {
  readonly workerId: number;
  readonly emit: (event: EventBody) => void;
  /** In [0, 1); tests give their own. */
  readonly random?: () => number;
  /** How many workers share the limits, and who apportions them; absent: this one is alone. */
  readonly sharing?: { readonly workers: number; readonly ask: (ask: LimitAsk) => void };
  /** The descriptor that an access log to `stdout` goes to; absent: there is none. */
  readonly stdout?: number;
  /** A simulation's clock and connections. */
  readonly timers?: TimerWheel;
  readonly dial?: Dial;
}

/** How often limits look for room that came free elsewhere. */
const LIMITS_TICK_MS = 250;

/** At most so much waits for a peer that does not read. */
const READ_BUFFER_BYTES = 64 * 1024;

export class DataPlane implements DataPlaneView {
  readonly timers: TimerWheel;
  readonly counters: Counters = new Counters();
  readonly requestHead: Head = new Head();
  readonly answerHead: Head = new Head();
  readonly writer: HeadWriter = new HeadWriter();
  readonly readBuffer: Buffer = lendingBuffer(READ_BUFFER_BYTES);
  readonly outcomes: BackendOutcomes;
  readonly denials: Denials;
  readonly upstreams: UpstreamPool;
  readonly presence: PresenceCheck;
  readonly records: RequestRecords;
  readonly requestLimits: RequestLimits;
  readonly connectionLimits: ConnectionLimits;
  draining = false;
  settings: DataPlaneSettings = {};

  private readonly log: AccessLogSwitch;
  private readonly routes = new RouteTable<Frontend>();
  private readonly clusters: ClusterTable;
  private readonly listeners = new ListenerTable(this);
  private readonly emit: (event: EventBody) => void;
  private ticking: NodeJS.Timeout | undefined = undefined;
  private readonly requestIdPrefix: string;
  private requestCount = 0;

  constructor({
    workerId,
    emit,
    random = Math.random,
    timers,
    dial,
    sharing,
    stdout,
  }: DataPlaneOptions) {
    this.timers = timers ?? new TimerWheel();
    this.emit = event => emit({ workerId, ...event });
    this.clusters = new ClusterTable({
      offset: workerId,
      random,
      now: () => this.timers.now(),
      onRegime: (clusterId, regime) => this.emit(describeRegime(clusterId, regime)),
    });
    this.outcomes = new BackendOutcomes({
      emit: this.emit,
      backendsOf: clusterId => this.clusters.find(clusterId)?.backends,
      now: () => this.timers.now(),
      random,
    });
    this.upstreams = new UpstreamPool(
      this.timers,
      this.outcomes,
      dial ?? socketDialer(this.readBuffer),
    );
    this.denials = new Denials({
      counters: this.counters,
      emit: this.emit,
      now: () => this.timers.now(),
    });
    this.presence = new PresenceCheck(this.upstreams);
    this.records = new RequestRecords({
      workerId,
      now: () => this.timers.now(),
      ids: new IdSource([word(random), word(random), word(random), word(random)]),
    });
    const shared = this.makeSharedLimits(sharing);
    this.requestLimits = new RequestLimits({
      shared,
      counters: this.counters,
      emit: this.emit,
      now: () => this.timers.now(),
    });
    this.log = new AccessLogSwitch({ records: this.records, workerId, stdout, emit: this.emit });
    this.connectionLimits = new ConnectionLimits({
      shared,
      counters: this.counters,
      emit: this.emit,
      descriptorLimit,
      isDraining: () => this.draining,
    });
    this.requestIdPrefix = `${Math.floor(random() * 2 ** 48).toString(36)}${workerId}-`;
  }

  /** Refuses what contradicts its tables; then nothing has changed. */
  apply(request: StateRequest): Result<undefined, ProxyError> {
    return applyRequest(
      {
        routes: this.routes,
        clusters: this.clusters,
        outcomes: this.outcomes,
        upstreams: this.upstreams,
        configure: settings => {
          this.settings = settings;
          this.connectionLimits.configure(settings);
          this.log.configure(settings.accessLog);
          this.clusters.configure(settings);
          this.records.countsClusters = settings.clusterMetrics !== false;
        },
        listeners: this.listeners,
        requestEnded: backend => this.requestEnded(backend),
      },
      request,
    );
  }

  /**
   * Starts to accept on a listener that was added. `handle` is a bound TCP handle or `{ fd }`.
   * @throws {ProxyError} PROXY_NOT_FOUND when there is no such listener.
   */
  async listen(address: string, handle: object): Promise<void> {
    await this.listeners.listen(address, handle);
    this.ticking ??= setInterval(() => this.tick(), LIMITS_TICK_MS).unref();
  }

  listening(): { readonly address: string; readonly handle: SocketHandle }[] {
    return this.listeners.listening();
  }

  /**
   * A connection that another worker gave away; nobody listens for it any more: it ends. False when
   * this worker takes none.
   */
  take({ address, ...released }: IdleClient): boolean {
    if (this.draining) return false;
    const listener = this.listeners.find(address);
    if (listener === undefined) released.handle.close();
    else listener.take(released);
    return true;
  }

  /** What whoever apportions the shared limits has decided. */
  obey(order: LimitOrder): void {
    this.requestLimits.shared.obey(order);
  }

  /** What health checks found out. A backend that is gone by now has no health. */
  setHealth(changes: readonly BackendHealth[]): void {
    for (const { healthy, silent, ...identity } of changes) {
      const backend = this.clusters.findBackend(identity);
      if (backend === undefined) continue;
      if (healthy && !backend.healthy) this.cameBack(backend);
      if (healthy !== backend.healthy) backend.metrics.healthChanged(healthy);
      backend.healthy = healthy;
      if (silent) this.upstreams.abandon(backend);
      this.outcomes.refresh(backend.clusterId);
    }
  }

  hearBreaker({ state, cause, ...identity }: BreakerNews): void {
    const backend = this.clusters.findBackend(identity);
    if (backend !== undefined) this.outcomes.heard(backend, state, cause);
  }

  private cameBack(backend: BackendRuntime): void {
    this.clusters.find(backend.clusterId)?.backends.cameBack(backend, this.timers.now());
  }

  snapshot(): WorkerSnapshot {
    return {
      pid: process.pid,
      clientConnections: this.counters.clientConnections,
      tunnels: this.counters.tunnels,
      activeRequests: this.counters.activeRequests,
      requestsTotal: this.counters.requestsTotal,
      limits: {
        accepting: !this.connectionLimits.paused,
        pausesTotal: this.counters.acceptPauses,
        refusedTotal: this.counters.connectionsRefused,
        evictedTotal: this.counters.connectionsEvicted,
        limitedTotal: this.counters.requestsLimited,
      },
      answersTotal: this.counters.answersTotal(),
      listeners: this.listeners.snapshots(),
      backends: backendSnapshots(this.clusters, this.timers.now()),
      retries: retrySnapshots(this.clusters),
      regimes: regimeSnapshots(this.clusters),
      deniedTotal: this.counters.deniedTotal(),
    };
  }

  metrics(): WorkerMetrics {
    return workerMetrics(this.records, this.clusters, this.counters);
  }

  clearMetrics(): void {
    clearMetrics(this.records, this.clusters, this.counters);
  }

  /** A request that went wrong; without an id the latest one. */
  recall(requestId?: string): WorkerMemory {
    const { failures } = this.records;
    const story = requestId === undefined ? failures.last() : failures.find(requestId);
    const remembered = failures.size;
    return story === undefined ? { remembered } : { story, remembered };
  }

  /** Of the backends that get no new request. */
  inFlight(): InFlight[] {
    return inFlight(this.clusters.unwanted());
  }

  /** Of one backend, or all requests in progress. */
  holders(place?: BackendPlace): HolderReport {
    return reportHolders(this.listeners.sessions(), place, this.timers.now());
  }

  /** Ends what still runs on a backend that gets no new request. */
  cutHolders(place: BackendPlace): CutReport {
    return cutHolders(this.listeners.sessions(), place);
  }

  reopenLog(): void {
    this.records.accessLog?.reopen();
  }

  /**
   * Soft stop: accepts no more, answers the next request of idle clients with `Connection: close`
   * and closes what stays idle. Resolves when the last session has ended, or has been cut at the
   * deadline. `give`: takes idle connections over, so that those clients notice nothing.
   */
  async drain(deadlineMs?: number, give?: GiveClient): Promise<Cut> {
    this.draining = true;
    const cut = { requests: 0, tunnels: 0 };
    const end =
      deadlineMs === undefined ? undefined : setTimeout(() => this.cutRest(cut), deadlineMs);
    await this.listeners.drain(give);
    clearTimeout(end);
    clearInterval(this.ticking);
    this.upstreams.closeAll();
    await this.log.close();
    return cut;
  }

  private cutRest(cut: { requests: number; tunnels: number }): void {
    cut.tunnels = this.counters.tunnels;
    cut.requests = this.counters.activeRequests - cut.tunnels;
    this.listeners.stop();
  }

  /** Hard stop: everything ends now. */
  stop(): void {
    this.draining = true;
    clearInterval(this.ticking);
    this.listeners.stop();
    this.upstreams.closeAll();
  }

  private tick(): void {
    this.requestLimits.tick();
    this.connectionLimits.tick();
  }

  private makeSharedLimits(sharing: DataPlaneOptions['sharing']): SharedLimits {
    const now = (): number => this.timers.now();
    if (sharing !== undefined) return new SharedLimits(sharing.workers, sharing.ask, now);
    const authority = new LimitAuthority(1, now(), (_, order) => limits.obey(order));
    const limits = new SharedLimits(1, ask => authority.receive(0, ask, now()), now);
    return limits;
  }

  nextRequestId(): string {
    return this.requestIdPrefix + (++this.requestCount).toString(36);
  }

  findFrontend(listener: string, hostname: string, head: Head): Found<Frontend> {
    return this.routes.find(listener, hostname, head);
  }

  findCluster(clusterId: string): ClusterRuntime | undefined {
    return this.clusters.find(clusterId);
  }

  requestEnded(backend: BackendRuntime): void {
    if (backend.admin === 'ready' || backend.activeRequests > 0) return;
    if (backend.admin === 'leaving' && !this.clusters.forgetGone(backend)) return;
    const { clusterId, backendId, address } = backend;
    this.emit({
      kind: 'backend-drained',
      clusterId,
      backendId,
      address,
      cause: 'its last request has ended',
    });
  }
}

function word(random: () => number): number {
  return Math.floor(random() * 2 ** 32);
}
