/** The step of virtual-hosts in which an old application lives behind a path of a new site. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Words } from './steps.ts';

export function oldApp({ machines, proxy, addressOf, expect }: Words): Step {
  const cluster = proxy.relais(['cluster', 'add', '--id', 'legacy']);
  const door = proxy.relais([
    ...['frontend', 'http', 'add', '--address', addressOf('proxy')],
    ...['--hostname', 'shop.localhost', '--path-segment', '/legacy', 'id', 'legacy'],
  ]);
  const backendOf = (id: string) =>
    proxy.relais(['backend', 'add', '--id', id, '--address', addressOf('legacy')]);
  return {
    id: 'old-app',
    title: t('The old application behind a path', 'La vieille application derrière un chemin'),
    minutes: 3,
    say: t(
      'The shop runs on PHP 8. One application needs PHP 6 and cannot be rewritten now, and one machine cannot have both. So it gets a machine of its own, and visitors still find it where it always was: shop.localhost/legacy. Erin asks for it; until now the shop itself tells her that it has no such page.',
      'La boutique tourne avec PHP 8. Une application a besoin de PHP 6, on ne peut pas la réécrire maintenant, et une même machine ne peut pas avoir les deux. Elle reçoit donc sa propre machine, et les visiteurs la trouvent toujours à sa place : shop.localhost/legacy. Erin la demande ; jusqu’ici, la boutique elle-même lui répond qu’elle n’a pas cette page.',
    ),
    act: [
      machines.up('legacy'),
      cluster,
      backendOf('legacy'),
      door,
      proxy.relais(['explain', 'GET', 'http://shop.localhost/legacy'], { replayed: false }),
    ],
    check: [
      {
        id: 'legacy-serves',
        claim: t('Erin sees the old application', 'Erin voit la vieille application'),
        probe: expect.sees('erin', { status: 200, site: 'legacy' }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('erin', { status: 503 }, 1),
            say: t(
              'The path leads to a cluster in which no machine answers. Is legacy up, and a backend of the cluster?',
              'Le chemin mène à un cluster où aucune machine ne répond. La machine legacy est-elle démarrée, et fait-elle partie du cluster ?',
            ),
          },
          {
            when: expect.sees('erin', { status: 404, site: 'shop' }, 1),
            say: t(
              'The shop answers Erin: no frontend of shop.localhost takes the path /legacy.',
              'La boutique répond à Erin : aucun frontend de shop.localhost n’accepte le chemin /legacy.',
            ),
          },
        ],
      },
      {
        id: 'shop-stays',
        claim: t(
          'Every other path is still the shop’s: Alice sees the shop only',
          'Tous les autres chemins restent à la boutique : Alice ne voit qu’elle',
        ),
        probe: expect.sees('alice', { status: 200, site: 'shop' }, 6),
        window: { within: '15s' },
        because: [
          {
            when: expect.backend('legacy', { cluster: 'webapp' }),
            say: t(
              'The machine legacy was added to the cluster of the shop: visitors of the shop land on the old application every second time.',
              'La machine legacy a été ajoutée au cluster de la boutique : une fois sur deux, les visiteurs de la boutique tombent sur la vieille application.',
            ),
          },
        ],
      },
      {
        id: 'legacy-page',
        claim: t(
          'A browser at shop.localhost/legacy shows the old application',
          'Un navigateur sur shop.localhost/legacy affiche la vieille application',
        ),
        probe: expect.page({
          status: 200,
          text: 'the old application',
          at: { host: 'shop.localhost', path: '/legacy' },
        }),
        window: { within: '20s' },
      },
      {
        id: 'shop-page',
        claim: t(
          'At shop.localhost it shows the shop',
          'Sur shop.localhost, il affiche la boutique',
        ),
        probe: expect.page({ status: 200, text: 'the shop', at: { host: 'shop.localhost' } }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'legacy',
        visitor: 'first browser',
        at: { host: 'shop.localhost', path: '/legacy' },
        alt: t(
          'shop.localhost/legacy: the old application',
          'shop.localhost/legacy : la vieille application',
        ),
      },
      {
        id: 'shop-beside',
        visitor: 'second browser',
        at: { host: 'shop.localhost' },
        alt: t('shop.localhost: the shop, as before', 'shop.localhost : la boutique, comme avant'),
      },
    ],
    hints: [
      t(
        'The same three things as for the blog, but the frontend has the name of the shop and a path.',
        'Les trois mêmes choses que pour le blog, mais le frontend porte le nom de la boutique et un chemin.',
      ),
      t(
        'relais help frontend http add lists the ways to name a path; --path-segment takes /legacy and what is below it, and leaves /legacy-news alone.',
        'relais help frontend http add donne les façons d’indiquer un chemin ; --path-segment accepte /legacy et ce qui est dessous, et laisse /legacy-news tranquille.',
      ),
    ],
    mistakes: [
      {
        id: 'door-first',
        act: [machines.up('legacy'), cluster, door],
        diagnosis: { check: 'legacy-serves', because: 0 },
      },
      {
        id: 'no-door',
        act: [machines.up('legacy'), cluster, backendOf('legacy')],
        diagnosis: { check: 'legacy-serves', because: 1 },
      },
      {
        id: 'into-the-shop',
        act: [machines.up('legacy'), backendOf('webapp')],
        diagnosis: { check: 'shop-stays', because: 0 },
      },
    ],
    recap: t(
      'The longest path that fits comes first. Visitors see one site; behind it stand two machines of two eras.',
      'Le plus long chemin qui correspond passe en premier. Les visiteurs voient un seul site ; derrière, il y a deux machines de deux époques.',
    ),
  };
}
