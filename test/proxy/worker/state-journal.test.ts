/** What a worker keeps for a new main process makes the same state, however long it has been kept. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StateRequest } from '../../../proxy/command/requests.ts';
import { StateJournal } from '../../../proxy/worker/state-journal.ts';

function addCluster(id: string): StateRequest {
  return { kind: 'add-cluster', cluster: { id, loadBalancing: 'round-robin', answers: {} } };
}

describe('the state journal', () => {
  it('gives the state and not its history', () => {
    const journal = new StateJournal();
    journal.add([addCluster('a'), addCluster('b')]);
    const backend = { clusterId: 'a', backendId: 'one', address: 'name.example:80' };
    journal.add([{ kind: 'add-backend', backend }]);
    journal.add([{ kind: 'remove-cluster', clusterId: 'b' }]);
    assert.deepEqual(journal.requests(), [addCluster('a'), { kind: 'add-backend', backend }]);
  });

  it('is the same after more changes than it keeps', () => {
    const journal = new StateJournal();
    const changes: StateRequest[] = [];
    for (let count = 0; count < 15_000; count += 1) {
      changes.push(addCluster(`c${count}`));
      if (count >= 3) changes.push({ kind: 'remove-cluster', clusterId: `c${count - 3}` });
    }
    for (let at = 0; at < changes.length; at += 500) journal.add(changes.slice(at, at + 500));
    assert.deepEqual(
      journal.requests(),
      [14_997, 14_998, 14_999].map(count => addCluster(`c${count}`)),
    );
  });
});
