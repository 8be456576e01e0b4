import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { StateRequest } from '../../../proxy/command/requests.ts';
import { apply, backendIdAt } from '../../../proxy/state/apply.ts';
import { type ConfigState, emptyState } from '../../../proxy/state/config-state.ts';
import { diff } from '../../../proxy/state/diff.ts';
import { hash } from '../../../proxy/state/hash.ts';
import { replay } from '../../../proxy/state/replay.ts';
import { undoAll } from '../../../proxy/state/undoable-map.ts';
import { listenerRequests, stateRequest } from '../../support/state-requests.ts';

function fold(requests: readonly StateRequest[], onto: ConfigState = emptyState()): ConfigState {
  for (const each of requests) apply(onto, each);
  return onto;
}

/** As `fold`, but nothing may fail. */
function strictFold(all: readonly StateRequest[], onto: ConfigState): ConfigState {
  for (const each of all) {
    const result = apply(onto, each);
    assert.ok(result.ok, result.ok ? '' : `${JSON.stringify(each)}: ${result.error.message}`);
  }
  return onto;
}

const start = listenerRequests;
const sequence = fc
  .array(stateRequest, { maxLength: 40 })
  .map((random): StateRequest[] => [...start, ...random]);

describe('state', () => {
  it('replays into the same state', () => {
    fc.assert(
      fc.property(sequence, all => {
        const state = fold(all);
        assert.deepEqual(strictFold(replay(state), emptyState()), state);
      }),
    );
  });

  it('diff leads from any state to any other', () => {
    fc.assert(
      fc.property(sequence, sequence, (left, right) => {
        const [a, b] = [fold(left), fold(right)];
        strictFold(diff(a, b), a);
        assert.equal(hash(a), hash(b));
        assert.deepEqual(diff(a, b), []);
      }),
    );
  });

  it('a failed request changes nothing', () => {
    fc.assert(
      fc.property(sequence, stateRequest, (all, last) => {
        const state = fold(all);
        const before = structuredClone(state);
        if (!apply(state, last).ok) assert.deepEqual(state, before);
      }),
    );
  });

  it('is as before when everything is undone, the order of everything included', () => {
    fc.assert(
      fc.property(sequence, fc.array(stateRequest, { maxLength: 15 }), (all, tried) => {
        const state = fold(all);
        const before = replay(state);
        const undos = tried.flatMap(each => {
          const applied = apply(state, each);
          return applied.ok ? [applied.value.undo] : [];
        });
        undoAll(undos);
        assert.deepEqual(replay(state), before);
        assert.deepEqual(state, fold(before));
      }),
    );
  });

  it('the effects, one by one, do what the request did', () => {
    fc.assert(
      fc.property(sequence, all => {
        const main = emptyState();
        const worker = emptyState();
        for (const each of all) {
          const result = apply(main, each);
          if (result.ok) strictFold(result.value.effects, worker);
        }
        assert.deepEqual(worker, main);
      }),
    );
  });

  it('hash ignores the order of arrival where it decides nothing', () => {
    assert.equal(hash(fold(start)), hash(fold([...start].reverse())));
    assert.notEqual(hash(fold(start)), hash(emptyState()));
  });

  it('hash and diff see the order of frontends that may match the same request', () => {
    const web = { id: 'web', loadBalancing: 'round-robin', answers: {} } as const;
    const two = ['/a', '/b'].map(path => {
      const where = { listener: '127.0.0.1:80', hostname: '*', position: 'pre' } as const;
      return { kind: 'add-frontend', frontend: { ...where, path, clusterId: 'web' } } as const;
    });
    const ground: StateRequest[] = [...start, { kind: 'add-cluster', cluster: web }];
    const [a, b] = [fold([...ground, ...two]), fold([...ground, ...two.toReversed()])];
    assert.notEqual(hash(a), hash(b));
    assert.deepEqual([...strictFold(diff(a, b), a).frontends.keys()], [...b.frontends.keys()]);
  });
});

describe('apply', () => {
  function web(): ConfigState {
    return strictFold(
      [
        ...start,
        {
          kind: 'add-cluster',
          cluster: { id: 'webapp', loadBalancing: 'round-robin', answers: {} },
        },
        add('b1', '127.0.0.1:1'),
        add('b2', '127.0.0.1:2'),
        add('b3', '127.0.0.1:2'),
      ],
      emptyState(),
    );
  }
  function add(backendId: string, address: string): StateRequest {
    return { kind: 'add-backend', backend: { clusterId: 'webapp', backendId, address } };
  }
  function noteOf(state: ConfigState, each: StateRequest): string | undefined {
    const result = apply(state, each);
    assert.ok(result.ok);
    return result.value.note;
  }
  function failure(each: StateRequest): string {
    const result = apply(web(), each);
    assert.ok(!result.ok);
    return result.error.message;
  }

  it('a backend added again keeps its place and says that the breaker is reset', () => {
    const result = apply(web(), add('b1', '127.0.0.1:1'));
    assert.ok(result.ok);
    assert.equal(result.value.note, 'already present; breaker reset');
    assert.equal(result.value.effects.length, 1);
  });

  it('a backend in drain that is added again is ready again, and the note says so', () => {
    const state = web();
    const plain = { clusterId: 'webapp', backendId: 'b1', address: '127.0.0.1:1' };
    for (const admin of ['drain', 'maint'] as const) {
      const resting = { kind: 'add-backend', backend: { ...plain, admin } } as const;
      assert.deepEqual(noteOf(state, resting), 'already present; updated');
      const note = `already present; updated; it was in ${admin === 'maint' ? 'maintenance' : admin}`;
      assert.equal(noteOf(state, add('b1', '127.0.0.1:1')), `${note} and is ready again`);
      assert.deepEqual(state.clusters.get('webapp')?.backends.get('b1'), plain);
    }
  });

  it('removes every backend at the address when no id is given', () => {
    const state = web();
    const result = apply(state, {
      kind: 'remove-backend',
      clusterId: 'webapp',
      address: '127.0.0.1:2',
    });
    assert.ok(result.ok);
    assert.equal(result.value.effects.length, 2);
    assert.equal(result.value.note, 'removed 2 backends');
    assert.deepEqual([...(state.clusters.get('webapp')?.backends.keys() ?? [])], ['b1']);
  });

  it('names the nearest thing that exists', () => {
    assert.match(
      failure({ kind: 'remove-backend', clusterId: 'webap', address: '127.0.0.1:1' }),
      /there is no cluster "webap"; did you mean "webapp"\?/,
    );
    assert.match(
      failure({ kind: 'remove-backend', clusterId: 'webapp', address: '127.0.0.1:9' }),
      /no backend at 127\.0\.0\.1:9 in cluster "webapp"; did you mean "127\.0\.0\.1:\d"\?/,
    );
    assert.match(
      failure({
        kind: 'remove-backend',
        clusterId: 'webapp',
        address: '127.0.0.1:1',
        backendId: 'b2',
      }),
      /no backend "b2" at 127\.0\.0\.1:1 .*did you mean "b1"\?/,
    );
    assert.match(
      failure(add('b1', '127.0.0.1:7')),
      /"b1" of cluster "webapp" is at 127\.0\.0\.1:1/,
    );
  });

  it('a backend without a name is known by the id it has, or by its address', () => {
    assert.equal(backendIdAt(web(), 'webapp', '127.0.0.1:1'), 'b1');
    assert.equal(backendIdAt(web(), 'webapp', '127.0.0.1:5'), '127.0.0.1:5');
  });
});
