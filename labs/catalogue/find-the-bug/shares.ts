/** What the steps of the find-the-bug lab have in common. */
import type { Check, Diagnosis } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';
import type { oldMachines } from '../machines.ts';

export type Words = Kit<keyof typeof oldMachines>;

const enough = { tolerance: 12, requests: 60 } as const;

/** Of three machines that take turns. */
export function aThird(expect: Words['expect'], because: readonly Diagnosis[]): Check {
  return {
    id: 'a-third',
    claim: t(
      'webapp2 has a third of the visits, as it should',
      'webapp2 reçoit un tiers des visites, comme il se doit',
    ),
    probe: expect.share({ machine: 'webapp2' }, { percent: 33.3, ...enough }),
    window: { within: '20s' },
    because,
  };
}

export function twoThirds(expect: Words['expect']): Check {
  return {
    id: 'one-works-for-two',
    claim: t('One machine does the work of two', 'Une machine fait le travail de deux'),
    probe: expect.share({ machine: 'webapp2' }, { percent: 66.7, ...enough }),
    window: { within: '20s' },
  };
}
