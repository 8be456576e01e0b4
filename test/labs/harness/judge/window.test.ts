/** `within` and `for`: when a changing verdict becomes the verdict. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { advance, type WindowState } from '../../../../labs/harness/judge/window.ts';
import type { Window } from '../../../../labs/harness/lab.ts';
import type { Verdict } from '../../../../labs/harness/verdict.ts';

type Moment = readonly [now: number, kind: Verdict['kind']];

/** Acted at 1,000; returns when it settled, and how. */
function settle(window: Window | undefined, moments: readonly Moment[]): string {
  let state: WindowState = {};
  for (const [now, kind] of moments) {
    state = advance(window, state, { kind, because: `at ${now}` }, now, 1_000);
    if (state.settled !== undefined) return `${state.settled.kind} ${now}`;
  }
  return 'open';
}

function testWindow(title: string, window: Window | undefined, moments: Moment[], end: string) {
  it(title, () => assert.equal(settle(window, moments), end));
}

describe('advance', () => {
  testWindow('passes at once', { within: '5s' }, [[1_010, 'pass']], 'pass 1010');
  testWindow(
    'waits for it to become true',
    { within: '5s' },
    [
      [1_010, 'fail'],
      [2_000, 'unknown'],
      [5_900, 'pass'],
    ],
    'pass 5900',
  );
  testWindow(
    'gives up after `within`, with the last verdict',
    { within: '2s' },
    [
      [2_999, 'unknown'],
      [3_001, 'fail'],
    ],
    'fail 3001',
  );
  testWindow(
    'stays unknown when nothing was seen',
    { within: '2s' },
    [[3_001, 'unknown']],
    'unknown 3001',
  );
  testWindow(
    'holds for the whole time',
    { within: '2s', for: '1s' },
    [
      [1_500, 'pass'],
      [2_400, 'pass'],
      [2_500, 'pass'],
    ],
    'pass 2500',
  );
  testWindow(
    'a break starts the time again',
    { within: '5s', for: '1s' },
    [
      [1_500, 'pass'],
      [2_400, 'fail'],
      [2_600, 'pass'],
      [3_500, 'pass'],
      [3_600, 'pass'],
    ],
    'pass 3600',
  );
  testWindow(
    'becoming true in time is enough, holding may go on after',
    { within: '2s', for: '3s' },
    [
      [2_900, 'pass'],
      [5_000, 'pass'],
      [5_900, 'pass'],
    ],
    'pass 5900',
  );
  testWindow(
    'a break after `within` is the end',
    { within: '2s', for: '3s' },
    [
      [2_900, 'pass'],
      [5_000, 'fail'],
    ],
    'fail 5000',
  );
  testWindow('has five seconds by default', undefined, [[5_999, 'fail']], 'open');
  testWindow('and no more', undefined, [[6_001, 'fail']], 'fail 6001');

  it('a settled verdict never changes', () => {
    const settled = advance(undefined, {}, { kind: 'pass', because: '' }, 1_001, 1_000);
    const later = advance(undefined, settled, { kind: 'fail', because: '' }, 9_999, 1_000);
    assert.equal(later.settled?.kind, 'pass');
  });
});
