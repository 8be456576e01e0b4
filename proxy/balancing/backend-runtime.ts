/** What a worker knows about one backend; keyed by cluster, backend id and address. */

import { BackendMetrics } from '../metrics/backend-metrics.ts';
import type { HeadChanges } from '../shared/head-changes.ts';
import {
  admits,
  type Breaker,
  type BreakerRules,
  CLOSED,
  DEFAULT_BREAKER,
  judgesAnswers,
} from './circuit-breaker.ts';
import { ErrorRatio } from './error-ratio.ts';
import { hashText } from './hash.ts';
import { PeakEwma } from './peak-ewma.ts';

/** What an operator says about a backend, and may change while it runs. */
export interface BackendOptions {
  /** Its part of the requests, relative to the others; 0: no new request. */
  readonly weight: number;
  /** Used only when no other backend can be. */
  readonly backup: boolean;
  /** Value of the sticky cookie. */
  readonly stickyId: string;
  /** Of the application, for those who keep records. */
  readonly version: string;
  /** Undefined: requests go there as they go anywhere. */
  readonly changes: HeadChanges | undefined;
  /** A connection may carry another request after the first. */
  readonly reusesConnections: boolean;
}

export const DEFAULT_WEIGHT: number = 100;

/**
 * `drain`: no new request, not even of visitors who come back; what runs ends. `maint`: the same, and
 * nobody checks its health. `leaving`: removed, and out of selection; its last requests still run.
 */
export type AdminState = 'ready' | 'drain' | 'maint' | 'leaving';

export class BackendRuntime {
  readonly clusterId: string;
  readonly backendId: string;
  readonly address: string;
  options: BackendOptions;
  admin: AdminState = 'ready';
  breaker: Breaker = CLOSED;
  breakerRules: BreakerRules = DEFAULT_BREAKER;
  /** Another worker's connects opened the breaker; none of this one's has failed since. */
  openedByHearsay = false;
  /** Answers count for the breaker, not only connects. */
  answersCount = false;
  /** Where the share of 5xx answers counts. */
  errorRatio: ErrorRatio | undefined = undefined;
  /** Answers in a row that did not begin in time. */
  timeoutsInARow = 0;
  /** What the last health checks said; true without any. */
  healthy = true;
  readonly metrics: BackendMetrics = new BackendMetrics();
  activeRequests = 0;
  idleConnections = 0;
  requestsTotal = 0;
  connectFailuresTotal = 0;
  /** Connects under way, and since when none of them has succeeded. */
  pendingConnects = 0;
  pendingSince = 0;
  /** Heads of final answers that came. */
  answersTotal = 0;
  /** A request waits for long, and nothing was answered since it came; until the next answer. */
  isMute = false;
  readonly connectTime: PeakEwma = new PeakEwma();
  /** From a request to the head of its answer. */
  readonly answerTime: PeakEwma = new PeakEwma();

  // What policies keep here, so that a choice allocates nothing.

  /** `options.weight`, shared with the other addresses of the same backend. */
  weight: number;
  /** Slow start: the weight grows until then; 0 when it has its full weight. */
  warmUntil = 0;
  warmMs = 0;
  /** Smooth weighted round robin: what it is owed in turns. */
  credit = 0;
  /** Of the address: what rendezvous and Maglev mix with a key. */
  readonly hash: number;

  constructor(
    clusterId: string,
    backendId: string,
    address: string,
    options: BackendOptions = defaultOptions(backendId),
  ) {
    this.clusterId = clusterId;
    this.backendId = backendId;
    this.address = address;
    this.options = options;
    this.weight = options.weight;
    this.hash = hashText(address);
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

export function defaultOptions(backendId: string): BackendOptions {
  return {
    weight: DEFAULT_WEIGHT,
    backup: false,
    stickyId: backendId,
    version: '',
    changes: undefined,
    reusesConnections: true,
  };
}

/** May the next request go there, health aside? An open breaker whose wait is over lets one try. */
export function isEligible(backend: BackendRuntime, now: number): boolean {
  return isReady(backend) && admits(backend.breaker, now);
}

/** Does traffic flow there? A backend on trial does not count before the trial succeeded. */
export function isAvailable(backend: BackendRuntime): boolean {
  return isReady(backend) && backend.healthy && backend.breaker.state === 'closed';
}

/** Wanted by the operator; weight 0 means that no new request is. */
export function isReady(backend: BackendRuntime): boolean {
  return backend.admin === 'ready' && backend.options.weight > 0;
}

/** A connect that takes this long is no good sign: on a network in order it takes microseconds. */
export const DOUBT_AFTER_MS: number = 250;

/** Somebody waits for a connect, or for long for an answer. Others need not wait, too, while there is another choice. */
export function isDoubtful(backend: BackendRuntime, now: number): boolean {
  if (backend.isMute && backend.activeRequests > 0) return true;
  return backend.pendingConnects > 0 && now - backend.pendingSince >= DOUBT_AFTER_MS;
}
