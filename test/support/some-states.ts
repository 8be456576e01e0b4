/** States of a proxy for tests: some that are written down, some that are drawn. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Backend, Frontend, Listener, StateRequest } from '../../proxy/command/requests.ts';
import { buildState } from '../../proxy/state/build-state.ts';
import type { ConfigState } from '../../proxy/state/config-state.ts';
import { type Part, stateOfParts } from '../../proxy/state/parts.ts';

export function someListener(address: string, more: Partial<Listener> = {}): Listener {
  return {
    address,
    protocol: 'http',
    answers: {},
    frontTimeoutMs: 60_000,
    backTimeoutMs: 30_000,
    connectTimeoutMs: 3_000,
    requestTimeoutMs: 10_000,
    tryDeadlineMs: 10_000,
    maxConnections: 10_000,
    ...more,
  };
}

/** One listener on port 80, one cluster `web` for host `a`, a backend per port. */
export function webRequests(...ports: readonly number[]): StateRequest[] {
  return [
    { kind: 'add-listener', listener: someListener('127.0.0.1:80') },
    { kind: 'add-cluster', cluster: { id: 'web', loadBalancing: 'round-robin', answers: {} } },
    ...ports.map(port => ({ kind: 'add-backend', backend: someBackend(port) }) as const),
    { kind: 'add-frontend', frontend: someFrontend('a') },
  ];
}

export function someBackend(port: number, more: Partial<Backend> = {}): Backend {
  const address = `127.0.0.1:${port}`;
  return { clusterId: 'web', backendId: address, address, ...more };
}

export function someFrontend(hostname: string, more: Partial<Frontend> = {}): Frontend {
  return { listener: '127.0.0.1:80', hostname, path: '', clusterId: 'web', ...more };
}

export function stateOf(...requests: readonly StateRequest[]): ConfigState {
  const state = buildState(requests);
  assert.ok(state.ok, state.ok ? '' : state.error.message);
  return state.value;
}

const plain = { noNullPrototype: true } as const;
const clusterId = fc.constantFrom('web', 'api');
const part: fc.Arbitrary<Part> = fc.oneof(
  fc
    .record({ maxConnections: fc.nat(2) }, { requiredKeys: [], noNullPrototype: true })
    .map(value => ({ kind: 'settings', value }) as const),
  fc
    .record({ port: fc.constantFrom(80, 81), maxConnections: fc.constantFrom(1, 2) }, plain)
    .map(({ port, maxConnections }) => {
      const value = someListener(`127.0.0.1:${port}`, { maxConnections });
      return { kind: 'listener', value } as const;
    }),
  fc
    .record({ id: clusterId, loadBalancing: fc.constantFrom('random', 'maglev') }, plain)
    .map(keys => ({ kind: 'cluster', value: { ...keys, answers: {} } }) as const),
  fc
    .record(
      {
        clusterId,
        backendId: fc.constantFrom('b1', 'b2'),
        port: fc.constantFrom(1, 2),
        weight: fc.constantFrom(1, 2),
      },
      plain,
    )
    .map(({ port, ...keys }) => {
      return { kind: 'backend', value: { ...keys, address: `127.0.0.1:${port}` } } as const;
    }),
  fc
    .record(
      {
        port: fc.constantFrom(80, 81),
        hostname: fc.constantFrom('a', 'b'),
        path: fc.constantFrom('', '/x'),
        position: fc.constantFrom('pre', 'tree'),
        clusterId: fc.oneof(clusterId, fc.constant(null)),
      },
      plain,
    )
    .map(({ port, ...keys }) => {
      return { kind: 'frontend', value: { listener: `127.0.0.1:${port}`, ...keys } } as const;
    }),
);

/** Of few names, so that two of them have much in common. */
export const anyState: fc.Arbitrary<ConfigState> = fc
  .array(part, { maxLength: 25 })
  .map(parts => stateOfParts(parts));
