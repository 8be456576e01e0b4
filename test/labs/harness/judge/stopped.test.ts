/** A stop of the proxy, told from what visitors got. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RequestRecord } from '../../../../labs/harness/history.ts';
import { judge } from '../../../../labs/harness/judge/judge.ts';
import type { Probe } from '../../../../labs/harness/probes.ts';
import { context, lost, request } from '../../../support/history-builder.ts';

const soft: Probe = { kind: 'stopped', how: 'soft' };
const hard: Probe = { kind: 'stopped', how: 'hard' };
const cut: Probe = { kind: 'cut', atLeast: 1 };

function verdicts(records: readonly RequestRecord[], ...probes: readonly Probe[]): string[] {
  const sorted = [...records].sort((a, b) => a.at - b.at);
  return probes.map(probe => judge(probe, sorted, context).kind);
}

function refused(at: number): RequestRecord {
  return lost(at, 'ECONNREFUSED', { startedAt: at - 1, durationMs: 1 });
}

/** Began at `from`, ended at `at`. */
function long(from: number, at: number, error?: string): RequestRecord {
  const took = { startedAt: from, durationMs: at - from };
  return error === undefined ? request(at, took) : lost(at, error, took);
}

describe('stopped', () => {
  it('is neither while nobody was refused', () => {
    const records = [request(2_100), long(2_000, 4_000)];
    assert.deepEqual(verdicts(records, soft, hard), ['fail', 'fail']);
  });

  it('soft: what was under way ended whole, later ones were refused', () => {
    const records = [long(2_000, 4_000), request(2_500), refused(3_000), refused(3_100)];
    assert.deepEqual(verdicts(records, soft, hard, cut), ['pass', 'fail', 'fail']);
  });

  it('soft is not told without a request under way', () => {
    assert.deepEqual(verdicts([request(2_500), refused(3_000)], soft, hard), ['fail', 'fail']);
  });

  it('hard: something was cut under way, before or after the first was refused', () => {
    const before = [long(2_000, 2_990, 'ECONNRESET'), refused(3_000)];
    const after = [refused(3_000), long(2_000, 3_010, 'incomplete')];
    assert.deepEqual(verdicts(before, soft, hard, cut), ['fail', 'pass', 'pass']);
    assert.deepEqual(verdicts(after, soft, hard, cut), ['fail', 'pass', 'pass']);
  });

  it('a connection that was never taken, or was idle, is no request cut', () => {
    const records = [
      long(2_000, 4_000),
      long(2_998, 2_999, 'ECONNRESET'),
      long(2_800, 2_999, 'ECONNRESET on a reused connection'),
      refused(3_000),
    ];
    assert.deepEqual(verdicts(records, soft, hard, cut), ['pass', 'fail', 'fail']);
  });

  it('the latest stop counts', () => {
    const first = [long(1_500, 1_990, 'ECONNRESET'), refused(2_000), refused(2_100)];
    const second = [request(2_500), long(2_400, 4_400), refused(3_000)];
    assert.deepEqual(verdicts([...first, ...second], soft, hard), ['pass', 'fail']);
  });
});
