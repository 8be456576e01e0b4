/** The steps of virtual-hosts about a star in place of a name: laid, and taken away again. */
import type { Action } from '../../harness/actions.ts';
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Words } from './steps.ts';

function frontend({ proxy, addressOf }: Words, verb: 'add' | 'remove', hostname: string): Action {
  return proxy.relais([
    ...['frontend', 'http', verb, '--address', addressOf('proxy')],
    ...['--hostname', hostname, 'id', 'webapp'],
  ]);
}

export function star(words: Words): Step {
  const { proxy, expect } = words;
  return {
    id: 'star',
    title: t('Every other name', 'Tous les autres noms'),
    minutes: 3,
    say: t(
      'Each campaign of the shop invents a name: promo, winter, sale. Nobody wants to tell the proxy each time. A star stands for one label, the part of a name between two dots: *.localhost takes promo.localhost. Let it lead to the shop.',
      'Chaque campagne de la boutique invente un nom : promo, hiver, soldes. Personne ne veut prévenir le proxy à chaque fois. Une étoile remplace une étiquette, la partie d’un nom entre deux points : *.localhost accepte promo.localhost. Menez-la à la boutique.',
    ),
    predict: {
      ask: t(
        'blog.localhost fits the star too, and the star came later. Who answers Bob now?',
        'blog.localhost correspond aussi à l’étoile, et l’étoile est arrivée après. Qui répond à Bob, maintenant ?',
      ),
      choices: [
        {
          id: 'shop',
          text: t('The shop: the latest rule counts', 'La boutique : la dernière règle compte'),
          trueWhen: expect.sees('bob', { status: 200, site: 'shop' }),
        },
        {
          id: 'blog',
          text: t('The blog: the exact name counts', 'Le blog : le nom exact compte'),
          trueWhen: expect.sees('bob', { status: 200, site: 'blog' }),
        },
        {
          id: 'not-found',
          text: t(
            'Nobody: two rules for one name are an error, 404',
            'Personne : deux règles pour un nom, c’est une erreur, 404',
          ),
          trueWhen: expect.sees('bob', { status: 404 }),
        },
      ],
    },
    act: [
      frontend(words, 'add', '*.localhost'),
      proxy.relais(['explain', 'GET', 'http://blog.localhost/'], { replayed: false }),
    ],
    check: [
      {
        id: 'promo-serves',
        claim: t(
          'Carol sees the shop at promo.localhost',
          'Carol voit la boutique sur promo.localhost',
        ),
        probe: expect.sees('carol', { status: 200, site: 'shop' }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('carol', { site: 'blog' }, 1),
            say: t(
              'The star leads to the blog: its frontend names the cluster blog.',
              'L’étoile mène au blog : son frontend désigne le cluster blog.',
            ),
          },
          {
            when: expect.sees('carol', { status: 404 }, 1),
            say: t(
              'No frontend takes promo.localhost. A star stands for exactly one label, and the rest must be the same: *.localhost',
              'Aucun frontend n’accepte promo.localhost. Une étoile remplace exactement une étiquette, et le reste doit être identique : *.localhost',
            ),
          },
        ],
      },
      {
        id: 'exact-name-wins',
        claim: t('Bob still sees the blog', 'Bob voit toujours le blog'),
        probe: expect.sees('bob', { status: 200, site: 'blog' }, 5),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('bob', { site: 'shop' }, 1),
            say: t(
              'The star took Bob to the shop, although blog.localhost has a frontend of its own. If relais frontend list still shows it, the proxy is wrong.',
              'L’étoile a mené Bob à la boutique, alors que blog.localhost a son propre frontend. Si relais frontend list le montre encore, c’est le proxy qui se trompe.',
            ),
          },
        ],
      },
      {
        id: 'one-label',
        claim: t(
          'summer.promo.localhost has one label more, and stays unknown: Dave gets 404',
          'summer.promo.localhost a une étiquette de plus et reste inconnu : Dave reçoit 404',
        ),
        probe: expect.sees('dave', { status: 404 }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('dave', { status: 200 }, 1),
            say: t(
              'A star alone takes every name, however long. It has to be *.localhost',
              'Une étoile seule accepte tous les noms, aussi longs soient-ils. Il faut écrire *.localhost',
            ),
          },
        ],
      },
      {
        id: 'promo-page',
        claim: t(
          'A browser at promo.localhost shows the shop',
          'Un navigateur sur promo.localhost affiche la boutique',
        ),
        probe: expect.page({ status: 200, text: 'the shop', at: { host: 'promo.localhost' } }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'promo',
        visitor: 'first browser',
        at: { host: 'promo.localhost' },
        alt: t('promo.localhost: the shop', 'promo.localhost : la boutique'),
      },
    ],
    hints: [
      t(
        'It is one more frontend for the cluster webapp, with a star in its name.',
        'C’est un frontend de plus pour le cluster webapp, avec une étoile dans son nom.',
      ),
      t(
        'A shell replaces a star by names of files: put the name between quotes.',
        'Le shell remplace une étoile par des noms de fichiers : mettez le nom entre guillemets.',
      ),
    ],
    mistakes: [
      {
        id: 'one-label-too-many',
        act: [frontend(words, 'add', '*.shop.localhost')],
        diagnosis: { check: 'promo-serves', because: 1 },
      },
      {
        id: 'star-alone',
        act: [frontend(words, 'add', '*')],
        diagnosis: { check: 'one-label', because: 0 },
      },
    ],
    recap: t(
      'An exact name comes before a star, whichever was added first. That is why the order of your commands does not matter here.',
      'Un nom exact passe avant une étoile, quel que soit l’ordre d’ajout. C’est pourquoi l’ordre de vos commandes ne compte pas ici.',
    ),
  };
}

export function noStar(words: Words): Step {
  const { proxy, expect } = words;
  return {
    id: 'no-star',
    title: t('A name that nobody has', 'Un nom que personne ne porte'),
    minutes: 2,
    say: t(
      'A star also takes every typing error, and every name that somebody else points at your address. The campaign is over: take the star away. Whoever has a name of their own must not notice.',
      'Une étoile accepte aussi toutes les fautes de frappe, et tous les noms que d’autres font pointer vers votre adresse. La campagne est finie : enlevez l’étoile. Ceux qui ont leur propre nom ne doivent rien remarquer.',
    ),
    act: [
      frontend(words, 'remove', '*.localhost'),
      proxy.relais(['explain', 'GET', 'http://promo.localhost/'], { replayed: false }),
    ],
    check: [
      {
        id: 'promo-is-nobodys',
        claim: t('Carol gets 404 again', 'Carol reçoit de nouveau 404'),
        probe: expect.sees('carol', { status: 404 }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('carol', { status: 200 }, 1),
            say: t(
              'A frontend with a star still takes promo.localhost. relais frontend list shows it.',
              'Un frontend avec une étoile accepte encore promo.localhost. relais frontend list le montre.',
            ),
          },
        ],
      },
      {
        id: 'shop-stays',
        claim: t('Alice sees the shop', 'Alice voit la boutique'),
        probe: expect.sees('alice', { status: 200, site: 'shop' }),
        window: { within: '15s' },
      },
      {
        id: 'blog-stays',
        claim: t('Bob sees the blog', 'Bob voit le blog'),
        probe: expect.sees('bob', { status: 200, site: 'blog' }),
        window: { within: '15s' },
      },
      {
        id: 'legacy-stays',
        claim: t('Erin sees the old application', 'Erin voit la vieille application'),
        probe: expect.sees('erin', { status: 200, site: 'legacy' }),
        window: { within: '15s' },
      },
      {
        id: 'nope-page',
        claim: t(
          'A browser at promo.localhost shows the 404 page',
          'Un navigateur sur promo.localhost affiche la page 404',
        ),
        probe: expect.page({
          status: 404,
          text: '😡 Nope❗️',
          reason: 'nope',
          at: { host: 'promo.localhost' },
        }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'nope',
        visitor: 'first browser',
        at: { host: 'promo.localhost' },
        alt: t('promo.localhost: the 404 page', 'promo.localhost : la page 404'),
      },
    ],
    hints: [
      t(
        'What was added with frontend http add goes with frontend http remove and the same words.',
        'Ce qui a été ajouté avec frontend http add s’enlève avec frontend http remove et les mêmes mots.',
      ),
      t(
        'relais frontend list shows every frontend with its name and its cluster.',
        'relais frontend list montre chaque frontend avec son nom et son cluster.',
      ),
    ],
    mistakes: [
      {
        id: 'the-wrong-one',
        act: [frontend(words, 'remove', 'shop.localhost')],
        diagnosis: { check: 'promo-is-nobodys', because: 0 },
      },
    ],
    recap: t(
      'Three sites on three machines, one address, one proxy that was never restarted. Names and paths decide, and what is nobody’s gets 404.',
      'Trois sites sur trois machines, une adresse, un proxy jamais redémarré. Les noms et les chemins décident, et ce qui n’est à personne reçoit 404.',
    ),
  };
}
