import type { Probe } from '../../harness/probes.ts';
import type { Kit } from '../../harness/words.ts';

export type Person = 'alice' | 'bob' | 'carol' | 'dave';
export type Words = Kit<
  'webapp1' | 'webapp2' | 'webapp-new1',
  Person | 'zoe' | 'newcomers' | 'passers'
>;

export const people: readonly Person[] = ['alice', 'bob', 'carol', 'dave'];
/** Who has no cookie is new each time: these take the turns that weights decide about. */
export const strangers = ['newcomers', 'passers'] as const;

/**
 * 100 requests are a whole number of rounds. Requests that run at once may end in another order than they
 * began, and browsers and people who come for the first time take turns too: hence the points.
 */
export function shareOfStrangers(
  { expect }: Words,
  version: 'v1' | 'v2' | 'v3',
  percent: number,
): Probe {
  return expect.share(
    { version },
    { percent, tolerance: 4, requests: 100, among: { visitors: strangers } },
  );
}

/** How many of the answers of a version are errors: all of them, or none. */
export function errorsOf({ expect }: Words, version: 'v1' | 'v2' | 'v3', percent: 0 | 100): Probe {
  return expect.share({ status: 500 }, { percent, requests: 40, among: { version } });
}
