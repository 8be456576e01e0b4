/** Which requests a report tells one by one, in short runs and in long ones. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryRecord, RequestRecord } from '../../../../labs/harness/history.ts';
import type { RunResult } from '../../../../labs/harness/result.ts';
import {
  MOST_TOLD,
  SHORT_RUN,
  tellRequests,
} from '../../../../labs/report/evidence/told-requests.ts';
import { request } from '../../../support/history-builder.ts';
import { proxyLine } from '../proxy-line.ts';
import { sampleHistory, sampleResult } from '../sample-run.ts';

const many = (count: number): readonly RequestRecord[] =>
  Array.from({ length: count }, (_, index) =>
    request(1_000 + index, { number: index + 1, requestId: `alice-${index + 1}` }),
  );

const told = (history: readonly HistoryRecord[], result: RunResult = sampleResult) =>
  tellRequests(result, history, new Map());

describe('tellRequests', () => {
  it('tells all of a short run, in order, each under a name of its own', () => {
    const { all, leftOut } = told(sampleHistory());
    assert.equal(leftOut, 0);
    assert.equal(told(many(SHORT_RUN)).all.length, SHORT_RUN);
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
    const starts = all.map(({ request: { startedAt } }) => startedAt);
    assert.deepEqual(
      starts,
      [...starts].sort((a, b) => a - b),
    );
  });

  it('tells a bounded number of a long one, from its whole length, and counts the rest', () => {
    const { all, leftOut } = told(many(20_000));
    assert.equal(all.length, MOST_TOLD);
    assert.equal(leftOut, 20_000 - MOST_TOLD);
    const late = all.filter(({ request: { number } }) => number > 15_000);
    assert.ok(late.length > MOST_TOLD / 5, `${late.length} of the last quarter`);
  });

  it('always tells what decided a verdict, also when read from a file', () => {
    const history = many(20_000);
    const [step] = sampleResult.steps;
    const [check] = step?.checks ?? [];
    assert.ok(step && check);
    const decidedBy = JSON.parse(JSON.stringify([history[12_345]])) as RequestRecord[];
    const judged = { ...check, verdict: { ...check.verdict, decidedBy } };
    const result = { ...sampleResult, steps: [{ ...step, checks: [judged] }] };
    const [deciding] = decidedBy;
    assert.ok(deciding);
    assert.equal(told(history, result).find(deciding)?.isNotable, true);
    assert.equal(told(history).find(deciding), undefined);
  });

  it('tells the one that failed among very many', () => {
    const history = many(20_000).map(one =>
      one.number === 7_777 ? request(one.at, { number: 7_777, status: 503 }) : one,
    );
    const notable = told(history).all.filter(({ outcome }) => outcome === 'error');
    assert.equal(notable[0]?.request.number, 7_777);
  });

  it('joins the line of the proxy’s log by the request id', () => {
    const tries = [
      { backend: 'webapp2', address: 'x:1', outcome: 'refused', status: null, duration_ms: 0.3 },
    ];
    const log = new Map([['alice-2', proxyLine({ request_id: 'alice-2', tries })]]);
    const { all } = tellRequests(sampleResult, many(3), log);
    assert.deepEqual(
      all.map(({ outcome, line }) => [outcome, line?.request_id]),
      [
        ['answered', undefined],
        ['answered-elsewhere', 'alice-2'],
        ['answered', undefined],
      ],
    );
  });
});
