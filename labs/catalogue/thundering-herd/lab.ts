/** A machine that comes back cold and is drowned by everybody at once; and one that is given time. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines } from '../machines.ts';
import { sameProxy } from '../promises.ts';
import { steps } from './steps.ts';

export const thunderingHerd: Lab = defineLab({
  id: 'thundering-herd',
  title: t('Back from the dead, and drowned', 'Revenue à la vie, et noyée'),
  summary: t(
    'A machine that has just started is cold: its caches are empty, it can do a tenth of its work. The proxy sends it a third of all visitors at once. Then it learns to wait.',
    'Une machine qui vient de démarrer est froide : ses caches sont vides, elle ne peut faire qu’un dixième de son travail. Le proxy lui envoie d’un coup un tiers des visiteurs. Puis il apprend à attendre.',
  ),
  minutes: 10,
  machines: oldMachines,
  backends: ['webapp1', 'webapp2', 'webapp3'],
  // A breaker that looks again soon: the machine is found while it is still cold.
  proxy: { workers: 1, cluster: { breaker: { first_wait: 0.5, longest_wait: 1 } } },
  visitors: {
    alice: { perSecond: 20, keepAlive: false },
    bob: { perSecond: 20, keepAlive: true },
    carol: { perSecond: 20, keepAlive: true },
    dave: { perSecond: 20, keepAlive: false },
  },
  throughout: ({ expect }) => [sameProxy(expect)],
  steps,
});
