/** Things that happened, as told to `relais events`; the main process adds `seq` and `time`. */
export const EVENT_KINDS = [
  'backend-added',
  'backend-removed',
  /** In one worker its last request has ended; of a backend that gets no new ones. */
  'backend-drained',
  'backend-in-drain',
  'backend-in-maintenance',
  'backend-ready',
  /** In drain, in maintenance or removed, and no worker has a request of it in progress. */
  'backend-safe-to-stop',
  'connect-failed',
  'breaker-opened',
  'breaker-half-opened',
  'breaker-closed',
  'health-check-unhealthy',
  'health-check-healthy',
  'retry-budget-exhausted',
  'no-available-backend',
  'cluster-recovered',
  /** Requests go to unhealthy backends: there is no other, or too few others. */
  'fail-open-entered',
  'panic-entered',
  'health-respected',
  /** A backend's name was looked up: its addresses are others, or it could not be. */
  'name-resolved',
  'name-failed',
  'cluster-added',
  'cluster-removed',
  'frontend-added',
  'frontend-removed',
  'listener-added',
  'listener-updated',
  'listener-removed',
  'listener-activated',
  'listener-deactivated',
  'settings-changed',
  'connection-limit-reached',
  'connection-limit-left',
  'request-limit-reached',
  'request-limit-left',
  'request-denied',
  'access-log-failing',
  'access-log-working',
  'config-reloaded',
  'state-loaded',
  'state-saved',
  /** The automatic save: the file is as it was before. */
  'state-save-failing',
  'state-save-working',
  'worker-started',
  'worker-exited',
  /** It does not serve what the main process told it, and is replaced. */
  'worker-diverged',
  /** A worker of a main process that died hands over to new ones. */
  'worker-adopted',
  /** A new worker, with the code that is on disk now, has taken its place. */
  'worker-upgraded',
  /** Another process is the main one now, from the code on disk. */
  'main-upgraded',
  /** Its main process hears nothing from it: it is ended and replaced. */
  'worker-not-answering',
  /** An error that nobody caught: it finishes what it has, another one takes its place. */
  'worker-crashed',
  'stop-requested',
] as const;

export type ProxyEventKind = (typeof EVENT_KINDS)[number];

/** How a connect attempt failed, in the words that the labs teach. */
export type ConnectFailure = 'refused' | 'reset' | 'unreachable' | 'silent' | 'other';

/** An event as its source knows it. */
export interface EventBody {
  readonly kind: ProxyEventKind;
  readonly workerId?: number;
  readonly clusterId?: string;
  readonly backendId?: string;
  readonly address?: string;
  /** Of a connect; of a breaker only when this worker's own connects have opened it. */
  readonly failure?: ConnectFailure;
  /** How long the attempt took, or how long the breaker stays open; milliseconds. */
  readonly durationMs?: number;
  /** Plain words, one sentence. */
  readonly cause?: string;
}

export interface ProxyEvent extends EventBody {
  /** Grows by one per event of one main process, from 1. */
  readonly seq: number;
  /** ISO 8601 with milliseconds. */
  readonly time: string;
}
