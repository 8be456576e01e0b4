import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Listener, StateRequest } from '../../../proxy/command/requests.ts';
import { apply } from '../../../proxy/state/apply.ts';
import { type ConfigState, emptyState } from '../../../proxy/state/config-state.ts';

const listener: Listener = {
  address: '127.0.0.1:80',
  protocol: 'http',
  answers: {},
  frontTimeoutMs: 60_000,
  backTimeoutMs: 30_000,
  connectTimeoutMs: 3_000,
  requestTimeoutMs: 10_000,
  tryDeadlineMs: 10_000,
  maxConnections: 10_000,
};
const { address } = listener;

function state(...more: readonly StateRequest[]): ConfigState {
  const made = emptyState();
  for (const each of [{ kind: 'add-listener', listener } as const, ...more]) {
    const result = apply(made, each);
    assert.ok(result.ok, result.ok ? '' : result.error.message);
  }
  return made;
}

function failure(from: ConfigState, request: StateRequest): string {
  const result = apply(from, request);
  assert.ok(!result.ok);
  return result.error.message;
}

describe('a listener of the state', () => {
  const cluster = { id: 'web', loadBalancing: 'round-robin', answers: {} } as const;
  const frontend = { listener: address, hostname: 'a', path: '', clusterId: 'web' };

  it('takes its frontends along when it goes', () => {
    const made = state({ kind: 'add-cluster', cluster }, { kind: 'add-frontend', frontend });
    const result = apply(made, { kind: 'remove-listener', address });
    assert.ok(result.ok);
    assert.deepEqual(result.value.effects, [
      { kind: 'remove-frontend', frontend },
      { kind: 'remove-listener', address },
    ]);
    assert.equal(result.value.note, 'its frontend went with it');
    assert.equal(made.frontends.size + made.listeners.size, 0);
  });

  it('stays as active as it is when it is updated', () => {
    const made = state({ kind: 'deactivate-listener', address });
    const wanted = { ...listener, backTimeoutMs: 1, active: true };
    const result = apply(made, { kind: 'update-listener', listener: wanted });
    assert.ok(result.ok);
    assert.deepEqual(made.listeners.get(address), { ...wanted, active: false });
  });

  it('that is added with "active: true" is one that does not say so', () => {
    const made = emptyState();
    assert.ok(apply(made, { kind: 'add-listener', listener: { ...listener, active: true } }).ok);
    assert.deepEqual(made, state());
  });

  it('cannot be activated twice, nor deactivated', () => {
    assert.match(failure(state(), { kind: 'activate-listener', address }), /is active already/);
    const made = state({ kind: 'deactivate-listener', address });
    assert.match(failure(made, { kind: 'deactivate-listener', address }), /is not active already/);
  });

  it('that does not exist is answered with the nearest one', () => {
    for (const kind of ['remove-listener', 'activate-listener', 'deactivate-listener'] as const) {
      const message = failure(state(), { kind, address: '127.0.0.1:8' });
      assert.match(
        message,
        /there is no listener on 127\.0\.0\.1:8; did you mean "127\.0\.0\.1:80"/,
      );
    }
    const wanted = { ...listener, address: '127.0.0.1:81' };
    assert.match(failure(state(), { kind: 'update-listener', listener: wanted }), /there is no/);
  });

  it('that is not active needs a port', () => {
    const wanted = { ...listener, address: '127.0.0.1:0', active: false };
    assert.match(failure(state(), { kind: 'add-listener', listener: wanted }), /needs a port/);
  });
});
