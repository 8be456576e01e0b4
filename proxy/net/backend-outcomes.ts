/** Steps breakers by what happened to connects, and tells about every change. */
import { type BackendRuntime, isAvailable } from '../balancing/backend-runtime.ts';
import type { BackendSet } from '../balancing/backend-set.ts';
import { type BreakerEvent, stepBreaker } from '../balancing/circuit-breaker.ts';
import type { ConnectFailure, EventBody, ProxyEventKind } from '../command/events.ts';

export interface OutcomeOptions {
  readonly emit: (event: EventBody) => void;
  readonly backendsOf: (clusterId: string) => BackendSet | undefined;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

export class BackendOutcomes {
  private readonly options: OutcomeOptions;

  constructor(options: OutcomeOptions) {
    this.options = options;
  }

  connected(backend: BackendRuntime): void {
    this.step(backend, 'connect-succeeded', 'a connection succeeded');
  }

  failed(backend: BackendRuntime, failure: ConnectFailure, durationMs: number): void {
    backend.connectFailuresTotal++;
    this.emit('connect-failed', backend, { failure, durationMs: Math.round(durationMs) });
    this.step(backend, 'connect-failed', `the last connect was ${failure}`);
  }

  /** The trial could not be made, through no fault of the backend: it waits for another one. */
  trialImpossible(backend: BackendRuntime): void {
    if (backend.breaker.state !== 'half-open') return;
    this.step(backend, 'connect-failed', 'the trial could not be made');
  }

  trialStarted(backend: BackendRuntime): void {
    this.step(backend, 'trial-started', 'the wait is over, one request is let through');
  }

  reset(backend: BackendRuntime, cause: string): void {
    this.step(backend, 'reset', cause);
  }

  /** Tells when the last available backend of a cluster went, and when one came back. */
  refresh(clusterId: string): void {
    const backends = this.options.backendsOf(clusterId);
    if (backends === undefined) return;
    if (backends.all.length === 0 || backends.exhausted === !backends.hasAvailable()) return;
    backends.exhausted = !backends.exhausted;
    const available = backends.all.filter(isAvailable).length;
    this.options.emit(
      backends.exhausted
        ? {
            kind: 'no-available-backend',
            clusterId,
            cause: `all ${backends.all.length} backends of the cluster are down`,
          }
        : { kind: 'cluster-recovered', clusterId, cause: `${available} available again` },
    );
  }

  private step(backend: BackendRuntime, event: BreakerEvent, cause: string): void {
    const before = backend.breaker;
    backend.breaker = stepBreaker(before, event, this.options.now(), this.options.random());
    const after = backend.breaker;
    if (after.state === before.state) return;
    if (after.state === 'closed') {
      this.options.backendsOf(backend.clusterId)?.cameBack(backend, this.options.now());
    }
    const durationMs = after.state === 'open' ? { durationMs: after.waitMs } : {};
    this.emit(eventOf[after.state], backend, { ...durationMs, cause });
    this.refresh(backend.clusterId);
  }

  private emit(kind: ProxyEventKind, backend: BackendRuntime, more: Partial<EventBody>): void {
    const { clusterId, backendId, address } = backend;
    this.options.emit({ kind, clusterId, backendId, address, ...more });
  }
}

const eventOf = {
  closed: 'breaker-closed',
  open: 'breaker-opened',
  'half-open': 'breaker-half-opened',
} as const;
