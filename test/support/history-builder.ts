/** Builds histories record by record for tests of what judges them. */

import type {
  ConnectRecord,
  HistoryRecord,
  PageRecord,
  ProxyRecord,
  RequestRecord,
  SampledBackend,
} from '../../labs/harness/history.ts';
import type { JudgeContext } from '../../labs/harness/judge/evidence.ts';
import type { BackendSnapshot } from '../../proxy/index.ts';
import { backendSnapshot } from './backend-snapshot.ts';

export const context: JudgeContext = {
  language: 'en',
  visitors: ['alice', 'bob'],
  backends: ['webapp1', 'webapp2', 'webapp3'],
  forwardedPorts: { webapp1: 9091, webapp2: 9092, webapp3: 9093 },
  stepStartedAt: 1_000,
  actedAt: 2_000,
};

export const addresses = {
  webapp1: '192.168.56.21:8080',
  webapp2: '192.168.56.22:8080',
  webapp3: '192.168.56.23:8080',
} as const;
type Name = keyof typeof addresses;

/** Three machines that run, as recorded at the start. */
export const threeMachines: readonly HistoryRecord[] = (Object.keys(addresses) as Name[]).map(
  machine => ({
    kind: 'machine',
    at: 10,
    machine,
    state: 'running',
    failures: [],
    address: addresses[machine],
    version: 'v1',
  }),
);

export function request(at: number, fields: Partial<RequestRecord> = {}): RequestRecord {
  return {
    kind: 'request',
    at,
    visitor: 'alice',
    keepAlive: false,
    number: 1,
    startedAt: at - 5,
    durationMs: 5,
    status: 200,
    machine: 'webapp1',
    version: 'v1',
    ...fields,
  };
}

/** A request without a complete answer. */
export function lost(
  at: number,
  error: string,
  fields: Partial<RequestRecord> = {},
): RequestRecord {
  const { status: _status, machine: _machine, version: _version, ...rest } = request(at, fields);
  return { ...rest, error };
}

export function page(at: number, fields: Partial<PageRecord> = {}): PageRecord {
  return {
    kind: 'page',
    at,
    visitor: 'first browser',
    url: 'http://localhost:9090/',
    status: 200,
    reason: 'OK',
    text: '👋 I am happy-red-fox-12 Hello 🌍 v1',
    machine: 'webapp1',
    version: 'v1',
    ...fields,
  };
}

export function connected(
  at: number,
  machine: Name,
  outcome: ConnectRecord['outcome'],
  durationMs: number,
): ConnectRecord {
  return { kind: 'connect', at, machine, address: addresses[machine], outcome, durationMs };
}

export function backend(name: Name, fields: Partial<BackendSnapshot> = {}): BackendSnapshot {
  const where = { clusterId: 'webapp', backendId: name, address: addresses[name] };
  return backendSnapshot({ ...where, ...fields });
}

export function sample(
  at: number,
  backends: readonly SampledBackend[],
  fields: Partial<ProxyRecord> = {},
): HistoryRecord {
  return { kind: 'proxy', at, mainPid: 100, workerPids: [101, 102], backends, ...fields };
}

export function breakerEvent(
  at: number,
  kind: 'breaker-opened' | 'breaker-closed' | 'breaker-half-opened',
  name: Name,
): HistoryRecord {
  const event = { kind, address: addresses[name], seq: at, time: '2026-01-01T00:00:00.000Z' };
  return { kind: 'proxy-event', at, event };
}
