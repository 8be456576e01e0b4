/** The tutorial's first contact: one address, three machines, two browsers that see different ones. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines } from '../machines.ts';
import { noVisitorGotAnError, sameProxy } from '../promises.ts';
import { steps } from './steps.ts';

export const loadBalance: Lab = defineLab({
  id: 'load-balance',
  title: t('One address, three machines', 'Une adresse, trois machines'),
  summary: t(
    'Three machines serve the same site. Visitors know one address only: that of the proxy. A machine can take a break, and nobody notices.',
    'Trois machines servent le même site. Les visiteurs ne connaissent qu’une adresse : celle du proxy. Une machine peut faire une pause sans que personne ne le remarque.',
  ),
  minutes: 5,
  machines: oldMachines,
  backends: ['webapp1', 'webapp2', 'webapp3'],
  visitors: {
    alice: { perSecond: 12, keepAlive: false },
    bob: { perSecond: 12, keepAlive: true },
  },
  throughout: ({ expect }) => [noVisitorGotAnError(expect), sameProxy(expect)],
  steps,
});
