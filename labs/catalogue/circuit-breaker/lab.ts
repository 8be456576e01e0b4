/** The tutorial's killed machines: three ways to go away, one machine left, none left, and back again. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines } from '../machines.ts';
import { steps } from './steps.ts';

export const circuitBreaker: Lab = defineLab({
  id: 'circuit-breaker',
  title: t(
    'Kill machines, meet the circuit breaker',
    'Tuer des machines, rencontrer le disjoncteur',
  ),
  summary: t(
    'Machines go away in three different ways, then two of three, then the last. The proxy stops trying what is dead, and notices what comes back.',
    'Des machines disparaissent de trois façons, puis deux sur trois, puis la dernière. Le proxy cesse d’essayer ce qui est mort, et remarque ce qui revient.',
  ),
  minutes: 20,
  machines: oldMachines,
  backends: ['webapp1', 'webapp2', 'webapp3'],
  visitors: {
    alice: { perSecond: 5, keepAlive: false },
    bob: { perSecond: 5, keepAlive: true },
  },
  throughout: ({ expect }) => [
    {
      id: 'same-proxy',
      claim: t('The proxy was never restarted', 'Le proxy n’a jamais été redémarré'),
      probe: expect.proxyNeverRestarted(),
    },
  ],
  steps,
});
