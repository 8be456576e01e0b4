/** An update machine by machine, in front of visitors, and the bad build that must not get through. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines } from '../machines.ts';
import { noVisitorGotAnError, sameProxy } from '../promises.ts';
import { steps } from './steps.ts';

export const rollingUpdate: Lab = defineLab({
  id: 'rolling-update',
  title: t('One machine at a time', 'Une machine à la fois'),
  summary: t(
    'Three machines are all there is. Out of the flow, update, ask how it is, back in; then the next one. The third gets a bad build: the roll-out stops, and no visitor ever sees it.',
    'Trois machines, c’est tout ce qu’il y a. Hors du flux, mise à jour, comment va-t-elle, retour ; puis la suivante. La troisième reçoit une mauvaise version : le déploiement s’arrête, et aucun visiteur ne la voit jamais.',
  ),
  minutes: 14,
  machines: oldMachines,
  backends: ['webapp1', 'webapp2', 'webapp3'],
  proxy: {
    cluster: {
      health_check: {
        uri: '/status',
        interval: 0.5,
        timeout: 1,
        healthy_threshold: 2,
        unhealthy_threshold: 2,
      },
    },
  },
  visitors: {
    alice: { perSecond: 10, keepAlive: false },
    bob: { perSecond: 10, keepAlive: true },
    carol: { perSecond: 10, keepAlive: true },
  },
  throughout: ({ expect }) => [noVisitorGotAnError(expect), sameProxy(expect)],
  steps,
});
