/** Asking machines how they are: a probe takes out the machine that connects and yet cannot work. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines } from '../machines.ts';
import { sameProxy } from '../promises.ts';
import { steps } from './steps.ts';

export const healthProbe: Lab = defineLab({
  id: 'health-probe',
  title: t('How are you?', 'Comment allez-vous ?'),
  summary: t(
    'A machine can accept every connection and still be unable to work. The breaker does not notice; a question asked again and again does, takes the machine out after three bad answers, and brings it back.',
    'Une machine peut accepter toutes les connexions et être incapable de travailler. Le disjoncteur ne le voit pas ; une question posée sans relâche, si : elle écarte la machine après trois mauvaises réponses, puis la fait revenir.',
  ),
  minutes: 14,
  machines: oldMachines,
  backends: ['webapp1', 'webapp2', 'webapp3'],
  visitors: {
    alice: { perSecond: 10, keepAlive: false },
    bob: { perSecond: 10, keepAlive: true },
  },
  throughout: ({ expect }) => [sameProxy(expect)],
  steps,
});
