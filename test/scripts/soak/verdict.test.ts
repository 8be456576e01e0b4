/** The soak's verdict: every promise has evidence that breaks it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Tally } from '../../../scripts/soak/tally.ts';
import { type Evidence, judgeSoak } from '../../../scripts/soak/verdict.ts';
import type { Holding } from '../../../scripts/soak/workers.ts';

const worker: Holding = {
  pid: 1,
  rssBytes: 1,
  sockets: 5,
  clientConnections: 0,
  activeRequests: 0,
  idleConnections: 0,
};

function good(): Evidence & { readonly tally: Tally } {
  const tally = new Tally();
  tally.right = 1_000;
  tally.byStatus.set('conversation', 10);
  return { tally, acted: ['a', 'b'], before: [worker], after: [worker], rssBytes: [] };
}

describe('the verdict of a soak', () => {
  it('finds nothing when nothing is wrong', () => {
    assert.deepEqual(judgeSoak(good()), []);
    const idle = { ...worker, sockets: 8, idleConnections: 3 };
    assert.deepEqual(judgeSoak({ ...good(), after: [idle] }), []);
  });

  it('finds a wrong answer, and too few right ones', () => {
    const evidence = good();
    evidence.tally.isWrong('r1 GET: got the answer of r2');
    evidence.tally.right = 3;
    assert.deepEqual(judgeSoak(evidence), [
      'wrong answer: r1 GET: got the answer of r2',
      'only 3 requests were answered right',
    ]);
  });

  it('finds a POST that was acted on twice', () => {
    assert.match(judgeSoak({ ...good(), acted: ['a', 'b', 'a'] }).join(), /1 POSTs .* twice: a/);
  });

  it('finds sockets, clients and workers that are not what they were', () => {
    const leaking = { ...worker, sockets: 9, idleConnections: 3 };
    assert.match(judgeSoak({ ...good(), after: [leaking] }).join(), /still holds 1 sockets/);
    const counting = { ...worker, clientConnections: 2 };
    assert.match(judgeSoak({ ...good(), after: [counting] }).join(), /counts 2 clients/);
    const fresh = { ...worker, pid: 2 };
    assert.match(judgeSoak({ ...good(), after: [fresh] }).join(), /a worker died; 2 took/);
  });

  it('finds conversations that mostly break', () => {
    const evidence = good();
    evidence.tally.byStatus.set('broken conversation', 11);
    assert.match(judgeSoak(evidence).join(), /11 conversations broke, only 10/);
  });

  it('finds memory that grows, given enough of a look', () => {
    const growing = Array.from({ length: 100 }, (_, n) => (100 + n) * 2 ** 20);
    assert.match(
      judgeSoak({ ...good(), rssBytes: growing }).join(),
      /memory grew from 130 to 190 MiB/,
    );
    assert.deepEqual(judgeSoak({ ...good(), rssBytes: growing.slice(0, 50) }), []);
    assert.deepEqual(judgeSoak({ ...good(), rssBytes: growing.map(() => 2 ** 27) }), []);
  });
});
