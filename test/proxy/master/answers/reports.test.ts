import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BackendSnapshot } from '../../../../proxy/command/snapshots.ts';
import { reportBackends } from '../../../../proxy/master/answers/reports.ts';
import type { WorkerAnswer } from '../../../../proxy/master/workers/worker-answer.ts';
import { apply } from '../../../../proxy/state/apply.ts';
import { type ConfigState, emptyState } from '../../../../proxy/state/config-state.ts';
import { backendSnapshot } from '../../../support/backend-snapshot.ts';

const idle = backendSnapshot({
  activeRequests: 1,
  idleConnections: 2,
  requestsTotal: 3,
  connectFailuresTotal: 4,
});

function state(): ConfigState {
  const made = emptyState();
  const cluster = { id: 'web', loadBalancing: 'round-robin', answers: {} } as const;
  const backend = { clusterId: 'web', backendId: 'b1', address: '127.0.0.1:1' };
  assert.ok(apply(made, { kind: 'add-cluster', cluster }).ok);
  assert.ok(apply(made, { kind: 'add-backend', backend }).ok);
  return made;
}

function answer(workerId: number, ...backends: readonly BackendSnapshot[]): WorkerAnswer {
  const snapshot = {
    pid: workerId,
    clientConnections: 0,
    tunnels: 0,
    activeRequests: 0,
    requestsTotal: 0,
    limits: {
      accepting: true,
      pausesTotal: 0,
      refusedTotal: 0,
      evictedTotal: 0,
      limitedTotal: 0,
    },
    answersTotal: {},
    deniedTotal: {},
    backends,
    retries: [],
    regimes: [],
    listeners: [],
  };
  return { workerId, answer: { kind: 'ok', snapshot } };
}

describe('reportBackends', () => {
  it('adds counters up and shows the gravest breaker', () => {
    const open = { ...idle, breaker: 'open', failures: 3, retryInMs: 900 } as const;
    const [report] = reportBackends(state(), [answer(1, idle), answer(2, open)], undefined);
    assert.equal(report?.breaker, 'open');
    assert.equal(report?.failures, 3);
    assert.equal(report?.retryInMs, 900);
    assert.equal(report?.requestsTotal, 6);
    assert.equal(report?.activeRequests, 2);
    assert.deepEqual(
      report?.workers.map(worker => worker.workerId),
      [1, 2],
    );
  });

  it('lists a configured backend that no worker has told about yet, and one that is leaving', () => {
    const leaving = { ...idle, backendId: 'b2', admin: 'leaving' } as const;
    const reports = reportBackends(
      state(),
      [answer(1, leaving), { workerId: 2, answer: { kind: 'late' } }],
      'web',
    );
    assert.deepEqual(
      reports.map(({ backendId, admin, workers }) => [backendId, admin, workers.length]),
      [
        ['b1', 'ready', 0],
        ['b2', 'leaving', 1],
      ],
    );
    assert.deepEqual(reportBackends(state(), [], 'other'), []);
  });
});
