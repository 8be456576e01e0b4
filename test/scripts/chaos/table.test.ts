/** What a chaos run prints: a row per fault, a line per broken promise. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Performance } from '../../../scripts/chaos/perform.ts';
import { brokenPromises, tableOf } from '../../../scripts/chaos/table.ts';

const held: Performance = {
  ...{ fault: 'worker-kill', about: 'SIGKILL to one worker', times: 20, wanted: 20 },
  lanes: {
    kept: { requests: 5_000, failed: 0 },
    fresh: { requests: 4_000, failed: 0 },
    long: { requests: 60, failed: 0 },
  },
  ...{ excused: 12, longestPauseMs: 40.4, failures: {}, problems: [], seconds: 12.34, held: true },
};
const broken: Performance = {
  ...held,
  ...{ times: 3, held: false, failures: { 'fresh: refused': 2 }, problems: ['it ended'] },
  lanes: { ...held.lanes, fresh: { requests: 4_000, failed: 2 } },
};

describe('the table of a chaos run', () => {
  it('shows what was asked, what failed and what was excused, apart', () => {
    const { headings, rows } = tableOf([held, broken]);
    const requests = ['12.3', '9,060', '5,000', '4,000', '60'];
    assert.deepEqual(rows, [
      ['worker-kill', '20', ...requests, '0', '0', '0', '0', '12', '40 ms', 'held'],
      ['worker-kill', '3 of 20', ...requests, '2', '0', '2', '0', '12', '40 ms', 'broken'],
    ]);
    assert.ok(rows.every(row => row.length === headings.length));
  });

  it('names each broken promise', () => {
    assert.deepEqual(brokenPromises([held]), []);
    assert.deepEqual(brokenPromises([held, broken]), [
      'worker-kill: 2 × fresh: refused',
      'worker-kill: it ended',
    ]);
  });
});
