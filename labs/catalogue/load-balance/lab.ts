/** The tutorial's first contact: one address, three machines, two browsers that see different ones. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines } from '../machines.ts';

export const loadBalance: Lab = defineLab({
  id: 'load-balance',
  title: t('One address, three machines', 'Une adresse, trois machines'),
  summary: t(
    'Three machines serve the same site. Visitors know one address only: that of the proxy.',
    'Trois machines servent le même site. Les visiteurs ne connaissent qu’une adresse : celle du proxy.',
  ),
  minutes: 5,
  machines: oldMachines,
  backends: ['webapp1', 'webapp2', 'webapp3'],
  visitors: {
    alice: { perSecond: 8, keepAlive: false },
    bob: { perSecond: 8, keepAlive: true },
  },
  throughout: ({ expect }) => [
    {
      id: 'nothing-lost',
      claim: t('No visitor got an error', 'Aucun visiteur n’a vu d’erreur'),
      probe: expect.noFailedRequest(),
    },
  ],
  steps: ({ expect }) => [
    {
      id: 'everybody-works',
      title: t('Everybody works', 'Tout le monde travaille'),
      minutes: 1,
      say: t(
        'Alice and Bob reload the site all the time. The proxy hands each request to the next machine in turn.',
        'Alice et Bob rechargent le site sans arrêt. Le proxy confie chaque requête à la machine suivante, à tour de rôle.',
      ),
      act: [],
      check: [
        {
          id: 'all-served',
          claim: t('Every machine has served', 'Chaque machine a servi'),
          probe: expect.served('every', 'webapp1', 'webapp2', 'webapp3'),
          window: { within: '10s' },
          because: [
            {
              when: expect.addressMistake(),
              say: t(
                'Read the list of backends again: an address is in it twice, or one is missing. The author of the original tutorial made this very mistake.',
                'Relisez la liste des backends : une adresse y figure deux fois, ou il en manque une. L’auteur du tutoriel d’origine a fait exactement cette erreur.',
              ),
            },
          ],
        },
        {
          id: 'in-the-list',
          claim: t('The proxy knows all three', 'Le proxy les connaît toutes les trois'),
          probe: expect.backends('webapp1', 'webapp2', 'webapp3'),
        },
      ],
    },
    {
      id: 'two-browsers',
      title: t('Two browsers, two machines', 'Deux navigateurs, deux machines'),
      minutes: 2,
      say: t(
        'Open the same address in two browsers: the name on the page is not the same.',
        'Ouvrez la même adresse dans deux navigateurs : le nom affiché n’est pas le même.',
      ),
      act: [],
      check: [
        {
          id: 'names-differ',
          claim: t(
            'One address shows different machines',
            'Une même adresse montre des machines différentes',
          ),
          probe: expect.pagesDiffer(2),
          window: { within: '15s' },
        },
        {
          id: 'it-is-v1',
          claim: t('It is version 1 of the site', 'C’est la version 1 du site'),
          probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
          window: { within: '15s' },
        },
      ],
      see: [
        {
          id: 'first-browser',
          visitor: 'first browser',
          alt: t(
            'First browser: the page names one machine',
            'Premier navigateur : la page nomme une machine',
          ),
        },
        {
          id: 'second-browser',
          visitor: 'second browser',
          alt: t(
            'Second browser, same address: the page names another machine',
            'Second navigateur, même adresse : la page nomme une autre machine',
          ),
        },
      ],
    },
    {
      id: 'behind-the-proxy',
      title: t('Behind the proxy', 'Derrière le proxy'),
      minutes: 2,
      say: t(
        'Each machine also answers on a port of its own, past the proxy: 9091, 9092, 9093. That is how you check a machine without its colleagues.',
        'Chaque machine répond aussi sur un port à elle, sans passer par le proxy : 9091, 9092, 9093. C’est ainsi qu’on vérifie une machine sans ses collègues.',
      ),
      act: [],
      check: [
        {
          id: 'webapp1-direct',
          claim: t('webapp1 answers on its own port', 'webapp1 répond sur son propre port'),
          probe: expect.direct('webapp1'),
        },
        {
          id: 'webapp2-direct',
          claim: t('webapp2 answers on its own port', 'webapp2 répond sur son propre port'),
          probe: expect.direct('webapp2'),
        },
        {
          id: 'webapp3-direct',
          claim: t('webapp3 answers on its own port', 'webapp3 répond sur son propre port'),
          probe: expect.direct('webapp3'),
        },
      ],
      recap: t(
        'The visitors never chose a machine, and never had to know that there are three.',
        'Les visiteurs n’ont jamais choisi de machine, ni même su qu’il y en avait trois.',
      ),
    },
  ],
});
