import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryRecord, RequestRecord } from '../../../../labs/harness/history.ts';
import { judge } from '../../../../labs/harness/judge/judge.ts';
import type { Probe } from '../../../../labs/harness/probes.ts';
import { context, request } from '../../../support/history-builder.ts';

const more: Probe = {
  kind: 'engagement',
  version: 'v2',
  than: 'v1',
  times: 2,
  visitors: ['alice'],
  visits: 10,
};

function pages(version: string, count: number, fields: Partial<RequestRecord> = {}) {
  return Array.from({ length: count }, () => request(2_100, { version, ...fields }));
}

function pressed(version: string, count: number, fields: Partial<RequestRecord> = {}) {
  return pages(version, count, { engages: true, status: 204, ...fields });
}

function verdict(records: readonly HistoryRecord[]): string {
  return judge(more, records, context).kind;
}

describe('engagement', () => {
  const shown = [...pages('v1', 10), ...pages('v2', 20)];

  it('compares presses for each page, not presses', () => {
    assert.equal(verdict([...shown, ...pressed('v1', 1), ...pressed('v2', 4)]), 'pass');
    assert.equal(verdict([...shown, ...pressed('v1', 1), ...pressed('v2', 3)]), 'fail');
  });

  it('is no difference where nobody presses', () => {
    assert.equal(verdict(shown), 'fail');
    assert.equal(verdict([...shown, ...pressed('v2', 1)]), 'pass');
  });

  it('waits for enough pages of both versions', () => {
    const few = [...pages('v1', 9), ...pages('v2', 20), ...pressed('v2', 8)];
    assert.equal(verdict(few), 'unknown');
    assert.match(judge(more, few, context).because, /v2 8 of 20, v1 0 of 9: 10 pages of each/);
  });

  it('counts no errors, no other visitors and nothing from before', () => {
    const errors = [...pages('v2', 5, { status: 500 }), ...pressed('v2', 9, { status: 500 })];
    assert.equal(verdict([...shown, ...pressed('v1', 1), ...errors]), 'fail');
    const ofBob = pressed('v2', 9, { visitor: 'bob' });
    assert.equal(verdict([...shown, ...pressed('v1', 1), ...ofBob]), 'fail');
    const early = pressed('v2', 9, { startedAt: 1_900 });
    assert.equal(verdict([...shown, ...pressed('v1', 1), ...early]), 'fail');
  });
});
