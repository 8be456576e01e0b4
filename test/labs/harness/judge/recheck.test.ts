/** Verdicts given again from a history: as the run gave them, window by window. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue } from '../../../../labs/catalogue/catalogue.ts';
import type { HistoryRecord } from '../../../../labs/harness/history.ts';
import { agrees, recheck } from '../../../../labs/harness/judge/recheck.ts';
import { replayCheck } from '../../../../labs/harness/judge/replay-check.ts';
import type { Check, Lab } from '../../../../labs/harness/lab.ts';
import type { RunResult } from '../../../../labs/harness/result.ts';
import { t } from '../../../../labs/harness/text.ts';
import type { Verdict } from '../../../../labs/harness/verdict.ts';
import { context, page, request, threeMachines } from '../../../support/history-builder.ts';
import { sampleResult } from '../../report/sample-run.ts';

const words = t('a', 'b');
const only: Check = {
  id: 'only',
  claim: words,
  probe: { kind: 'served', by: 'only', machines: ['webapp1'] },
  window: { within: '1s', for: '200ms' },
};
const both = (at: number, machine = 'webapp1'): readonly HistoryRecord[] => [
  request(at, { machine }),
  request(at, { machine, visitor: 'bob' }),
];

describe('replayCheck', () => {
  const replay = (records: readonly HistoryRecord[], settledAt?: number, check = only): string =>
    replayCheck(check, [...threeMachines, ...records], context, settledAt).kind;

  it('passes when it became true in time and stayed so', () => {
    assert.equal(replay([...both(2_500), ...both(2_800)]), 'pass');
  });

  it('fails when it was broken meanwhile, and too late after that', () => {
    const broken = both(2_600, 'webapp2');
    assert.equal(replay([...both(2_500), ...broken, ...both(3_200, 'webapp2')]), 'fail');
  });

  it('settles between two records, when the run’s clock did', () => {
    const records = [...both(2_500), ...both(4_000, 'webapp2')];
    assert.equal(replay(records), 'fail');
    assert.equal(replay(records, 2_710), 'pass');
    const bob = request(4_000, { visitor: 'bob' });
    const late = [...both(2_500, 'webapp2'), request(2_900), bob, ...both(4_300)];
    assert.equal(replay(late), 'pass');
    assert.equal(replay(late, 3_010), 'fail');
  });

  it('does not believe a moment of which the history says otherwise', () => {
    const records = [...both(2_500, 'webapp2'), ...both(3_100, 'webapp2'), ...both(4_000)];
    assert.equal(replay([...records, ...both(4_300)], 4_300), 'fail');
  });

  it('judges records of one look together', () => {
    const differ: Check = { id: 'd', claim: words, probe: { kind: 'pages-differ', atLeast: 2 } };
    const lone = page(2_100, { visitor: 'first', machine: 'webapp1' });
    const other = page(2_100.2, { visitor: 'second', machine: 'webapp2' });
    assert.equal(replay([lone, other], undefined, differ), 'pass');
  });

  it('tells the diagnosis with a failure', () => {
    const diagnosis = {
      when: { kind: 'served', by: 'only', machines: ['webapp2'] },
      say: t('webapp2 it is', 'c’est webapp2'),
    } as const;
    const records = [...threeMachines, ...both(2_500, 'webapp2')];
    const verdict = replayCheck({ ...only, because: [diagnosis] }, records, context, 3_010);
    assert.match(verdict.because, /webapp2 it is$/);
  });
});

const lab = catalogue.find(({ id }) => id === 'load-balance');
assert.ok(lab);
const found: Lab = lab;

function resultOf(verdict: Verdict, fields: Partial<RunResult> = {}): RunResult {
  const [step] = found.steps;
  const [check] = step.check;
  const told = { id: check.id, claim: check.claim, source: 'history' as const, verdict };
  return {
    ...sampleResult,
    lab: found.id,
    verdict,
    steps: [
      {
        id: step.id,
        title: step.title,
        say: step.say,
        commands: [],
        outputs: [],
        startedAt: 1_000,
        durationMs: 2_000,
        checks: [{ ...told, durationMs: 10 }],
        shots: [],
      },
    ],
    ...fields,
  };
}

const step = found.steps[0].id;
const phases: readonly HistoryRecord[] = [
  { kind: 'step', at: 1_000, step, phase: 'start' },
  { kind: 'step', at: 1_500, step, phase: 'acted' },
  { kind: 'step', at: 3_000, step, phase: 'end' },
];
const passed: Verdict = { kind: 'pass', because: 'x' };
const unknown: Verdict = { kind: 'unknown', because: 'x' };

describe('recheck', () => {
  it('is undecided where the history has nothing, whatever the result says', () => {
    const again = recheck(found, resultOf(passed), phases);
    assert.notEqual(again.verdict.kind, 'pass');
    assert.equal(agrees(again), false);
  });

  it('knows a step that was not reached', () => {
    const again = recheck(found, resultOf(unknown), []);
    assert.deepEqual([again.cases[0]?.verdict.because, agrees(again)], ['not reached', true]);
  });

  it('judges nothing behind a command that failed', () => {
    const failed = { kind: 'action', step, command: 'c', phase: 'end', error: 'oh no' } as const;
    const again = recheck(found, resultOf(unknown), [...phases, { ...failed, at: 1_400 }]);
    assert.deepEqual(again.cases[0]?.verdict, { kind: 'unknown', because: 'oh no' });
  });

  it('says of a check that the lab has no more', () => {
    const result = resultOf(passed);
    const [told] = result.steps;
    const checks = (told?.checks ?? []).map(check => ({ ...check, id: 'renamed' }));
    const steps = told === undefined ? [] : [{ ...told, checks }];
    const again = recheck(found, { ...result, steps }, phases);
    assert.match(again.cases[0]?.verdict.because ?? '', /no check "renamed" here any more/);
  });

  it('stays undecided for a run that was interrupted', () => {
    const again = recheck(found, resultOf(unknown, { interrupted: true, steps: [] }), []);
    assert.deepEqual([again.verdict.because, agrees(again)], ['interrupted', true]);
  });
});
