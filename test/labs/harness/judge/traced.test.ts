/** Requests that are followed through several logs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryRecord, LogRecord } from '../../../../labs/harness/history.ts';
import { judge } from '../../../../labs/harness/judge/judge.ts';
import { createKit } from '../../../../labs/harness/kit.ts';
import type { Probe } from '../../../../labs/harness/probes.ts';
import type { Verdict } from '../../../../labs/harness/verdict.ts';
import { context, request } from '../../../support/history-builder.ts';

const { expect } = createKit<'webapp1', 'alice' | 'bob'>();
const [one, other] = ['1'.repeat(32), '2'.repeat(32)];

/** Three requests of Alice; each is in these logs, with this trace there. */
function story(traces: Readonly<Record<string, string | undefined>>): readonly HistoryRecord[] {
  return [1, 2, 3].flatMap(number => {
    const requestId = `alice-${number}`;
    const at = 2_100 + 10 * number;
    const lines = Object.entries(traces).map(([source, traceId]): LogRecord => {
      const line = { kind: 'log', at, source, line: '{}', requestId } as const;
      return traceId === undefined ? line : { ...line, traceId };
    });
    return [request(at, { number, requestId }), ...lines];
  });
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

describe('traced by request', () => {
  const probe = expect.traced('alice', 'request', 'edge', 'webapp1');
  it('finds the same number in every log', () => {
    const records = story({ edge: undefined, webapp1: undefined });
    assertVerdict(probe, records, 'pass', /^alice-3 in edge, webapp1$/);
    assert.equal(judge(probe, records, context).decidedBy?.length, 2);
  });
  it('names the log without it', () => {
    assertVerdict(probe, story({ edge: undefined }), 'fail', /^alice-3 is not in webapp1$/);
    const behind = [...story({ edge: undefined, webapp1: undefined }).slice(0, 3)];
    assertVerdict(probe, [...behind, ...story({}).slice(1)], 'fail', /^traces of alice-1: /);
  });
  it('knows nothing of somebody who did not ask', () => {
    const records = story({ edge: undefined, webapp1: undefined });
    assertVerdict(expect.traced('bob', 'request', 'edge'), records, 'unknown', /no request/);
  });
});

describe('traced by trace', () => {
  const probe = expect.traced('alice', 'trace', 'edge', 'webapp1');
  it('wants one trace in every log', () => {
    assertVerdict(probe, story({ edge: one, webapp1: one }), 'pass', /^1{32} in edge, webapp1$/);
  });
  it('tells the traces that differ or are missing', () => {
    const two = story({ edge: one, webapp1: other });
    assertVerdict(probe, two, 'fail', /^traces of alice-3: edge 11111111, webapp1 22222222$/);
    const begun = story({ edge: undefined, webapp1: one });
    assertVerdict(probe, begun, 'fail', /edge –, webapp1 11111111$/);
    const none = story({ edge: undefined, webapp1: undefined });
    assertVerdict(probe, none, 'fail', /edge –, webapp1 –$/);
  });
});
