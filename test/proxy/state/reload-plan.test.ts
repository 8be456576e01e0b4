/** What a file changes in a running proxy, and what it leaves alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { StateRequest } from '../../../proxy/command/requests.ts';
import { apply } from '../../../proxy/state/apply.ts';
import { type ConfigState, copyState } from '../../../proxy/state/config-state.ts';
import { hash } from '../../../proxy/state/hash.ts';
import { partsOf } from '../../../proxy/state/parts.ts';
import { planReload, type ReloadPlan } from '../../../proxy/state/reload-plan.ts';
import { settlePorts } from '../../../proxy/state/settle-ports.ts';
import {
  anyState,
  someBackend,
  someFrontend,
  someListener,
  stateOf,
  webRequests,
} from '../../support/some-states.ts';

function shown({ lines }: ReloadPlan): string[] {
  return lines.map(({ sign, what, detail }) =>
    detail === undefined ? `${sign} ${what}` : `${sign} ${what}: ${detail}`,
  );
}

function carriedOut(running: ConfigState, { requests }: ReloadPlan): ConfigState {
  const state = copyState(running);
  for (const request of requests) {
    const applied = apply(state, request);
    assert.ok(applied.ok, applied.ok ? '' : applied.error.message);
  }
  return state;
}

describe('planReload', () => {
  it('says what comes, changes, goes and stays', () => {
    const running = stateOf(...webRequests(1, 2), {
      kind: 'add-frontend',
      frontend: someFrontend('old'),
    });
    const file = stateOf(
      ...webRequests(1).map(request =>
        request.kind === 'add-backend'
          ? { kind: request.kind, backend: someBackend(1, { weight: 20 }) }
          : request,
      ),
      { kind: 'add-backend', backend: someBackend(3, { backendId: 'new' }) },
    );
    const same = ['~ backend 127.0.0.1:1 of cluster web: weight: default → 20'];
    const come = ['+ backend new (127.0.0.1:3) of cluster web'];
    const kept = 'kept: not in the file; --prune removes it';
    assert.deepEqual(shown(planReload(running, file, { prune: false })), [
      ...same,
      ...come,
      `= backend 127.0.0.1:2 of cluster web: ${kept}`,
      `= frontend old on 127.0.0.1:80 → web: ${kept}`,
    ]);
    const pruned = planReload(running, file, { prune: true });
    assert.deepEqual(shown(pruned), [
      ...same,
      ...come,
      '- backend 127.0.0.1:2 of cluster web',
      '- frontend old on 127.0.0.1:80 → web',
    ]);
    assert.equal(hash(carriedOut(running, pruned)), hash(file));
  });

  it('asks for nothing when the file is what runs', () => {
    const plan = planReload(stateOf(...webRequests(1)), stateOf(...webRequests(1)), {
      prune: true,
    });
    assert.deepEqual([plan.lines, plan.requests], [[], []]);
    assert.equal(plan.unchanged, 5);
  });

  it('leaves a listener at rest that an operator deactivated', () => {
    const resting = someListener('127.0.0.1:80', { active: false });
    const running = stateOf({ kind: 'add-listener', listener: resting });
    const listener = someListener('127.0.0.1:80', { backTimeoutMs: 5 });
    const plan = planReload(running, stateOf({ kind: 'add-listener', listener }), { prune: true });
    assert.deepEqual(shown(plan), ['~ listener 127.0.0.1:80: backTimeoutMs: 30000 → 5']);
    assert.equal(carriedOut(running, plan).listeners.get('127.0.0.1:80')?.active, false);
  });

  it('puts every switch as a saved state says it', () => {
    const drained = webRequests(1).map(
      (request): StateRequest =>
        request.kind === 'add-backend'
          ? { ...request, backend: { ...request.backend, admin: 'drain' } }
          : request,
    );
    const [ready, resting] = [stateOf(...webRequests(1)), stateOf(...drained)];
    for (const [running, saved] of [
      [ready, resting],
      [resting, ready],
    ] as const) {
      const plan = planReload(running, saved, { prune: false, saysSwitches: true });
      assert.equal(hash(carriedOut(running, plan)), hash(saved));
    }
  });

  it('leaves a backend in maintenance that an operator put there', () => {
    const resting = someBackend(1, { admin: 'maint' });
    const running = stateOf(...webRequests(1), { kind: 'add-backend', backend: resting });
    const file = stateOf(...webRequests(1), {
      kind: 'add-backend',
      backend: someBackend(1, { weight: 5 }),
    });
    const plan = planReload(running, file, { prune: true });
    assert.deepEqual(shown(plan), ['~ backend 127.0.0.1:1 of cluster web: weight: default → 5']);
    const after = carriedOut(running, plan).clusters.get('web')?.backends.get('127.0.0.1:1');
    assert.deepEqual(after, { ...resting, weight: 5 });
  });

  it('leads from any state to any file with --prune', () => {
    fc.assert(
      fc.property(anyState, anyState, (running, file) => {
        const plan = planReload(running, file, { prune: true });
        assert.equal(hash(carriedOut(running, plan)), hash(file));
        assert.deepEqual(shown(planReload(file, file, { prune: true })), []);
      }),
    );
  });

  it('loses nothing without --prune, and has everything that the file has', () => {
    fc.assert(
      fc.property(anyState, anyState, (running, file) => {
        const after = partsOf(carriedOut(running, planReload(running, file, { prune: false })));
        for (const [key, part] of partsOf(file)) assert.deepEqual(after.get(key), part);
        for (const key of partsOf(running).keys()) assert.ok(after.has(key), key);
      }),
    );
  });
});

describe('settlePorts', () => {
  it('takes port 0 for the running listener of that address that nobody names', () => {
    const open = [
      { kind: 'add-listener', listener: someListener('127.0.0.1:0') } as const,
      { kind: 'add-listener', listener: someListener('127.0.0.1:80') } as const,
      { kind: 'add-frontend', frontend: someFrontend('a', { listener: '127.0.0.1:0' }) } as const,
    ];
    const running = stateOf(
      { kind: 'add-listener', listener: someListener('127.0.0.2:40001') },
      { kind: 'add-listener', listener: someListener('127.0.0.1:80') },
      { kind: 'add-listener', listener: someListener('127.0.0.1:40000') },
    );
    const settled = settlePorts(open, running);
    assert.deepEqual(settled[0], {
      kind: 'add-listener',
      listener: someListener('127.0.0.1:40000'),
    });
    assert.deepEqual(settled[1], open[1]);
    assert.equal(
      settled[2]?.kind === 'add-frontend' && settled[2].frontend.listener,
      '127.0.0.1:40000',
    );
    assert.deepEqual(settlePorts(open, stateOf()), open);
  });
});
