/** What requests of 2017 leave out is found in the state, or asked back. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frontend, StateRequest } from '../../../../proxy/command/requests.ts';
import { kept, placed } from '../../../../proxy/master/changes/complete-2017.ts';
import { apply } from '../../../../proxy/state/apply.ts';
import { type ConfigState, emptyState } from '../../../../proxy/state/config-state.ts';
import { defaults } from '../../../support/start-data-plane.ts';

const [one, two] = ['127.0.0.1:80', '127.0.0.1:81'] as const;
const hidden = { hostname: 'a', path: '', clusterId: 'web' };

function stateOf(listeners: readonly string[], frontends: readonly string[] = []): ConfigState {
  const state = emptyState();
  const cluster = { id: 'web', loadBalancing: 'random', answers: {}, slowStartMs: 5 } as const;
  const requests: StateRequest[] = [
    { kind: 'add-cluster', cluster },
    ...listeners.map(
      address => ({ kind: 'add-listener', listener: { ...defaults, address } }) as const,
    ),
    ...frontends.map(
      listener => ({ kind: 'add-frontend', frontend: { ...hidden, listener } }) as const,
    ),
  ];
  for (const request of requests) assert.ok(apply(state, request).ok);
  return state;
}

function listenerOf(state: ConfigState, kind: 'add-frontend' | 'remove-frontend'): string {
  const found = placed(state, { kind, frontend: hidden });
  if (!found.ok) return found.error.message;
  assert.equal(found.value.kind, kind);
  return (found.value as { frontend: Frontend }).frontend.listener;
}

describe('a frontend without a listener', () => {
  it('is added to the only one', () => {
    assert.equal(listenerOf(stateOf([one]), 'add-frontend'), one);
    assert.equal(listenerOf(stateOf([]), 'add-frontend'), 'there is no listener');
    const asked = listenerOf(stateOf([one, two]), 'add-frontend');
    assert.match(asked, /on which listener\? 127\.0\.0\.1:80 or 127\.0\.0\.1:81 could have/);
  });

  it('is removed from the one that has it', () => {
    assert.equal(listenerOf(stateOf([one, two], [two]), 'remove-frontend'), two);
    const asked = listenerOf(stateOf([one, two], [one, two]), 'remove-frontend');
    assert.match(asked, /on which listener\?/);
    assert.equal(listenerOf(stateOf([one, two]), 'remove-frontend'), one, 'the state refuses it');
  });
});

describe('a cluster that is to be kept', () => {
  it('keeps what it has, and is made when there is none', () => {
    const state = stateOf([one]);
    const known = { id: 'web', loadBalancing: 'random', answers: {}, slowStartMs: 5 };
    const request = { kind: 'keep-cluster', clusterId: 'web' } as const;
    assert.deepEqual(kept(state, request), { kind: 'add-cluster', cluster: known });
    assert.deepEqual(kept(state, { ...request, stickySession: true }), {
      kind: 'add-cluster',
      cluster: { ...known, stickySession: true },
    });
    assert.deepEqual(kept(state, { kind: 'keep-cluster', clusterId: 'new' }), {
      kind: 'add-cluster',
      cluster: { id: 'new', loadBalancing: 'round-robin', answers: {} },
    });
  });
});
