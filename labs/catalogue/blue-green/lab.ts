/** The tutorial's site update: three new machines take over from three old ones, and nobody notices. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { newMachines, oldMachines } from '../machines.ts';
import { noVisitorGotAnError, sameProxy } from '../promises.ts';
import { v1IsOff, v1Leaves } from './v1-goes.ts';
import { v1Serves, v2ComesUp, v2Joins } from './v2-comes.ts';

export const blueGreen: Lab = defineLab({
  id: 'blue-green',
  title: t('From v1 to v2 without an interruption', 'De la v1 à la v2 sans interruption'),
  summary: t(
    'Version 2 comes up on new machines, joins, and version 1 leaves, while four visitors reload without a pause. Not one of their requests may fail.',
    'La version 2 démarre sur de nouvelles machines, entre en service, puis la version 1 s’en va, pendant que quatre visiteurs rechargent sans relâche. Aucune de leurs requêtes ne doit échouer.',
  ),
  minutes: 10,
  machines: { ...oldMachines, ...newMachines },
  backends: ['webapp1', 'webapp2', 'webapp3'],
  visitors: {
    alice: { perSecond: 12, keepAlive: false },
    bob: { perSecond: 12, keepAlive: true },
    carol: { perSecond: 12, keepAlive: true },
    dave: { perSecond: 12, keepAlive: false },
  },
  throughout: ({ expect }) => [noVisitorGotAnError(expect), sameProxy(expect)],
  steps: kit => [v1Serves(kit), v2ComesUp(kit), v2Joins(kit), v1Leaves(kit), v1IsOff(kit)],
});
