/** The tutorial's killed machines: three ways to go away, one machine left, none left, and back again. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines } from '../machines.ts';
import { sameProxy } from '../promises.ts';
import { everybodyIsBack, oneComesBack } from './coming-back.ts';
import { pullTheirPlugs, theLastOne } from './plugs.ts';
import { allBack, threeWaysToGo, whatAClientSees } from './ways-to-go.ts';

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
  // Nobody should have to wait long for the trial that closes a breaker.
  proxy: { cluster: { breaker: { first_wait: 1, longest_wait: 4 } } },
  visitors: {
    alice: { perSecond: 5, keepAlive: false },
    bob: { perSecond: 5, keepAlive: true },
  },
  throughout: ({ expect }) => [sameProxy(expect)],
  steps: kit => [
    threeWaysToGo(kit),
    whatAClientSees(kit),
    allBack(kit),
    pullTheirPlugs(kit),
    theLastOne(kit),
    oneComesBack(kit),
    everybodyIsBack(kit),
  ],
});
