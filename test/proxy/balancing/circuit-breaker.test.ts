/** The breaker's states, waits and what it lets through. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  admits,
  type Breaker,
  type BreakerEvent,
  CLOSED,
  FAILURE_THRESHOLD,
  FIRST_WAIT_MS,
  LONGEST_WAIT_MS,
  retryInMs,
  stepBreaker,
  WAIT_JITTER,
} from '../../../proxy/balancing/circuit-breaker.ts';

function steps(events: readonly BreakerEvent[], now = 0, from: Breaker = CLOSED): Breaker {
  return events.reduce((breaker, event) => stepBreaker(breaker, event, now, 0.5), from);
}

const opened = steps(['connect-failed', 'connect-failed', 'connect-failed']);

/** What holds after every step. */
function checkStep(before: Breaker, after: Breaker, now: number): void {
  if (after.state === 'closed') assert.ok(after.failures < FAILURE_THRESHOLD);
  if (after.state === 'half-open' && before.state !== 'half-open') {
    assert.ok(admits(before, now), 'a trial starts only when the wait is over');
  }
  if (after.state !== 'open') return;
  assert.ok(after.waitMs <= LONGEST_WAIT_MS * (1 + WAIT_JITTER));
  assert.ok(after.waitMs >= FIRST_WAIT_MS * (1 - WAIT_JITTER));
}

describe('stepBreaker', () => {
  it('stays closed below the threshold and forgets failures with a success', () => {
    assert.deepEqual(steps(['connect-failed', 'connect-failed']), { state: 'closed', failures: 2 });
    const after = steps([
      'connect-failed',
      'connect-failed',
      'connect-succeeded',
      'connect-failed',
    ]);
    assert.deepEqual(after, { state: 'closed', failures: 1 });
  });

  it('opens for the first wait at the threshold', () => {
    assert.deepEqual(opened, {
      state: 'open',
      failures: FAILURE_THRESHOLD,
      openings: 1,
      waitMs: FIRST_WAIT_MS,
      until: FIRST_WAIT_MS,
    });
  });

  it('lets nothing through while it waits, then one trial and no second', () => {
    assert.equal(admits(opened, FIRST_WAIT_MS - 1), false);
    assert.equal(admits(opened, FIRST_WAIT_MS), true);
    const trial = steps(['trial-started'], FIRST_WAIT_MS, opened);
    assert.equal(trial.state, 'half-open');
    assert.equal(admits(trial, FIRST_WAIT_MS * 100), false);
  });

  it('doubles the wait with each failed trial up to the longest, and starts over when closed', () => {
    const waits: number[] = [];
    let breaker = opened;
    let now = 0;
    for (let i = 0; i < 8; i++) {
      assert.ok(breaker.state === 'open');
      waits.push(breaker.waitMs);
      now = breaker.until;
      breaker = steps(['trial-started', 'connect-failed'], now, breaker);
    }
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    const closed = steps(['trial-started', 'connect-succeeded'], now + LONGEST_WAIT_MS, breaker);
    assert.deepEqual(closed, CLOSED);
  });

  it('does not wait longer for attempts that began before it opened', () => {
    const later = steps(['connect-failed'], 500, opened);
    assert.deepEqual(later, { ...opened, failures: FAILURE_THRESHOLD + 1 });
  });

  it('closes from every state on a reset', () => {
    const trial = steps(['trial-started'], FIRST_WAIT_MS, opened);
    for (const breaker of [CLOSED, opened, trial]) {
      assert.deepEqual(steps(['reset'], 0, breaker), CLOSED);
    }
  });

  it('tells how long an open breaker still waits', () => {
    assert.equal(retryInMs(opened, 400), 600);
    assert.equal(retryInMs(opened, 4000), 0);
    assert.equal(retryInMs(CLOSED, 0), 0);
  });

  it('keeps its promises under any sequence of events', () => {
    const event = fc.constantFrom<BreakerEvent>(
      'connect-failed',
      'connect-failed',
      'connect-succeeded',
      'trial-started',
      'reset',
    );
    const script = fc.array(
      fc.record({
        event,
        elapsed: fc.nat(40_000),
        random: fc.double({ min: 0, max: 0.999, noNaN: true }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(script, moves => {
        let breaker = CLOSED;
        let now = 0;
        for (const move of moves) {
          now += move.elapsed;
          const before = breaker;
          breaker = stepBreaker(before, move.event, now, move.random);
          checkStep(before, breaker, now);
        }
      }),
    );
  });
});
