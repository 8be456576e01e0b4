import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryRecord, ProxyRecord } from '../../../../labs/harness/history.ts';
import { judge } from '../../../../labs/harness/judge/judge.ts';
import type { Probe } from '../../../../labs/harness/probes.ts';
import { context } from '../../../support/history-builder.ts';

function sample(at: number, fields: Partial<ProxyRecord>): ProxyRecord {
  return { kind: 'proxy', at, mainPid: 1, workerPids: [2], backends: [], ...fields };
}

function verdict(probe: Probe, records: readonly HistoryRecord[]): string {
  return judge(probe, records, context).kind;
}

describe('clients', () => {
  const full: Probe = { kind: 'clients', atLeast: 48, atMost: 50 };

  it('is judged by the latest sample since the step acted', () => {
    assert.equal(verdict(full, [sample(1_500, { clients: 50 })]), 'unknown');
    assert.equal(verdict(full, [sample(2_100, {})]), 'unknown');
    assert.equal(verdict(full, [sample(2_100, { clients: 50 })]), 'pass');
    assert.equal(verdict(full, [sample(2_100, { clients: 51 })]), 'fail');
    const later = [sample(2_100, { clients: 50 }), sample(2_400, { clients: 4 })];
    assert.equal(verdict(full, later), 'fail');
  });
});

describe('memory', () => {
  const flat: Probe = { kind: 'memory', growsAtMostMiB: 20 };

  it('is compared with the start of the step', () => {
    const before = [sample(500, { memoryMiB: 90 }), sample(900, { memoryMiB: 100 })];
    assert.equal(verdict(flat, [...before, sample(2_100, { memoryMiB: 115 })]), 'pass');
    assert.equal(verdict(flat, [...before, sample(2_100, { memoryMiB: 121 })]), 'fail');
    assert.equal(verdict(flat, before), 'unknown');
    assert.equal(verdict(flat, [...before, sample(2_100, {})]), 'unknown');
  });

  it('of another main process is compared with its own first', () => {
    const other = [sample(2_100, { mainPid: 7, memoryMiB: 200 })];
    const grown = [...other, sample(2_300, { mainPid: 7, memoryMiB: 230 })];
    assert.equal(verdict(flat, [sample(900, { memoryMiB: 100 }), ...other]), 'pass');
    assert.equal(verdict(flat, [sample(900, { memoryMiB: 100 }), ...grown]), 'fail');
  });
});
