/** What the steps of the health-probe lab have in common. */

import type { Check } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';
import type { oldMachines } from '../machines.ts';
import { allThreeServe } from '../promises.ts';

export type Words = Kit<keyof typeof oldMachines>;

/** What an app without its database does: it connects, and has nothing to say. */
export const SICK = { statusFailing: true, errorRate: 1 } as const;
export const WELL = { statusFailing: false, errorRate: 0 } as const;

export function nobodyFails({ expect }: Words): Check {
  return {
    id: 'nothing-lost',
    claim: t(
      'No visitor got an error meanwhile',
      'Aucun visiteur n’a vu d’erreur pendant ce temps',
    ),
    probe: expect.noFailedRequest(),
  };
}

/** A sick machine may still answer visitors for as long as three questions take. */
export function everybodyIsServed({ expect }: Words): Check {
  return allThreeServe(expect, '20s');
}
