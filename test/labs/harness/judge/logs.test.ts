/** The probes that look into logs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryRecord, LogRecord } from '../../../../labs/harness/history.ts';
import { judge } from '../../../../labs/harness/judge/judge.ts';
import { createKit } from '../../../../labs/harness/kit.ts';
import type { Probe } from '../../../../labs/harness/probes.ts';
import type { Verdict } from '../../../../labs/harness/verdict.ts';
import { context, request } from '../../../support/history-builder.ts';

const { expect } = createKit<'webapp1'>();

function line(at: number, text: string, fields: Partial<LogRecord> = {}): LogRecord {
  return { kind: 'log', at, source: 'webapp1', line: text, ...fields };
}

function assertVerdict(
  probe: Probe,
  records: readonly HistoryRecord[],
  kind: Verdict['kind'],
  because: RegExp,
): void {
  const verdict = judge(probe, records, context);
  assert.equal(verdict.kind, kind, verdict.because);
  assert.match(verdict.because, because);
}

describe('logged', () => {
  const probe = expect.logged('webapp1', 'jndi');
  it('counts lines of that log with the text since the step acted', () => {
    const records = [line(1_900, 'jndi'), line(2_100, 'hello'), line(2_200, 'jndi')];
    assertVerdict(probe, records, 'pass', /^1 line of webapp1 has jndi$/);
    assertVerdict(expect.logged('webapp1', 'jndi', 2), records, 'fail', /^1 line/);
    assertVerdict(probe, [line(2_200, 'jndi', { source: 'proxy' })], 'fail', /^0 lines/);
    assert.equal(judge(probe, records, context).decidedBy?.[0], records[2]);
  });
  it('goes by the beginning of the request, which a line tells late', () => {
    const late = line(2_100, 'jndi', { requestId: 'alice-7' });
    const before = request(2_050, { requestId: 'alice-7', startedAt: 1_990 });
    const after = request(2_050, { requestId: 'alice-7', startedAt: 2_010 });
    assertVerdict(probe, [before, late], 'fail', /^0 lines/);
    assertVerdict(probe, [late], 'fail', /^0 lines/);
    assertVerdict(probe, [after, late], 'pass', /^1 line/);
    const foreign = line(2_100, 'jndi', { requestId: '0h3k2m1-5' });
    assertVerdict(probe, [foreign], 'pass', /^1 line/);
  });
});

describe('not logged', () => {
  const probe = expect.notLogged('webapp1', 'jndi', 2);
  it('wants a log that goes on without the text', () => {
    const records = [line(1_900, 'jndi'), line(2_100, 'a'), line(2_200, 'b')];
    assertVerdict(probe, records, 'pass', /none of 2 lines/);
    assertVerdict(probe, records.slice(0, 2), 'unknown', /none of 1 lines/);
    assertVerdict(probe, [], 'unknown', /none of 0/);
  });
  it('is broken by one line', () => {
    const stray = line(2_200, 'x jndi');
    assertVerdict(probe, [line(2_100, 'a'), stray], 'fail', /1 of 2 lines/);
    assert.deepEqual(judge(probe, [line(2_100, 'a'), stray], context).decidedBy, [stray]);
  });
});

describe('log took', () => {
  const [slow, quick] = [{ durationMs: 2_000 }, { durationMs: 3 }];
  const two = [line(2_100, 'a', quick), line(2_200, 'b', slow), line(2_300, 'c', slow)];
  it('looks at the latest lines that tell a time', () => {
    const probe = expect.logTook('webapp1', { atLeastMs: 1_000, lines: 2 });
    assertVerdict(probe, [...two, line(2_400, 'it started')], 'pass', /2\.00.s, 2\.00.s/);
    assertVerdict(probe, [...two, line(2_400, 'd', quick)], 'fail', /2\.00.s, 3\.0.ms/);
    assertVerdict(probe, two.slice(0, 1), 'unknown', /3\.0.ms/);
    const most = expect.logTook('webapp1', { atMostMs: 1_000, lines: 1 });
    assertVerdict(most, two.slice(0, 1), 'pass', /3\.0.ms/);
    assertVerdict(most, two, 'fail', /2\.00.s/);
  });
  it('may be about one visitor', () => {
    const asked = { requestId: 'bob-1' };
    const probe = expect.logTook('webapp1', { atMostMs: 1_000, visitor: 'bob', lines: 1 });
    const begun = request(2_050, { visitor: 'bob', requestId: 'bob-1' });
    const bobs = line(2_200, 'b', { ...quick, ...asked });
    assertVerdict(probe, [begun, bobs, line(2_300, 'c', slow)], 'pass', /3\.0.ms/);
    assertVerdict(probe, two, 'unknown', /–/);
  });
});
