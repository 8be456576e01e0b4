import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerReader } from '../../../scripts/bench/load/answer-reader.ts';
import { keepPace, now } from '../../../scripts/bench/load/pacer.ts';
import { percentile } from '../../../scripts/bench/load/recording.ts';
import { latenciesOf } from '../../../scripts/bench/load/run-open-loop.ts';

const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello',
);

describe('AnswerReader', () => {
  it('finds the end of an answer wherever it is cut', () => {
    for (let cut = 1; cut < ANSWER.length; cut++) {
      const reader = new AnswerReader();
      assert.equal(reader.read(ANSWER.subarray(0, cut)), 'more');
      assert.equal(reader.read(ANSWER.subarray(cut)), 'complete');
      assert.deepEqual([reader.status, reader.beginning, reader.closes], [200, 'hello', true]);
    }
  });

  it('refuses more than an answer, and answers without a length', () => {
    assert.equal(new AnswerReader().read(Buffer.concat([ANSWER, ANSWER])), 'bad');
    assert.equal(new AnswerReader().read(Buffer.from('HTTP/1.1 200 OK\r\n\r\n')), 'bad');
  });
});

describe('keepPace', () => {
  it('calls as often as asked, each time for a later moment and never before it', async () => {
    const moments: number[] = [];
    await keepPace({ perSecond: 500, count: 50 }, dueAt => {
      assert.ok(now() >= dueAt, 'too early');
      moments.push(dueAt);
    });
    assert.equal(moments.length, 50);
    const [first = 0, last = 0] = [moments[0], moments.at(-1)];
    assert.ok(Math.abs(last - first - 49 * 2) < 0.001);
  });
});

describe('percentile', () => {
  it('is the value that so many do not exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual(
      [50, 99, 100].map(percent => percentile(values, percent)),
      [50, 99, 100],
    );
    assert.ok(Number.isNaN(percentile([], 50)));
  });
});

describe('latenciesOf', () => {
  it('counts what failed and leaves its time out', () => {
    const sample = { at: 0, lateMs: 0.1, by: '' };
    const { p99Ms, failed, count } = latenciesOf({
      startedAt: 0,
      samples: [
        { ...sample, ms: 1, outcome: '200' },
        { ...sample, ms: 5_000, outcome: 'unanswered' },
        { ...sample, ms: 2, outcome: '503' },
      ],
    });
    assert.deepEqual([p99Ms, failed, count], [1, 2, 3]);
  });
});
