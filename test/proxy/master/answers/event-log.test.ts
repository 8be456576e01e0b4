import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventLog, KEPT_EVENTS } from '../../../../proxy/master/answers/event-log.ts';

function filled(count: number): EventLog {
  const log = new EventLog();
  for (let round = 0; round < count; round += 1) {
    log.add({ kind: round % 2 === 0 ? 'cluster-added' : 'cluster-removed' });
  }
  return log;
}

describe('EventLog', () => {
  it('numbers from 1 and keeps the last ones', () => {
    const log = filled(KEPT_EVENTS + 44);
    const seen = log.kept().map(event => event.seq);
    assert.equal(seen.length, KEPT_EVENTS);
    assert.deepEqual([seen[0], seen.at(-1)], [45, KEPT_EVENTS + 44]);
  });

  it('tells each new one until nobody listens', () => {
    const log = filled(3);
    const seen: number[] = [];
    const end = log.follow(event => seen.push(event.seq));
    log.add({ kind: 'cluster-removed' });
    end();
    log.add({ kind: 'cluster-removed' });
    assert.deepEqual(seen, [4]);
  });

  it('gives what is behind a number, the latest, and some kinds', () => {
    const log = filled(10);
    const numbers = (filter: Parameters<EventLog['kept']>[0]): number[] =>
      log.kept(filter).map(event => event.seq);
    assert.deepEqual(numbers({ since: 8 }), [9, 10]);
    assert.deepEqual(numbers({ last: 3 }), [8, 9, 10]);
    assert.deepEqual(numbers({ last: 0 }), []);
    assert.deepEqual(numbers({ since: 6, kinds: ['cluster-added'] }), [7, 9]);
    assert.deepEqual(numbers({ last: 2, kinds: ['cluster-removed'] }), [8, 10]);
  });

  it('knows how many are no longer kept', () => {
    const log = filled(KEPT_EVENTS + 44);
    assert.equal(log.missing(0), 44);
    assert.equal(log.missing(40), 4);
    assert.equal(log.missing(44), 0);
    assert.equal(log.missing(5000), 0);
  });
});
