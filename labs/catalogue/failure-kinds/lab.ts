/** Six ways to fail side by side: what a visitor sees of each, and what the breaker makes of it. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { newMachines, oldMachines } from '../machines.ts';
import { sameProxy } from '../promises.ts';
import { countErrors, wrongAnswers } from './answers.ts';
import { fourSilences, gone } from './gone.ts';
import { countTimeouts, frozen } from './silence.ts';

export const failureKinds: Lab = defineLab({
  id: 'failure-kinds',
  title: t('Six ways to fail', 'Six façons de tomber en panne'),
  summary: t(
    'A crash, a lost power supply, a network that swallows packets, a frozen app, a slow one, one that answers with errors: most outages are none of the simple ones. See what visitors get in each case, which of them the circuit breaker notices by itself, and how to make it notice the others.',
    'Un plantage, une coupure de courant, un réseau qui avale les paquets, une application figée, une lente, une qui répond par des erreurs : la plupart des pannes réelles ne sont pas les plus simples. Voyez ce que reçoivent les visiteurs dans chaque cas, lesquelles le disjoncteur remarque de lui-même, et comment lui faire remarquer les autres.',
  ),
  minutes: 20,
  machines: {
    ...oldMachines,
    'webapp-new1': { ...newMachines['webapp-new1'], up: true },
  },
  backends: ['webapp1', 'webapp2', 'webapp3'],
  proxy: {
    listener: { back_timeout: 3 },
    // Short waits and small numbers, so that a lesson of minutes shows what takes longer outside.
    cluster: { breaker: { longest_wait: 4, error_min_requests: 5 } },
  },
  visitors: {
    alice: { perSecond: 8, keepAlive: false },
    bob: { perSecond: 8, keepAlive: true },
    carol: { perSecond: 8, keepAlive: false },
  },
  throughout: ({ expect }) => [sameProxy(expect)],
  steps: kit => [
    fourSilences(kit),
    gone(kit),
    frozen(kit),
    countTimeouts(kit),
    wrongAnswers(kit),
    countErrors(kit),
  ],
});
