import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { showBackends, showBreaker, showEvent, showStatus } from '../../../proxy/cli/show.ts';
import { formatTable } from '../../../proxy/cli/table.ts';
import { backendSnapshot } from '../../support/backend-snapshot.ts';

const closed = backendSnapshot();

describe('showStatus', () => {
  it('says which worker is full, how many made room, and how many requests were limited', () => {
    const limits = { pausesTotal: 1, refusedTotal: 0, evictedTotal: 0, limitedTotal: 0 };
    const base = {
      clientConnections: 7,
      tunnels: 0,
      activeRequests: 2,
      requestsTotal: 9,
      deniedTotal: {},
      answersTotal: {},
      backends: [],
      retries: [],
      regimes: [],
      listeners: [],
    };
    const text = showStatus({
      pid: 1,
      version: '1',
      commandSocket: '/sock',
      stateHash: 'abc',
      digest: '0123456789abcdef',
      listeners: [],
      warnings: [],
      workers: [
        {
          workerId: 1,
          pid: 2,
          runState: 'running',
          inSync: 'yes',
          snapshot: { ...base, pid: 2, limits: { ...limits, accepting: false } },
        },
        {
          workerId: 2,
          pid: 3,
          runState: 'running',
          inSync: 'yes',
          snapshot: {
            ...base,
            pid: 3,
            limits: { ...limits, accepting: true, evictedTotal: 4, limitedTotal: 5 },
          },
        },
        { workerId: 3, pid: 4, runState: 'not-answering', inSync: 'unknown' },
      ],
    });
    assert.match(text, /^1 +2 +running +in sync +7 \(full\) +0 +2 +9 +0$/m);
    assert.match(text, /^2 +3 +running +in sync +7, 4 evicted +0 +2 +9 +5$/m);
    assert.match(text, /^3 +4 +not-answering +\? +\? +\? +\? +\? +\?$/m);
  });
});

describe('showBreaker', () => {
  it('says how near it is to opening, and how long it stays open', () => {
    assert.equal(showBreaker(closed), 'closed');
    assert.equal(showBreaker({ ...closed, failures: 2 }), 'closed, failures 2/3');
    assert.equal(
      showBreaker({ ...closed, breaker: 'open', failures: 3, retryInMs: 2_140 }),
      'open, next try in 2.1 s',
    );
    assert.equal(
      showBreaker({ ...closed, breaker: 'half-open' }),
      'half-open, one trial under way',
    );
  });
});

describe('showBackends', () => {
  function healthShown(healthy: boolean, check?: { against: number; needed: number }): string {
    const progress = check === undefined ? {} : { check };
    const report = { ...backendSnapshot({ healthy }), checked: true, ...progress, workers: [] };
    return showBackends([report], false);
  }
  it('counts health checks down to another verdict', () => {
    assert.match(healthShown(true), / healthy +closed/);
    assert.match(healthShown(true, { against: 0, needed: 3 }), / healthy +closed/);
    assert.match(healthShown(true, { against: 2, needed: 3 }), / healthy, failed checks 2\/3 /);
    assert.match(healthShown(false, { against: 1, needed: 2 }), / unhealthy, passed checks 1\/2 /);
  });
});

describe('showEvent', () => {
  it('is one line with what is known', () => {
    const line = showEvent({
      seq: 7,
      time: '2026-01-01T00:00:00.000Z',
      kind: 'connect-failed',
      workerId: 1,
      clusterId: 'web',
      address: '127.0.0.1:1',
      failure: 'unreachable',
      durationMs: 3_001.4,
    });
    assert.equal(
      line,
      '2026-01-01T00:00:00.000Z  #7  connect-failed  worker 1  web  127.0.0.1:1  unreachable  3001 ms',
    );
  });
});

describe('formatTable', () => {
  it('aligns columns and leaves no blanks at the end', () => {
    assert.equal(
      formatTable([
        ['a', 'bb'],
        ['ccc', 'd'],
      ]),
      'a    bb\nccc  d\n',
    );
    assert.equal(formatTable([]), '\n');
  });
});
