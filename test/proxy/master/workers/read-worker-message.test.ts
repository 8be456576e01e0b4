/** What a worker may say, and that nothing else gets past. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readWorkerMessage } from '../../../../proxy/master/workers/read-worker-message.ts';

describe('a message of a worker', () => {
  it('is taken as it is', () => {
    for (const message of [
      { type: 'reply', seq: 1, ok: true, snapshot: { pid: 1 } },
      { type: 'reply', seq: 1, ok: false, message: 'no', errno: 'EADDRINUSE' },
      { type: 'event', event: { kind: 'breaker-opened', clusterId: 'a' } },
      { type: 'crashed', error: 'Error: oh no' },
      { type: 'client', address: '127.0.0.1:80', kept: true },
      { type: 'limit', ask: { kind: 'permit', key: 'a', limit: 1 } },
      { type: 'limit', ask: { kind: 'give-back', key: 'a', permits: 1, recalled: false } },
      { type: 'limit', ask: { kind: 'token', key: 'a', perSecond: 1, burst: 1 } },
    ]) {
      assert.equal(readWorkerMessage(message), message);
    }
  });

  it('is refused when what is read of it is not there', () => {
    for (const nonsense of [
      undefined,
      null,
      17,
      'reply',
      [],
      {},
      { type: 'reply' },
      { type: 'reply', seq: '1', ok: true },
      { type: 'reply', seq: 1, ok: false },
      { type: 'event' },
      { type: 'event', event: 'worker-started' },
      { type: 'limit', ask: { kind: 'permit' } },
      { type: 'limit', ask: { kind: 'wish', key: 'a' } },
      { type: 'client', address: 1, kept: true },
      { type: 'shutdown' },
    ]) {
      assert.equal(readWorkerMessage(nonsense), undefined, JSON.stringify(nonsense));
    }
  });
});
