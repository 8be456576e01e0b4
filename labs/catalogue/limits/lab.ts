/** More people than there is room for: they wait, one greedy address is told no, and nobody falls over. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines } from '../machines.ts';
import { fullHouse, roomAgain } from './room.ts';
import { oneGreedyAddress, raiseTheLimit } from './share.ts';

export const limits: Lab = defineLab({
  id: 'limits',
  title: t('Full house', 'Complet'),
  summary: t(
    'A server without limits takes everybody in until it falls over, and then it serves nobody. This proxy takes as many as it has room for: the others wait at the door. And whoever comes with too many at once is told to come back later.',
    'Un serveur sans limites fait entrer tout le monde jusqu’à s’écrouler, puis ne sert plus personne. Ce proxy accueille autant de monde qu’il a de place : les autres attendent à la porte. Et celui qui vient trop nombreux est prié de revenir plus tard.',
  ),
  minutes: 12,
  machines: oldMachines,
  backends: ['webapp1', 'webapp2', 'webapp3'],
  proxy: {
    // One worker, so that its limit is the limit.
    workers: 1,
    top: { retry_after: 5 },
    listener: { max_connections: 50, front_timeout: 600, trusted_proxies: ['127.0.0.1'] },
  },
  visitors: {
    alice: { perSecond: 5, keepAlive: false, headers: { 'x-forwarded-for': '198.51.100.1' } },
    bob: { perSecond: 5, keepAlive: true, headers: { 'x-forwarded-for': '198.51.100.2' } },
    mallory: { perSecond: 3, keepAlive: false, headers: { 'x-forwarded-for': '203.0.113.7' } },
  },
  throughout: ({ expect }) => [
    {
      id: 'same-proxy',
      claim: t(
        'The proxy never fell over: it is the one of the start',
        'Le proxy ne s’est jamais écroulé : c’est celui du début',
      ),
      probe: expect.proxyNeverRestarted(),
    },
  ],
  steps: kit => [fullHouse(kit), roomAgain(kit), oneGreedyAddress(kit), raiseTheLimit(kit)],
});
