import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gather } from '../../../proxy/master/gather.ts';

const done = { workerId: 1, answer: { kind: 'ok' } } as const;
const gone = { workerId: 2, answer: { kind: 'gone' } } as const;

describe('gather', () => {
  it('counts the workers that did it; one that ended is no refusal', () => {
    assert.deepEqual(gather([done, gone]), { ok: true, value: 1 });
    assert.deepEqual(gather([]), { ok: true, value: 0 });
  });

  it('names every worker that refused or was late, and says how many did it', () => {
    const refused = { workerId: 3, answer: { kind: 'refused', message: 'no cluster' } } as const;
    const late = { workerId: 4, answer: { kind: 'late' } } as const;
    const result = gather([done, refused, late]);
    assert.ok(!result.ok);
    assert.equal(result.error.code, 'PROXY_WORKER_FAILED');
    assert.equal(
      result.error.message,
      'worker 3 refused: no cluster, worker 4 did not answer in time (done on 1 other worker)',
    );
  });
});
