/** Several sites on one address: told apart by the name that the visitor typed, and by the path. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { siteMachines } from '../machines.ts';
import { steps } from './steps.ts';

const { shop, blog, legacy } = siteMachines;

const visitors = {
  alice: { perSecond: 4, keepAlive: false, host: 'shop.localhost' },
  bob: { perSecond: 4, keepAlive: true, host: 'blog.localhost' },
  carol: { perSecond: 4, keepAlive: false, host: 'promo.localhost' },
  dave: { perSecond: 4, keepAlive: true, host: 'summer.promo.localhost' },
  erin: { perSecond: 4, keepAlive: false, host: 'shop.localhost', path: '/legacy' },
} as const;

export const virtualHosts: Lab = defineLab({
  id: 'virtual-hosts',
  title: t('One address, many sites', 'Une adresse, plusieurs sites'),
  summary: t(
    'A shop, a blog and an old application share one address. The proxy tells them apart by the name in the request and by the path, and each site lives on a machine of its own.',
    'Une boutique, un blog et une vieille application partagent une adresse. Le proxy les distingue par le nom inscrit dans la requête et par le chemin, et chaque site vit sur sa propre machine.',
  ),
  minutes: 13,
  machines: { shop, blog, legacy },
  backends: ['shop'],
  proxy: { frontends: [{ hostname: 'shop.localhost' }] },
  visitors,
  throughout: ({ expect }) => [
    {
      id: 'nothing-lost',
      claim: t(
        'No visitor of any site got an error page of the server',
        'Aucun visiteur d’aucun site n’a vu d’erreur du serveur',
      ),
      probe: expect.noFailedRequest(),
    },
    {
      id: 'same-proxy',
      claim: t(
        'Sites came and went, and the proxy was never restarted',
        'Des sites sont venus et partis, et le proxy n’a jamais été redémarré',
      ),
      probe: expect.proxyNeverRestarted(),
    },
  ],
  steps,
});
