/** The public entry of the proxy: what labs and other programs may import. */
export type { EventBody, ProxyEvent, ProxyEventKind } from './command/events.ts';
export type { ProxyRequest, StateRequest } from './command/requests.ts';
export type { BackendSnapshot, BreakerState, WorkerSnapshot } from './command/snapshots.ts';
