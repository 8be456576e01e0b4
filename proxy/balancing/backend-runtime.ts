/** What a worker knows about one backend; keyed by cluster, backend id and address. */
import {
  admits,
  type Breaker,
  type BreakerRules,
  CLOSED,
  DEFAULT_BREAKER,
  judgesAnswers,
} from './circuit-breaker.ts';
import { ErrorRatio } from './error-ratio.ts';

export class BackendRuntime {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  /** `draining`: out of selection, its last requests still run. */
  admin: 'ready' | 'draining' = 'ready';
  breaker: Breaker = CLOSED;
  breakerRules: BreakerRules = DEFAULT_BREAKER;
  /** Answers count for the breaker, not only connects. */
  answersCount = false;
  /** Where the share of 5xx answers counts. */
  errorRatio: ErrorRatio | undefined = undefined;
  /** Answers in a row that did not begin in time. */
  timeoutsInARow = 0;
  /** What the last health checks said; true without any. */
  healthy = true;
  activeRequests = 0;
  idleConnections = 0;
  requestsTotal = 0;
  connectFailuresTotal = 0;
  /** Connects under way, and since when none of them has succeeded. */
  pendingConnects = 0;
  pendingSince = 0;

  constructor(clusterId: string, backendId: string, address: string) {
    this.clusterId = clusterId;
    this.backendId = backendId;
    this.address = address;
  }
}

/** What was counted so far is forgotten where the new rules count otherwise. */
export function setBreakerRules(backend: BackendRuntime, rules: BreakerRules): void {
  if (backend.breakerRules === rules) return;
  backend.breakerRules = rules;
  backend.answersCount = judgesAnswers(rules);
  backend.errorRatio = rules.errorPercent > 0 ? new ErrorRatio(rules) : undefined;
  backend.timeoutsInARow = 0;
}

/** May the next request go there? An open breaker whose wait is over lets one trial through. */
export function isEligible(backend: BackendRuntime, now: number): boolean {
  return backend.admin === 'ready' && admits(backend.breaker, now);
}

/** Does traffic flow there? A backend on trial does not count before the trial succeeded. */
export function isAvailable(backend: BackendRuntime): boolean {
  return backend.admin === 'ready' && backend.breaker.state === 'closed';
}

/** A connect that takes this long is no good sign: on a network in order it takes microseconds. */
export const DOUBT_AFTER_MS: number = 250;

/** Somebody waits for a connect already. Others need not wait, too, while there is another choice. */
export function isDoubtful(backend: BackendRuntime, now: number): boolean {
  return backend.pendingConnects > 0 && now - backend.pendingSince >= DOUBT_AFTER_MS;
}
