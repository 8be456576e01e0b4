/** The breaker's states, waits and what it lets through. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  admits,
  type Breaker,
  type BreakerEvent,
  type BreakerRules,
  breakerRules,
  CLOSED,
  DEFAULT_BREAKER,
  retryInMs,
  stepBreaker,
  WAIT_JITTER,
} from '../../../proxy/balancing/circuit-breaker.ts';

const { failureThreshold: FAILURE_THRESHOLD, firstWaitMs: FIRST_WAIT_MS } = DEFAULT_BREAKER;
const { longestWaitMs: LONGEST_WAIT_MS } = DEFAULT_BREAKER;

function steps(
  events: readonly BreakerEvent[],
  now = 0,
  from: Breaker = CLOSED,
  rules: BreakerRules = DEFAULT_BREAKER,
): Breaker {
  return events.reduce((breaker, event) => stepBreaker(breaker, event, rules, now, 0.5), from);
}

const opened = steps(['failed', 'failed', 'failed']);

describe('stepBreaker', () => {
  it('stays closed below the threshold and forgets failures with a success', () => {
    assert.deepEqual(steps(['failed', 'failed']), { state: 'closed', failures: 2 });
    const after = steps(['failed', 'failed', 'succeeded', 'failed']);
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
      breaker = steps(['trial-started', 'failed'], now, breaker);
    }
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    const closed = steps(['trial-started', 'succeeded'], now + LONGEST_WAIT_MS, breaker);
    assert.deepEqual(closed, CLOSED);
  });

  it('does not wait longer for attempts that began before it opened', () => {
    const later = steps(['failed'], 500, opened);
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

  it('opens at once when it is tripped, and waits longer when the trial trips it', () => {
    const tripped = steps(['tripped']);
    assert.deepEqual(tripped, { ...opened, failures: 1 });
    const again = steps(['trial-started', 'tripped'], FIRST_WAIT_MS, tripped);
    assert.ok(again.state === 'open');
    assert.equal(again.waitMs, 2 * FIRST_WAIT_MS);
  });

  it('lets another trial through at once when one was abandoned', () => {
    const abandoned = steps(['trial-started', 'trial-abandoned'], FIRST_WAIT_MS, opened);
    assert.equal(admits(abandoned, FIRST_WAIT_MS), true);
    const failed = steps(['trial-started', 'failed'], FIRST_WAIT_MS, abandoned);
    assert.ok(failed.state === 'open');
    assert.equal(failed.openings, 2, 'it does not count as an opening');
  });

  it('follows its own rules', () => {
    const rules = breakerRules({ failureThreshold: 1, firstWaitMs: 50, longestWaitMs: 80 });
    const first = steps(['failed'], 0, CLOSED, rules);
    assert.ok(first.state === 'open');
    assert.equal(first.waitMs, 50);
    const second = steps(['trial-started', 'failed'], 50, first, rules);
    assert.ok(second.state === 'open');
    assert.equal(second.waitMs, 80);
  });

  it('keeps its promises under any sequence of events and any rules', () => {
    fc.assert(
      fc.property(anyRules, anyScript, (rules, moves) => {
        let breaker = CLOSED;
        let now = 0;
        let failuresSeen = 0;
        for (const move of moves) {
          now += move.elapsed;
          const before = breaker;
          breaker = stepBreaker(before, move.event, rules, now, move.random);
          failuresSeen = move.event === 'failed' || move.event === 'tripped' ? 1 : failuresSeen;
          if (failuresSeen === 0) assert.equal(breaker.state, 'closed', 'never open untouched');
          checkStep(before, breaker, move.event, rules, now);
        }
      }),
    );
  });

  it('never lets a second trial through before the first one ended', () => {
    fc.assert(
      fc.property(anyRules, anyScript, (rules, moves) => {
        let breaker = CLOSED;
        let now = 0;
        for (const { event, elapsed, random } of moves) {
          now += elapsed;
          const onTrial = breaker.state === 'half-open';
          if (onTrial) assert.equal(admits(breaker, now), false);
          breaker = stepBreaker(breaker, event, rules, now, random);
          if (onTrial) assert.equal(breaker.state === 'half-open', event === 'trial-started');
        }
      }),
    );
  });
});

const anyRules: fc.Arbitrary<BreakerRules> = fc
  .record({
    failureThreshold: fc.integer({ min: 1, max: 5 }),
    firstWaitMs: fc.integer({ min: 1, max: 5000 }),
    longestWaitMs: fc.integer({ min: 1, max: 60_000 }),
  })
  .map(breakerRules);

const anyScript = fc.array(
  fc.record({
    event: fc.constantFrom<BreakerEvent>(
      'failed',
      'failed',
      'tripped',
      'succeeded',
      'trial-started',
      'trial-started',
      'trial-abandoned',
      'reset',
    ),
    elapsed: fc.nat(40_000),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  }),
  { maxLength: 40 },
);

/** What holds after every step. */
function checkStep(
  before: Breaker,
  after: Breaker,
  event: BreakerEvent,
  rules: BreakerRules,
  now: number,
): void {
  if (after.state === 'closed') assert.ok(after.failures < rules.failureThreshold);
  if (after.state === 'half-open' && before.state !== 'half-open') {
    assert.ok(admits(before, now), 'a trial starts only when the wait is over');
  }
  if (after.state !== 'open' || event === 'trial-abandoned' || before.state === 'open') return;
  const shortest = Math.min(rules.firstWaitMs, rules.longestWaitMs) * (1 - WAIT_JITTER);
  assert.ok(after.waitMs >= Math.floor(shortest));
  assert.ok(after.waitMs <= Math.ceil(rules.longestWaitMs * (1 + WAIT_JITTER)));
  assert.equal(after.until, now + after.waitMs);
}
