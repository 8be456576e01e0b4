import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { StateRequest } from '../../../proxy/command/requests.ts';
import { apply } from '../../../proxy/state/apply.ts';
import { type ConfigState, emptyState } from '../../../proxy/state/config-state.ts';
import { ContentDigest } from '../../../proxy/state/content-digest.ts';
import { hash } from '../../../proxy/state/hash.ts';
import { replay } from '../../../proxy/state/replay.ts';
import { listenerRequests, stateRequest } from '../../support/state-requests.ts';

/** What somebody has been told on the way, and the state where it led. */
function live(requests: readonly StateRequest[]): { told: StateRequest[]; state: ConfigState } {
  const state = emptyState();
  const told = requests.flatMap(request => {
    const applied = apply(state, request);
    return applied.ok ? applied.value.effects : [];
  });
  // What is told is JSON on its way.
  return { told: structuredClone(told), state };
}

function digestOf(
  requests: readonly StateRequest[],
  known?: WeakMap<object, number>,
): Promise<string> {
  const content = new ContentDigest(known);
  for (const request of requests) content.record(request);
  return content.digest();
}

const sequence = fc
  .array(stateRequest, { maxLength: 40 })
  .map((random): StateRequest[] => [...listenerRequests, ...random]);

describe('content digest', () => {
  it('is the same for who has lived through changes and who was told the outcome', async () => {
    await fc.assert(
      fc.asyncProperty(sequence, async requests => {
        const { told, state } = live(requests);
        assert.equal(await digestOf(told), await digestOf(replay(state), new WeakMap()));
      }),
    );
  });

  it('is another one for another state', async () => {
    await fc.assert(
      fc.asyncProperty(sequence, sequence, async (one, other) => {
        const [a, b] = [live(one), live(other)];
        const isSame = hash(a.state) === hash(b.state);
        assert.equal((await digestOf(a.told)) === (await digestOf(b.told)), isSame);
      }),
    );
  });

  it('is that of the moment when it was asked for, however much there is to hash', async () => {
    const clusters = Array.from({ length: 1_000 }, (_, index): StateRequest => {
      const id = `c${index}`;
      return { kind: 'add-cluster', cluster: { id, loadBalancing: 'random', answers: {} } };
    });
    const content = new ContentDigest();
    for (const request of clusters) content.record(request);
    const asked = content.digest();
    content.record({ kind: 'remove-cluster', clusterId: 'c7' });
    assert.equal(await asked, await digestOf(clusters));
    assert.notEqual(await content.digest(), await asked);
  });
});
