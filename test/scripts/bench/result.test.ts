import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { report } from '../../../scripts/bench/report.ts';
import {
  judge,
  type PeerResult,
  type Round,
  summarize,
  throughput,
} from '../../../scripts/bench/result.ts';

function round(requestsPerSecond: number, invalid?: string): Round {
  return { requestsPerSecond, cpuMicrosPerRequest: 20, rssBytes: 2 ** 24, invalid };
}

function measured(name: string, ...rounds: Round[]): PeerResult {
  return { name, state: 'measured', rounds };
}

const missing: PeerResult = { name: 'haproxy', state: 'missing', fix: 'apt-get install haproxy' };

describe('summarize', () => {
  it('has the middle, or the mean of the two middles', () => {
    assert.deepEqual(summarize([3, 1, 2]), { median: 2, min: 1, max: 3 });
    assert.deepEqual(summarize([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 });
    assert.equal(summarize([]), undefined);
  });

  it('keeps the median between least and most', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0 }), { minLength: 1 }), numbers => {
        const { median, min, max } = summarize(numbers) ?? { median: -1, min: 0, max: 0 };
        return min <= median && median <= max;
      }),
    );
  });
});

describe('judge', () => {
  it('holds a promise at its limit and breaks it below', () => {
    const others = [measured('haproxy', round(1_000)), measured('http-proxy', round(200))];
    const held = judge([measured('relais', round(700)), ...others]);
    assert.deepEqual(
      held.map(verdict => verdict.held),
      [true, true],
    );
    const broken = judge([measured('relais', round(599)), ...others]);
    assert.deepEqual(
      broken.map(verdict => verdict.held),
      [false, false],
    );
  });

  it('never holds what was not measured', () => {
    const verdicts = judge([measured('relais', round(9_999)), missing]);
    assert.deepEqual(
      verdicts.map(({ held, ratio }) => ({ held, ratio })),
      [
        { held: false, ratio: undefined },
        { held: false, ratio: undefined },
      ],
    );
  });

  it('leaves out the rounds that do not count', () => {
    const result = measured('relais', round(9_999, '3 answers were no 2xx'), round(10));
    assert.deepEqual(throughput(result), { median: 10, min: 10, max: 10 });
  });
});

describe('report', () => {
  it('shows figures, what is missing, what failed and what does not count', () => {
    const text = report([
      measured('relais', round(40_000), round(50_000), round(1, 'socket errors: read 1')),
      missing,
      { name: 'http-proxy', state: 'failed', reason: 'it ended: no memory' },
    ]);
    assert.match(text, /relais +45,000 \(40,000–50,000\) +– +– +20\.0 +16\n/);
    assert.match(text, /haproxy +missing\n/);
    assert.match(text, /haproxy is missing: apt-get install haproxy/);
    assert.match(text, /http-proxy failed: it ended: no memory/);
    assert.match(text, /relais: round 3 does not count: socket errors: read 1/);
    assert.match(text, /relais ≥ 0.7 × haproxy: not measured/);
  });
});
