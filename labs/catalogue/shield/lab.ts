/** Why a server stands behind another: what should never reach the application stops at the proxy. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { siteMachines } from '../machines.ts';
import { noRequestFailed } from '../promises.ts';
import { steps } from './steps.ts';
import { attack, trick } from './words.ts';

export const shield: Lab = defineLab({
  id: 'shield',
  title: t('The proxy as a shield', 'Le proxy comme bouclier'),
  summary: t(
    'Attackers send texts that are harmless until an application writes them into its log. The proxy stops them, and closes doors that the application left open, while visitors go on shopping.',
    'Des attaquants envoient des textes inoffensifs, jusqu’à ce qu’une application les écrive dans son journal. Le proxy les arrête, et ferme des portes que l’application a laissées ouvertes, pendant que les visiteurs continuent leurs achats.',
  ),
  minutes: 12,
  machines: { shop: siteMachines.shop },
  backends: ['shop'],
  visitors: {
    alice: { perSecond: 6, keepAlive: true },
    carol: { perSecond: 2, keepAlive: false, path: '/?q=log4j%20and%20jndi:%20what%20is%20it' },
    mallory: { perSecond: 3, keepAlive: false, headers: { 'user-agent': attack } },
    oscar: { perSecond: 3, keepAlive: false, headers: { 'user-agent': trick } },
    robot: { perSecond: 3, keepAlive: false, path: '/wp-login.php' },
    eve: { perSecond: 3, keepAlive: false, path: '/knobs' },
    frank: { perSecond: 3, keepAlive: false, path: '/%6Bnobs' },
  },
  throughout: ({ expect }) => [
    noRequestFailed(expect),
    {
      id: 'same-proxy',
      claim: t(
        'Every rule was laid while the proxy ran',
        'Toutes les règles ont été posées pendant que le proxy tournait',
      ),
      probe: expect.proxyNeverRestarted(),
    },
  ],
  steps,
});
