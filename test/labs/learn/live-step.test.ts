/** Checks that are judged for as long as a learner needs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryRecord } from '../../../labs/harness/history.ts';
import { createKit } from '../../../labs/harness/kit.ts';
import type { Check, Step } from '../../../labs/harness/lab.ts';
import { t } from '../../../labs/harness/text.ts';
import { isGreen, LiveStep, verdictIn } from '../../../labs/learn/live-step.ts';
import { context, request, threeMachines } from '../../support/history-builder.ts';

const { expect } = createKit<string>();
const words = t('a', 'b');
const only: Check = {
  id: 'only',
  claim: words,
  probe: expect.served('only', 'webapp1'),
  window: { within: '1s', for: '500ms' },
};
const every: Check = { id: 'every', claim: words, probe: expect.served('every', 'webapp1') };

function begin(...checks: [Check, ...Check[]]): LiveStep {
  const step: Step = { id: 'one', title: words, minutes: 1, say: words, act: [], check: checks };
  return new LiveStep({
    step,
    checks,
    context: { ...context, visitors: ['alice'] },
    startedAt: 1_000,
  });
}

function history(...requests: readonly HistoryRecord[]): readonly HistoryRecord[] {
  return [...threeMachines, ...requests];
}

describe('LiveStep', () => {
  it('waits as long as it takes, and wants a check to hold', () => {
    const live = begin(only);
    const wrong = history(request(2_000, { machine: 'webapp2' }));
    live.judge(wrong, 60_000, 'en');
    assert.equal(live.checks[0]?.state.latest?.kind, 'fail');
    assert.equal(live.doneAt, undefined);
    const right = history(request(60_100));
    live.judge(right, 60_100, 'en');
    assert.equal(live.doneAt, undefined);
    live.judge(right, 60_700, 'en');
    assert.equal(live.doneAt, 60_700);
  });

  it('begins anew with every change of the world, until it is done', () => {
    const live = begin(every, only);
    live.judge(history(request(2_000)), 2_000, 'en');
    assert.deepEqual(live.checks.map(isGreen), [true, false]);
    live.changed(2_100);
    assert.deepEqual(live.checks.map(isGreen), [false, false]);
    live.judge(history(request(2_000)), 2_200, 'en');
    assert.deepEqual(live.checks.map(isGreen), [false, false], 'older requests do not count');
    const later = history(request(2_000), request(2_300));
    live.judge(later, 2_300, 'en');
    live.judge(later, 2_900, 'en');
    assert.equal(live.doneAt, 2_900);
    live.changed(3_000);
    live.judge(history(request(3_100, { machine: 'webapp2' })), 3_200, 'en');
    assert.equal(live.doneAt, 2_900);
    assert.equal(live.changes, 2);
  });

  it('tells an old verdict in another language, as of its own moment', () => {
    const live = begin(every);
    const records = [...history(request(2_000))];
    live.judge(records, 2_000, 'en');
    records.push(request(2_500, { machine: 'webapp2' }));
    const [check] = live.checks;
    assert.ok(check);
    assert.equal(verdictIn(check, records, 'en')?.because, 'requests: webapp1 1');
    assert.equal(verdictIn(check, records, 'fr')?.because, 'requêtes : webapp1 1');
  });
});
