/** The time of one connect attempt. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attemptTimeoutMs, SHORTEST_ATTEMPT_MS } from '../../../proxy/balancing/try-plan.ts';

describe('attemptTimeoutMs', () => {
  it('is the connect timeout when there is time for all', () => {
    assert.equal(attemptTimeoutMs(10_000, 3, 3000), 3000);
  });

  it('is a fair share when there is not', () => {
    assert.equal(attemptTimeoutMs(3000, 3, 3000), 1000);
  });

  it('is never so short that a healthy machine looks dead', () => {
    assert.equal(attemptTimeoutMs(200, 50, 3000), SHORTEST_ATTEMPT_MS);
  });

  it('is nothing when the time is over', () => {
    assert.equal(attemptTimeoutMs(0, 1, 3000), 0);
    assert.equal(attemptTimeoutMs(-5, 1, 3000), 0);
  });
});
