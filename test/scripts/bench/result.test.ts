import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { report } from '../../../scripts/bench/report.ts';
import { summarize, verdict } from '../../../scripts/bench/result.ts';
import { conclude, type Round } from '../../../scripts/bench/scenarios/throughput.ts';

const SIZE = 1_024;
const options = { rounds: 3, seconds: 4, connections: 64 };

function round(peer: string, requestsPerSecond: number, invalid?: string): Round {
  const p99Ms = 2;
  return {
    ...{ peer, size: SIZE, requestsPerSecond, p99Ms, invalid },
    ...{ cpuMicrosPerRequest: 20, rssBytes: 2 ** 24 },
  };
}

function held(...rounds: Round[]): (boolean | undefined)[] {
  const { verdicts } = conclude(rounds, [], options);
  return verdicts.map(each => (each.measured === undefined ? undefined : each.held));
}

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

describe('verdict', () => {
  it('never holds what was not measured', () => {
    for (const nothing of [undefined, Number.NaN]) {
      const { measured, held: holds } = verdict('x', nothing, () => true, String);
      assert.deepEqual([measured, holds], [undefined, false]);
    }
  });
});

describe('the throughput scenario', () => {
  const others = [round('haproxy', 1_000), round('nginx', 1_000), round('http-proxy', 250)];

  it('holds a promise at its limit and breaks it below', () => {
    assert.deepEqual(held(round('relais', 1_000), ...others), [true, true, true, undefined, true]);
    assert.deepEqual(held(round('relais', 999), ...others), [false, false, false, undefined, true]);
  });

  it('leaves out the rounds that do not count', () => {
    const bad = round('relais', 99_999, '3 answers were no 2xx');
    const rounds = [bad, round('relais', 10), ...others];
    assert.deepEqual(held(...rounds), [false, false, false, undefined, true]);
    const { notes } = conclude(rounds, [], options);
    assert.deepEqual(notes, ['a round of relais does not count: 3 answers were no 2xx']);
  });
});

describe('report', () => {
  it('shows figures, notes, and what was not measured', () => {
    const rounds = [round('relais', 40_000), round('relais', 50_000), round('haproxy', 90_000)];
    const text = report({
      ...conclude(rounds, ['sozu is missing: cargo install sozu'], options),
      failed: false,
    });
    assert.match(text, /relais +1024 +45,000 \(40,000–50,000\) +0\.50 +– +2\.00 +20\.0 +16\n/);
    assert.match(text, /! sozu is missing: cargo install sozu/);
    assert.match(text, /✘ 1024 bytes: requests per second ≥ 1 × haproxy: not held \(0\.50\)/);
    assert.match(text, /\? 1024 bytes: requests per second ≥ 1 × nginx: not measured/);
  });
});
