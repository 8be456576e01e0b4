/** How busy a backend is, in the measures that policies compare. */
import type { BackendRuntime } from './backend-runtime.ts';

export type LoadMetric = 'connections' | 'requests' | 'connection-time';

export type Load = (backend: BackendRuntime, now: number) => number;

/** Connections in use and those that are being opened; idle ones are no load. */
export function connections(backend: BackendRuntime): number {
  return backend.activeRequests + backend.pendingConnects;
}

export function requests(backend: BackendRuntime): number {
  return backend.activeRequests;
}

/** What the next request would probably wait, going by how long connects take. */
export function connectionTime(backend: BackendRuntime, now: number): number {
  return (backend.activeRequests + 1) * backend.connectTime.read(now);
}

/** The same, going by how long answers take. */
export function answerTime(backend: BackendRuntime, now: number): number {
  return (backend.activeRequests + 1) * backend.answerTime.read(now);
}

export const loads: Readonly<Record<LoadMetric, Load>> = {
  connections,
  requests,
  'connection-time': connectionTime,
};
