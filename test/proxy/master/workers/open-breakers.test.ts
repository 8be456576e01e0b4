import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventBody } from '../../../../proxy/index.ts';
import { OpenBreakers } from '../../../../proxy/master/workers/open-breakers.ts';

const place = { clusterId: 'webapp', backendId: 'a', address: '10.0.0.1:80' };
const opened: EventBody = {
  kind: 'breaker-opened',
  workerId: 2,
  failure: 'refused',
  cause: '3 connects in a row failed',
  ...place,
};

function after(...events: readonly EventBody[]): readonly string[] {
  const breakers = new OpenBreakers();
  for (const event of events) breakers.see(event);
  return breakers.all().map(({ backendId, state, cause }) => `${backendId} ${state}: ${cause}`);
}

describe('OpenBreakers', () => {
  it('has those that connects have opened, once each', () => {
    const again = { ...opened, workerId: 3, cause: 'the trial failed' };
    assert.deepEqual(after(opened), ['a open: worker 2: 3 connects in a row failed']);
    assert.deepEqual(after(opened, again), ['a open: worker 3: the trial failed']);
  });

  it('has none that a worker opened because another one had', () => {
    const { failure: _, ...heard } = opened;
    assert.deepEqual(after(heard), []);
  });

  it('forgets one that is closed again', () => {
    assert.deepEqual(after(opened, { kind: 'breaker-closed', workerId: 3, ...place }), []);
  });

  it('forgets one whose backend or cluster was removed, and no other', () => {
    const { backendId: _, ...unnamed } = place;
    const other = { ...opened, backendId: 'b', address: '10.0.0.2:80' };
    const left = ['b open: worker 2: 3 connects in a row failed'];
    assert.deepEqual(after(opened, other, { kind: 'backend-removed', ...place }), left);
    assert.deepEqual(after(opened, other, { kind: 'backend-removed', ...unnamed }), left);
    assert.deepEqual(after(opened, other, { kind: 'cluster-removed', clusterId: 'webapp' }), []);
    assert.equal(after(opened, other, { kind: 'cluster-removed', clusterId: 'shop' }).length, 2);
  });
});
