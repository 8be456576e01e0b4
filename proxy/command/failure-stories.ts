/** What the proxy remembers of a request that went wrong, as `relais why` gets it. */
import type { ConnectFailure } from './events.ts';

/** What became of one try to get an answer from a backend. */
export type AttemptOutcome =
  /** The connect failed. */
  | ConnectFailure
  /** A kept connection had been closed by the backend meanwhile: no fault, tried again. */
  | 'stale'
  /** It took the request and closed the connection without an answer. */
  | 'closed'
  /** Its machine vanished while the request waited. */
  | 'gone'
  /** No answer began within the back timeout. */
  | 'no-answer'
  | 'invalid-answer'
  /** The answer broke off. */
  | 'cut'
  /** It was in drain, and the deadline of that was over. */
  | 'drained'
  /** It answered with an error and another backend was asked. */
  | 'error-answer';

export interface AttemptReport {
  readonly backendId: string;
  readonly address: string;
  readonly outcome: AttemptOutcome;
  readonly durationMs: number;
  /** Of an `error-answer`. */
  readonly status?: number;
}

/** Why a backend of the cluster was not tried at all. */
export type SkipReason =
  | 'in-drain'
  | 'in-maintenance'
  | 'breaker-open'
  | 'on-trial'
  | 'unhealthy'
  | 'weight-zero'
  /** The deadline for all tries was over. */
  | 'no-time'
  /** A backend may have acted on the request: asking another could do the same thing twice. */
  | 'not-repeatable'
  /** Too many requests are being sent again already. */
  | 'retry-budget'
  /** Late and broken answers are not asked for elsewhere. */
  | 'not-retried';

export interface SkippedBackend {
  readonly backendId: string;
  readonly address: string;
  readonly reason: SkipReason;
  /** Until an open breaker lets a trial through. */
  readonly retryInMs?: number;
}

export interface FailureStory {
  readonly requestId: string;
  readonly workerId: number;
  /** When the request ended; ISO 8601 with milliseconds. */
  readonly time: string;
  readonly traceId?: string;
  readonly client: string;
  readonly listener: string;
  /** '' for a head that could not be read. */
  readonly method: string;
  readonly host: string;
  /** Cut where it is very long. */
  readonly target: string;
  /** null: none was found for it. */
  readonly clusterId: string | null;
  /** That answered in the end, if one did. */
  readonly answeredBy?: string;
  /** 0: nothing was sent to the client. */
  readonly status: number;
  /** The answer was the proxy's own. */
  readonly ownAnswer: boolean;
  /** The answer reached the client as a whole. */
  readonly complete: boolean;
  /** Why, in one sentence; the client was told the same. */
  readonly message: string;
  readonly durationMs: number;
  /** In the order of the tries. */
  readonly attempts: readonly AttemptReport[];
  /** The first of them: a cluster may have thousands. */
  readonly skipped: readonly SkippedBackend[];
  readonly skippedInAll: number;
}
