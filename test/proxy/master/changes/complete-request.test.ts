import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Backend, SetBackendAdmin, StateRequest } from '../../../../proxy/command/requests.ts';
import { completeRequest } from '../../../../proxy/master/changes/complete-request.ts';
import { apply } from '../../../../proxy/state/apply.ts';
import { type ConfigState, emptyState } from '../../../../proxy/state/config-state.ts';

let state: ConfigState;
const ONE: Backend = {
  clusterId: 'web',
  backendId: 'one',
  address: '127.0.0.1:1',
  weight: 7,
  backup: true,
  admin: 'drain',
};

function done(request: StateRequest): void {
  const applied = apply(state, request);
  assert.ok(applied.ok, applied.ok ? '' : applied.error.message);
}

function completed(admin: SetBackendAdmin['admin'], more: Partial<SetBackendAdmin> = {}): unknown {
  const { clusterId, address } = ONE;
  const result = completeRequest(state, {
    kind: 'set-backend-admin',
    clusterId,
    address,
    admin,
    ...more,
  });
  return result.ok ? result.value : result.error.message;
}

beforeEach(() => {
  state = emptyState();
  done({
    kind: 'add-cluster',
    cluster: { id: 'web', loadBalancing: 'round-robin', answers: {} },
  });
  done({ kind: 'add-backend', backend: ONE });
});

describe('set-backend-admin', () => {
  it('keeps everything else that the backend has', () => {
    const { admin: _, ...ready } = ONE;
    assert.deepEqual(completed('ready'), { kind: 'add-backend', backend: ready });
    const maint = { ...ONE, admin: 'maint' };
    assert.deepEqual(completed('maint', { deadlineMs: 5, wait: true }), {
      kind: 'add-backend',
      backend: maint,
    });
  });

  it('is refused where it is not clear which backend is meant, or none is there', () => {
    done({ kind: 'add-backend', backend: { ...ONE, backendId: 'two' } });
    assert.equal(
      completed('drain'),
      'cluster "web" has 2 backends at 127.0.0.1:1: which one, one or two?',
    );
    const two = { kind: 'add-backend', backend: { ...ONE, backendId: 'two' } };
    assert.deepEqual(completed('drain', { backendId: 'two' }), two);
    assert.match(String(completed('drain', { address: '127.0.0.1:2' })), /^no backend at /);
    assert.match(String(completed('drain', { clusterId: 'wob' })), /no cluster "wob"/);
  });

  it('keeps the admin state of a backend whose weight changes', () => {
    const { clusterId, address } = ONE;
    const result = completeRequest(state, { kind: 'set-weight', clusterId, address, weight: 3 });
    assert.deepEqual(result.ok && result.value, {
      kind: 'add-backend',
      backend: { ...ONE, weight: 3 },
    });
  });
});
