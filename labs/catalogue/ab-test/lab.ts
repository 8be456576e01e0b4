/** An experiment: a fifth of the visitors get version 2 and keep it, and a bad build ends it by itself. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab, Visitor } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { newMachines, oldMachines } from '../machines.ts';
import { sameProxy } from '../promises.ts';
import { badBuild, rollBack } from './bad-build.ts';
import { endsByItself, experimentOver } from './ends-by-itself.ts';
import { aFifth, stayWithOne } from './two-versions.ts';

/** People with a browser: they keep cookies, and like version 2 better. */
const person: Visitor = {
  perSecond: 5,
  keepAlive: true,
  cookies: true,
  engages: { v1: 0.1, v2: 0.4 },
};
/** Each page is asked for by somebody who was never here. */
const crowd: Visitor = { perSecond: 15, keepAlive: false };

export const abTest: Lab = defineLab({
  id: 'ab-test',
  title: t('An experiment with visitors', 'Une expérience avec des visiteurs'),
  summary: t(
    'One newcomer in five gets version 2 and stays with it; clicks and errors are counted for each version. Then a bad build comes: the first time somebody has to notice, the second time the proxy ends the experiment by itself.',
    'Un nouveau venu sur cinq reçoit la version 2 et y reste ; clics et erreurs sont comptés pour chaque version. Puis vient une version ratée : la première fois, quelqu’un doit s’en apercevoir ; la seconde, le proxy arrête l’expérience tout seul.',
  ),
  minutes: 15,
  machines: {
    webapp1: oldMachines.webapp1,
    webapp2: oldMachines.webapp2,
    'webapp-new1': newMachines['webapp-new1'],
  },
  backends: ['webapp1', 'webapp2', 'webapp-new1'],
  proxy: {
    // Each worker has a turn of its own: with one, shares are exact in every run of requests.
    workers: 1,
    cluster: {
      breaker: {
        // A deployment refuses connections for a moment: here only answers are to open breakers.
        failure_threshold: 100,
        error_min_requests: 10,
        error_window: 3,
        first_wait: 4,
        longest_wait: 16,
      },
    },
    backends: {
      webapp1: { version: 'v1' },
      webapp2: { version: 'v1' },
      'webapp-new1': { version: 'v2', weight: 0 },
    },
  },
  visitors: {
    alice: person,
    bob: person,
    carol: person,
    dave: person,
    // Her cookie never changes: a tester, who wants version 2 whenever it is there.
    zoe: {
      perSecond: 10,
      keepAlive: true,
      headers: { cookie: 'RELAISBALANCEID=webapp-new1' },
      engages: { v1: 0.1, v2: 0.4 },
    },
    newcomers: crowd,
    passers: crowd,
  },
  throughout: ({ expect }) => [sameProxy(expect)],
  steps: kit => [
    aFifth(kit),
    stayWithOne(kit),
    badBuild(kit),
    rollBack(kit),
    endsByItself(kit),
    experimentOver(kit),
  ],
});
