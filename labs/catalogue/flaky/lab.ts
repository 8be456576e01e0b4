/** A machine that answers every second page with an error: retries hide it, a budget keeps them from doing harm. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines } from '../machines.ts';
import { sameProxy } from '../promises.ts';
import { steps } from './steps.ts';

export const flaky: Lab = defineLab({
  id: 'flaky',
  title: t('Try again, but not too often', 'Réessayer, mais pas trop souvent'),
  summary: t(
    'One machine answers every second page with an error. Asking another machine hides it from the visitors. Then all three get bad, and asking again makes everything worse, until there is a budget for it.',
    'Une machine répond une page sur deux par une erreur. Redemander à une autre le cache aux visiteurs. Puis les trois vont mal, et redemander aggrave tout, jusqu’à ce qu’il y ait un budget pour cela.',
  ),
  minutes: 12,
  machines: oldMachines,
  backends: ['webapp1', 'webapp2', 'webapp3'],
  // Few retries that are always allowed: with the few visitors of a lab, the share is what counts.
  proxy: { workers: 1, cluster: { retry: { on_error: false, budget_min_per_second: 0 } } },
  visitors: {
    alice: { perSecond: 15, keepAlive: false },
    bob: { perSecond: 15, keepAlive: true },
    carol: { perSecond: 15, keepAlive: true },
  },
  throughout: ({ expect }) => [sameProxy(expect)],
  steps,
});
