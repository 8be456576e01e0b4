/** Steps breakers by what happened to connects and requests, and tells about every change. */
import { type BackendRuntime, isAvailable, isReady } from '../../balancing/backend-runtime.ts';
import type { BackendSet } from '../../balancing/backend-set.ts';
import { type BreakerEvent, stepBreaker } from '../../balancing/circuit-breaker.ts';
import type { ConnectFailure, EventBody, ProxyEventKind } from '../../command/events.ts';
import type { ClusterRuntime } from '../session/data-plane-view.ts';
import type { UpstreamConnection } from './upstream-connection.ts';

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

  connected(connection: UpstreamConnection): void {
    const { backend } = connection;
    const { breaker, answersCount } = backend;
    backend.metrics.connects++;
    if (!answersCount) connection.isTrial = false;
    if (breaker.state === 'closed' && breaker.failures === 0) return;
    // Where answers count, a connect that succeeds says nothing: a frozen machine accepts, too.
    if (answersCount && breaker.state !== 'closed') return;
    this.step(backend, 'succeeded', 'a connection succeeded');
  }

  failed(backend: BackendRuntime, failure: ConnectFailure, durationMs: number): void {
    backend.connectFailuresTotal++;
    backend.metrics.connectFailed(failure);
    this.emit('connect-failed', backend, { failure, durationMs: Math.round(durationMs) });
    this.step(backend, 'failed', causeOf(backend.breaker.failures + 1, failure), failure);
  }

  /** News of another worker: each need not find out for itself that a machine is gone, or back. */
  heard(backend: BackendRuntime, state: 'open' | 'closed', cause: string): void {
    if (state === 'open' && backend.breaker.state === 'closed') {
      this.step(backend, 'tripped', cause);
      backend.openedByHearsay = true;
    } else if (state === 'closed' && backend.openedByHearsay) this.step(backend, 'reset', cause);
  }

  /** An answer began. Called only where answers count. */
  answered(connection: UpstreamConnection, status: number): void {
    const { backend } = connection;
    const { breaker, errorRatio } = backend;
    const isTrial = endTrial(connection);
    const isError = errorRatio !== undefined && status >= 500;
    backend.timeoutsInARow = 0;
    if (breaker.state === 'closed') this.countAnswer(backend, isError);
    else if (isTrial && isError) {
      this.step(backend, 'tripped', `the trial was answered with ${status}`);
    } else if (isTrial) this.step(backend, 'succeeded', 'the trial was answered');
  }

  private countAnswer(backend: BackendRuntime, isError: boolean): void {
    if (backend.breaker.state !== 'closed') return;
    const share = backend.errorRatio?.add(isError, this.options.now());
    if (share === undefined) return;
    const { errors, answers } = share;
    const seconds = backend.breakerRules.errorWindowMs / 1000;
    const cause = `${errors} of the ${answers} answers of the last ${seconds} s were 5xx`;
    this.step(backend, 'tripped', cause);
  }

  /** An answer did not begin within the back timeout. True when that opened the breaker. */
  timedOut(connection: UpstreamConnection, afterMs: number): boolean {
    const { backend } = connection;
    const { breaker, breakerRules } = backend;
    if (endTrial(connection))
      this.step(backend, 'tripped', `the trial was not answered within ${afterMs} ms`);
    else if (breakerRules.countTimeouts && breaker.state === 'closed') {
      const times = ++backend.timeoutsInARow;
      if (times < breakerRules.failureThreshold) return false;
      this.step(backend, 'tripped', `${times} in a row did not answer within ${afterMs} ms`);
    }
    return breakerRules.countTimeouts && backend.breaker.state === 'open';
  }

  /** The backend ended the connection without an answer to a request that was not a stale one's. */
  lost(connection: UpstreamConnection): void {
    const { backend } = connection;
    if (endTrial(connection)) this.step(backend, 'tripped', 'the trial was not answered');
    else if (backend.errorRatio !== undefined) this.countAnswer(backend, true);
  }

  /** The trial could not be made, through no fault of the backend: it waits for another one. */
  trialImpossible(backend: BackendRuntime): void {
    if (backend.breaker.state !== 'half-open') return;
    this.step(backend, 'failed', 'the trial could not be made');
  }

  /** The trial's request ended, and told nothing if the breaker still waits for its end. */
  trialEnded(connection: UpstreamConnection): void {
    if (!endTrial(connection) || connection.backend.breaker.state !== 'half-open') return;
    this.step(connection.backend, 'trial-abandoned', 'the trial ended before it was answered');
  }

  trialStarted(backend: BackendRuntime): void {
    this.step(backend, 'trial-started', 'the wait is over, one request is let through');
  }

  /** May a request be sent once more, though a living backend may have worked on it already? */
  mayRetry({ id, retries }: ClusterRuntime): boolean {
    const decision = retries.spend(this.options.now());
    if (decision === 'first-refused') {
      const { budgetPercent, budgetMinPerSecond } = retries.rules;
      const cause =
        `more retries than ${budgetPercent} % of the requests and ${budgetMinPerSecond} per ` +
        'second: requests that would need one fail at once';
      this.options.emit({ kind: 'retry-budget-exhausted', clusterId: id, cause });
    }
    return decision === 'allowed';
  }

  reset(backend: BackendRuntime, cause: string): void {
    this.step(backend, 'reset', cause);
  }

  /** Tells when the last available backend of a cluster went, and when one came back. */
  refresh(clusterId: string): void {
    const backends = this.options.backendsOf(clusterId);
    if (backends === undefined) return;
    const ready = backends.all.filter(isReady).length;
    // Nobody fails where the operator wants nobody to serve.
    if (ready === 0 || backends.exhausted === !backends.hasAvailable()) return;
    backends.exhausted = !backends.exhausted;
    const available = backends.all.filter(isAvailable).length;
    this.options.emit(
      backends.exhausted
        ? {
            kind: 'no-available-backend',
            clusterId,
            cause: `all ${ready} backends of the cluster are down`,
          }
        : { kind: 'cluster-recovered', clusterId, cause: `${available} available again` },
    );
  }

  private step(
    backend: BackendRuntime,
    event: BreakerEvent,
    cause: string,
    failure?: ConnectFailure,
  ): void {
    const before = backend.breaker;
    const { now, random } = this.options;
    backend.breaker = stepBreaker(before, event, backend.breakerRules, now(), random());
    const after = backend.breaker;
    if (event !== 'trial-started' && event !== 'trial-abandoned') backend.openedByHearsay = false;
    if (after.state === before.state) return;
    backend.metrics.breakerChanged(after.state);
    if (after.state === 'closed') {
      backend.timeoutsInARow = 0;
      this.options.backendsOf(backend.clusterId)?.cameBack(backend, this.options.now());
    }
    const opening = after.state === 'open' ? { durationMs: after.waitMs } : {};
    const why = failure === undefined ? {} : { failure };
    this.emit(eventOf[after.state], backend, { ...opening, ...why, cause });
    this.refresh(backend.clusterId);
  }

  private emit(kind: ProxyEventKind, backend: BackendRuntime, more: Partial<EventBody>): void {
    const { clusterId, backendId, address } = backend;
    this.options.emit({ kind, clusterId, backendId, address, ...more });
  }
}

/** True once for the connection of a trial. */
function endTrial(connection: UpstreamConnection): boolean {
  const { isTrial } = connection;
  connection.isTrial = false;
  return isTrial;
}

function causeOf(failures: number, failure: ConnectFailure): string {
  const last = `the last connect was ${failure}`;
  return failures === 1 ? last : `${failures} connects in a row failed, ${last}`;
}

const eventOf = {
  closed: 'breaker-closed',
  open: 'breaker-opened',
  'half-open': 'breaker-half-opened',
} as const;
