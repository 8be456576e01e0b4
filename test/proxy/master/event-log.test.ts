import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventLog } from '../../../proxy/master/event-log.ts';

describe('EventLog', () => {
  it('numbers from 1 and gives late subscribers the last 256', () => {
    const log = new EventLog();
    for (let round = 0; round < 300; round += 1) log.add({ kind: 'cluster-added' });
    const seen: number[] = [];
    const unsubscribe = log.subscribe(event => seen.push(event.seq));
    log.add({ kind: 'cluster-removed' });
    unsubscribe();
    log.add({ kind: 'cluster-removed' });
    assert.equal(seen.length, 257);
    assert.deepEqual([seen[0], seen.at(-1)], [45, 301]);
  });
});
