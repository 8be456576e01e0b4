/** sillyproxy's story: one machine, three, a fifth of the traffic for version 2, all of it, and back. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { newMachines, oldMachines } from '../machines.ts';
import { noVisitorGotAnError, sameProxy } from '../promises.ts';
import { steps } from './steps.ts';

export const canary: Lab = defineLab({
  id: 'canary',
  title: t('A fifth of the visitors first', 'D’abord un visiteur sur cinq'),
  summary: t(
    'Version 2 gets 20% of the requests, exactly, then all of them, and then it turns out to be too expensive: back to version 1. Nobody sees an error on the way.',
    'La version 2 reçoit 20 % des requêtes, exactement, puis toutes, puis elle se révèle trop chère : retour à la version 1. Personne ne voit d’erreur en chemin.',
  ),
  minutes: 13,
  machines: { ...oldMachines, ...newMachines },
  backends: ['webapp1'],
  // Each worker has a turn of its own: with one, shares are exact in every run of requests.
  proxy: { workers: 1 },
  visitors: {
    alice: { perSecond: 15, keepAlive: false },
    bob: { perSecond: 15, keepAlive: true },
    carol: { perSecond: 15, keepAlive: false },
    dave: { perSecond: 15, keepAlive: true },
  },
  throughout: ({ expect }) => [noVisitorGotAnError(expect), sameProxy(expect)],
  steps,
});
