/** A config file that was edited, and what was changed at run time, become one state. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { StateRequest } from '../../../proxy/command/requests.ts';
import { hash } from '../../../proxy/state/hash.ts';
import { mergeStates } from '../../../proxy/state/merge.ts';
import { partsOf, stateOfParts } from '../../../proxy/state/parts.ts';
import {
  anyState,
  someBackend,
  someFrontend,
  stateOf,
  webRequests,
} from '../../support/some-states.ts';

const base = stateOf(...webRequests(1, 2));

function withBackend(port: number, more: object): StateRequest {
  return { kind: 'add-backend', backend: someBackend(port, more) };
}

describe('mergeStates', () => {
  it('leaves a backend out that was removed at run time and still stands in the file', () => {
    const file = stateOf(...webRequests(1, 2), withBackend(3, {}));
    const live = stateOf(...webRequests(2), withBackend(9, {}));
    const { state, notes } = mergeStates(base, file, live);
    const expected = stateOf(...webRequests(2), withBackend(3, {}), withBackend(9, {}));
    assert.equal(hash(state), hash(expected));
    assert.deepEqual(notes, []);
  });

  it('keeps both changes of one part when they concern different keys', () => {
    const file = stateOf(...webRequests(1, 2), withBackend(1, { backup: true }));
    const live = stateOf(...webRequests(1, 2), withBackend(1, { weight: 7 }));
    const { state, notes } = mergeStates(base, file, live);
    const expected = someBackend(1, { backup: true, weight: 7 });
    assert.deepEqual(state.clusters.get('web')?.backends.get('127.0.0.1:1'), expected);
    assert.deepEqual(notes, []);
  });

  it('says so where both changed one key, and keeps what was changed at run time', () => {
    const file = stateOf(...webRequests(1, 2), withBackend(1, { weight: 5 }));
    const live = stateOf(...webRequests(1, 2), withBackend(1, { weight: 7 }));
    const { state, notes } = mergeStates(base, file, live);
    assert.equal(state.clusters.get('web')?.backends.get('127.0.0.1:1')?.weight, 7);
    assert.match(notes.join(), /127\.0\.0\.1:1 of cluster web: weight as changed at run time/);
  });

  it('takes out what the file took out, though it was changed at run time, and says so', () => {
    const file = stateOf(...webRequests(2));
    const live = stateOf(...webRequests(1, 2), withBackend(1, { weight: 7 }));
    const { state, notes } = mergeStates(base, file, live);
    assert.deepEqual([...(state.clusters.get('web')?.backends.keys() ?? [])], ['127.0.0.1:2']);
    assert.match(notes.join(), /was changed at run time, but the file has it no longer/);
  });

  it('says what cannot stay because its cluster went', () => {
    const listener = webRequests().slice(0, 1);
    const live = stateOf(...webRequests(1, 2), withBackend(3, {}), {
      kind: 'add-frontend',
      frontend: someFrontend('b'),
    });
    const { state, notes } = mergeStates(base, stateOf(...listener), live);
    assert.equal(hash(state), hash(stateOf(...listener)));
    assert.equal(notes.length, 2);
    for (const note of notes) assert.match(note, /is left out: what it belongs to is there no/);
  });

  it('is the file when nothing was changed at run time', () => {
    fc.assert(
      fc.property(anyState, anyState, (was, file) => {
        const { state, notes } = mergeStates(was, file, was);
        assert.equal(hash(state), hash(file));
        assert.deepEqual(notes, []);
      }),
    );
  });

  it('is the saved state when the file was not edited', () => {
    fc.assert(
      fc.property(anyState, anyState, (file, live) => {
        const { state, notes } = mergeStates(file, file, live);
        assert.deepEqual(notes, []);
        assert.deepEqual(sorted(partsOf(state)), sorted(partsOf(live)));
      }),
    );
  });

  it('never makes a state that lacks what it leads to', () => {
    fc.assert(
      fc.property(anyState, anyState, anyState, (was, file, live) => {
        const { state } = mergeStates(was, file, live);
        assert.equal(hash(stateOfParts(partsOf(state).values())), hash(state));
        for (const { listener, clusterId } of state.frontends.values()) {
          assert.ok(state.listeners.has(listener));
          assert.ok(clusterId === null || state.clusters.has(clusterId));
        }
      }),
    );
  });
});

function sorted(parts: ReadonlyMap<string, unknown>): unknown[] {
  return [...parts].sort(([one], [other]) => (one < other ? -1 : 1));
}
