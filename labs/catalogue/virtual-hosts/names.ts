/** The first steps of virtual-hosts: sites that are told apart by their names. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Words } from './steps.ts';

export function oneName({ expect }: Words): Step {
  return {
    id: 'one-name',
    title: t('The name on the envelope', 'Le nom sur l’enveloppe'),
    minutes: 2,
    say: t(
      'Addresses are scarce, so many sites share one. A browser therefore writes into each request which name was typed: that is the field Host. Here the proxy knows one name, shop.localhost. Bob asks for blog.localhost, at the same address and the same port.',
      'Les adresses sont rares, alors plusieurs sites s’en partagent une. Le navigateur inscrit donc dans chaque requête le nom qui a été tapé : c’est le champ Host. Ici, le proxy connaît un seul nom, shop.localhost. Bob demande blog.localhost, à la même adresse et sur le même port.',
    ),
    predict: {
      ask: t(
        'The proxy has never heard of blog.localhost. What does Bob get?',
        'Le proxy n’a jamais entendu parler de blog.localhost. Que reçoit Bob ?',
      ),
      choices: [
        {
          id: 'shop',
          text: t(
            'The shop: it is the only site there is',
            'La boutique : c’est le seul site qui existe',
          ),
          trueWhen: expect.sees('bob', { status: 200, site: 'shop' }),
        },
        {
          id: 'not-found',
          text: t('404: nobody has that name here', '404 : personne ne porte ce nom ici'),
          trueWhen: expect.sees('bob', { status: 404 }),
        },
        {
          id: 'unavailable',
          text: t('503: no machine can answer him', '503 : aucune machine ne peut lui répondre'),
          trueWhen: expect.sees('bob', { status: 503 }),
        },
      ],
    },
    act: [],
    check: [
      {
        id: 'shop-serves',
        claim: t('Alice sees the shop', 'Alice voit la boutique'),
        probe: expect.sees('alice', { status: 200, site: 'shop' }),
        window: { within: '10s' },
      },
      {
        id: 'blog-unknown',
        claim: t('Bob gets 404 for blog.localhost', 'Bob reçoit 404 pour blog.localhost'),
        probe: expect.sees('bob', { status: 404 }),
        window: { within: '10s' },
      },
      {
        id: 'shop-page',
        claim: t(
          'A browser at shop.localhost shows the shop',
          'Un navigateur sur shop.localhost affiche la boutique',
        ),
        probe: expect.page({ status: 200, text: 'the shop', at: { host: 'shop.localhost' } }),
        window: { within: '20s' },
      },
      {
        id: 'nope-page',
        claim: t(
          'At blog.localhost it shows the proxy’s own 404 page',
          'Sur blog.localhost, il affiche la page 404 du proxy lui-même',
        ),
        probe: expect.page({
          status: 404,
          text: '😡 Nope❗️',
          reason: 'nope',
          at: { host: 'blog.localhost' },
        }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'shop',
        visitor: 'first browser',
        at: { host: 'shop.localhost' },
        alt: t('shop.localhost: the shop', 'shop.localhost : la boutique'),
      },
      {
        id: 'no-blog-yet',
        visitor: 'second browser',
        at: { host: 'blog.localhost' },
        alt: t('blog.localhost: nobody has that name', 'blog.localhost : personne ne porte ce nom'),
      },
    ],
    recap: t(
      'One address and port, two different answers: the proxy reads the name before it chooses. A name that it does not know is nobody’s, and gets 404.',
      'Une adresse et un port, deux réponses différentes : le proxy lit le nom avant de choisir. Un nom qu’il ne connaît pas n’est à personne et reçoit 404.',
    ),
  };
}

export function secondName({ machines, proxy, addressOf, expect }: Words): Step {
  const cluster = proxy.relais(['cluster', 'add', '--id', 'blog']);
  const nameFor = (hostname: string, id: string) =>
    proxy.relais([
      ...['frontend', 'http', 'add', '--address', addressOf('proxy')],
      ...['--hostname', hostname, 'id', id],
    ]);
  return {
    id: 'second-name',
    title: t('A second site moves in', 'Un deuxième site emménage'),
    minutes: 3,
    say: t(
      'The blog gets a machine, a cluster (a group of machines that do the same), and last a frontend: the rule that leads the name there. In this order, because the door opens last: a name that leads to no machine is answered 503.',
      'Le blog reçoit une machine, un cluster (un groupe de machines qui font la même chose) et, en dernier, un frontend : la règle qui y mène le nom. Dans cet ordre, car la porte s’ouvre en dernier : un nom qui ne mène à aucune machine reçoit 503.',
    ),
    act: [
      machines.up('blog'),
      cluster,
      proxy.relais(['backend', 'add', '--id', 'blog', '--address', addressOf('blog')]),
      nameFor('blog.localhost', 'blog'),
      proxy.relais(['explain', 'GET', 'http://blog.localhost/'], { replayed: false }),
    ],
    check: [
      {
        id: 'blog-serves',
        claim: t('Bob sees the blog', 'Bob voit le blog'),
        probe: expect.sees('bob', { status: 200, site: 'blog' }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('bob', { status: 503 }, 1),
            say: t(
              'The name leads to a cluster in which no machine answers. Is blog up, and a backend of the cluster?',
              'Le nom mène à un cluster où aucune machine ne répond. La machine blog est-elle démarrée, et fait-elle partie du cluster ?',
            ),
          },
          {
            when: expect.sees('bob', { site: 'shop' }, 1),
            say: t(
              'blog.localhost leads to the shop: its frontend names the cluster webapp.',
              'blog.localhost mène à la boutique : son frontend désigne le cluster webapp.',
            ),
          },
          {
            when: expect.sees('bob', { status: 404 }, 1),
            say: t(
              'No frontend has the name blog.localhost. Look for a slip of the pen with: relais frontend list',
              'Aucun frontend ne porte le nom blog.localhost. Cherchez une faute de frappe avec : relais frontend list',
            ),
          },
        ],
      },
      {
        id: 'shop-stays',
        claim: t('Alice still sees the shop', 'Alice voit toujours la boutique'),
        probe: expect.sees('alice', { status: 200, site: 'shop' }, 5),
        window: { within: '15s' },
        because: [
          {
            when: expect.backend('blog', { cluster: 'webapp' }),
            say: t(
              'The machine blog was added to the cluster of the shop: both take turns there.',
              'La machine blog a été ajoutée au cluster de la boutique : elles s’y relaient.',
            ),
          },
        ],
      },
      {
        id: 'blog-page',
        claim: t(
          'A browser at blog.localhost shows the blog',
          'Un navigateur sur blog.localhost affiche le blog',
        ),
        probe: expect.page({ status: 200, text: 'the blog', at: { host: 'blog.localhost' } }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'blog',
        visitor: 'second browser',
        at: { host: 'blog.localhost' },
        alt: t('blog.localhost: the blog', 'blog.localhost : le blog'),
      },
    ],
    hints: [
      t(
        'A request needs three things in a row: a frontend with its name, the cluster that the frontend names, a machine in that cluster.',
        'Une requête a besoin de trois choses à la suite : un frontend à son nom, le cluster que ce frontend désigne, une machine dans ce cluster.',
      ),
      t(
        'relais explain GET http://blog.localhost/ says which of the three is missing.',
        'relais explain GET http://blog.localhost/ dit laquelle des trois manque.',
      ),
    ],
    mistakes: [
      {
        id: 'door-first',
        act: [machines.up('blog'), cluster, nameFor('blog.localhost', 'blog')],
        diagnosis: { check: 'blog-serves', because: 0 },
      },
      {
        id: 'wrong-cluster',
        act: [machines.up('blog'), nameFor('blog.localhost', 'webapp')],
        diagnosis: { check: 'blog-serves', because: 1 },
      },
      {
        id: 'slip-of-the-pen',
        act: [machines.up('blog'), nameFor('blog.localhots', 'webapp')],
        diagnosis: { check: 'blog-serves', because: 2 },
      },
    ],
    recap: t(
      'Frontend, cluster, backend: a name leads to a group, the group to machines. No file was edited, nothing was restarted, and no visitor of the shop noticed.',
      'Frontend, cluster, backend : un nom mène à un groupe, le groupe à des machines. Aucun fichier modifié, rien de redémarré, et aucun visiteur de la boutique n’a rien remarqué.',
    ),
  };
}
