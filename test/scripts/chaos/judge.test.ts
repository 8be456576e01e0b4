/** The judgement of a chaos run: what is a failure, what excuses one, and what excuses nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Evidence, judge } from '../../../scripts/chaos/judge.ts';
import type { Visit } from '../../../scripts/chaos/load/visit.ts';

const kept: Visit = {
  ...{ lane: 'kept', beganAt: 100, ms: 5, outcome: 'ok', by: 'b0' },
  ...{ port: 4001, connectedAt: 10 },
};
const calm: readonly Visit[] = [
  kept,
  { ...kept, lane: 'fresh', port: 4002 },
  { ...kept, lane: 'long', port: 4003, ms: 1_000 },
];

function judged(visits: readonly Visit[], more: Partial<Evidence> = {}) {
  return judge({
    ...{ visits: [...calm, ...visits], deaths: [], absences: [], repeated: [] },
    ...more,
  });
}

describe('the judgement of a chaos run', () => {
  it('counts requests by the kind of their connection', () => {
    const { lanes, excused, problems, longestPauseMs } = judged([{ ...kept, ms: 300 }]);
    assert.deepEqual(lanes, {
      kept: { requests: 2, failed: 0 },
      fresh: { requests: 1, failed: 0 },
      long: { requests: 1, failed: 0 },
    });
    assert.equal(excused, 0);
    assert.deepEqual(problems, []);
    // A download of a second is no pause.
    assert.equal(longestPauseMs, 300);
  });

  for (const outcome of ['refused', 'cut', 'incomplete', 'timeout', 'status 503', 'wrong body']) {
    it(`counts "${outcome}" as a failure`, () => {
      const { lanes, failures } = judged([{ ...kept, outcome }]);
      assert.deepEqual(lanes.kept, { requests: 2, failed: 1 });
      assert.deepEqual(failures, { [`kept: ${outcome}`]: 1 });
    });
  }

  describe('of a worker that was killed', () => {
    const deaths = [{ frozenAt: 102, ports: [4001] }];
    const cut: Visit = { ...kept, outcome: 'cut' };

    it('excuses a request on a connection that it held', () => {
      const { lanes, excused } = judged([cut, { ...cut, outcome: 'incomplete' }], { deaths });
      assert.equal(excused, 2);
      assert.equal(lanes.kept.failed, 0);
    });

    it('excuses no request on another connection', () => {
      assert.equal(judged([{ ...cut, port: 4009 }], { deaths }).excused, 0);
    });

    it('excuses no connection that was made afterwards, though with the same port', () => {
      assert.equal(judged([{ ...cut, connectedAt: 103, beganAt: 104 }], { deaths }).excused, 0);
    });

    it('excuses no request that had ended before', () => {
      assert.equal(judged([{ ...cut, beganAt: 50 }], { deaths }).excused, 0);
    });

    it('excuses no wrong, refused or late answer', () => {
      for (const outcome of ['wrong body', 'refused', 'timeout', 'status 502']) {
        assert.equal(judged([{ ...cut, outcome }], { deaths }).excused, 0, outcome);
      }
    });
  });

  describe('of a backend that was removed', () => {
    const absences = [{ backend: 'b3', from: 200, until: 210 }];
    const during: Visit = { ...kept, by: 'b3', beganAt: 201, ms: 2 };

    it('finds a request that began and ended there meanwhile', () => {
      const { problems } = judged([during, { ...during, beganAt: 203 }], { absences });
      assert.deepEqual(problems, [
        '2 requests began after a backend was removed and reached it (1 times)',
      ]);
    });

    it('finds nothing wrong with those before, after, across and elsewhere', () => {
      const fine: Partial<Visit>[] = [
        { beganAt: 199 },
        { beganAt: 211 },
        { beganAt: 205, ms: 20 },
        { by: 'b1' },
      ];
      const visits = fine.map(change => ({ ...during, ...change }));
      assert.deepEqual(judged(visits, { absences }).problems, []);
    });
  });

  it('finds a POST that arrived twice, and a load that asked nothing', () => {
    assert.deepEqual(judged([], { repeated: ['7'] }).problems, ['1 POSTs reached backends twice']);
    const nothing = judge({ visits: [kept], deaths: [], absences: [], repeated: [] });
    assert.deepEqual(nothing.problems, [
      'no request went over connections of the kind "fresh"',
      'no request went over connections of the kind "long"',
    ]);
  });
});
