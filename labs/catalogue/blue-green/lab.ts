/** The tutorial's site update: three new machines take over from three old ones, and nobody notices. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { newMachines, oldMachines } from '../machines.ts';

export const blueGreen: Lab = defineLab({
  id: 'blue-green',
  title: t('From v1 to v2 without an interruption', 'De la v1 à la v2 sans interruption'),
  summary: t(
    'Version 2 comes up on new machines, joins, and version 1 leaves, while four visitors reload without a pause. Not one of their requests may fail.',
    'La version 2 démarre sur de nouvelles machines, entre en service, puis la version 1 s’en va, pendant que quatre visiteurs rechargent sans relâche. Aucune de leurs requêtes ne doit échouer.',
  ),
  minutes: 10,
  machines: { ...oldMachines, ...newMachines },
  backends: ['webapp1', 'webapp2', 'webapp3'],
  visitors: {
    alice: { perSecond: 12, keepAlive: false },
    bob: { perSecond: 12, keepAlive: true },
    carol: { perSecond: 12, keepAlive: true },
    dave: { perSecond: 12, keepAlive: false },
  },
  throughout: ({ expect }) => [
    {
      id: 'nothing-lost',
      claim: t('No visitor got an error', 'Aucun visiteur n’a vu d’erreur'),
      probe: expect.noFailedRequest(),
    },
    {
      id: 'same-proxy',
      claim: t('The proxy was never restarted', 'Le proxy n’a jamais été redémarré'),
      probe: expect.proxyNeverRestarted(),
    },
  ],
  steps: ({ machines, proxy, expect }) => {
    const nothingLost = {
      id: 'nothing-lost',
      claim: t('No request failed meanwhile', 'Aucune requête n’a échoué pendant ce temps'),
      probe: expect.noFailedRequest(),
    };
    return [
      {
        id: 'v1-serves',
        title: t('Version 1 is in service', 'La version 1 est en service'),
        minutes: 1,
        say: t(
          'Three machines serve version 1. This is the site that must not stop.',
          'Trois machines servent la version 1. C’est ce site qui ne doit pas s’arrêter.',
        ),
        act: [],
        check: [
          {
            id: 'v1-machines-serve',
            claim: t('The three v1 machines serve', 'Les trois machines v1 servent'),
            probe: expect.served('every', 'webapp1', 'webapp2', 'webapp3'),
            window: { within: '10s' },
          },
          {
            id: 'v1-page',
            claim: t('A browser shows v1', 'Un navigateur affiche la v1'),
            probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
            window: { within: '15s' },
          },
        ],
        during: [nothingLost],
        see: [
          {
            id: 'before',
            visitor: 'browser',
            alt: t('The site before: version 1', 'Le site avant : version 1'),
          },
        ],
      },
      {
        id: 'v2-comes-up',
        title: t('Version 2 comes up, unseen', 'La version 2 démarre, à l’abri des regards'),
        minutes: 2,
        say: t(
          'Three new machines start with version 2. They answer on their own ports, where you can try them; the proxy does not know them yet.',
          'Trois nouvelles machines démarrent avec la version 2. Elles répondent sur leurs propres ports, où vous pouvez les essayer ; le proxy ne les connaît pas encore.',
        ),
        act: [machines.up('webapp-new1', 'webapp-new2', 'webapp-new3')],
        check: [
          {
            id: 'new1-direct',
            claim: t('webapp-new1 answers on port 9101', 'webapp-new1 répond sur le port 9101'),
            probe: expect.direct('webapp-new1'),
          },
          {
            id: 'new2-direct',
            claim: t('webapp-new2 answers on port 9102', 'webapp-new2 répond sur le port 9102'),
            probe: expect.direct('webapp-new2'),
          },
          {
            id: 'new3-direct',
            claim: t('webapp-new3 answers on port 9103', 'webapp-new3 répond sur le port 9103'),
            probe: expect.direct('webapp-new3'),
          },
          {
            id: 'unseen',
            claim: t('No visitor sees v2 yet', 'Aucun visiteur ne voit encore la v2'),
            probe: expect.served('none', 'webapp-new1', 'webapp-new2', 'webapp-new3'),
            window: { within: '5s', for: '500ms' },
          },
        ],
        during: [nothingLost],
      },
      {
        id: 'v2-joins',
        title: t('Version 2 joins', 'La version 2 entre en service'),
        minutes: 2,
        say: t(
          'Tell the proxy about the three new machines. No file is edited, nothing is restarted.',
          'Annoncez les trois nouvelles machines au proxy. Aucun fichier à modifier, rien à redémarrer.',
        ),
        act: [proxy.add('webapp-new1'), proxy.add('webapp-new2'), proxy.add('webapp-new3')],
        check: [
          {
            id: 'both-serve',
            claim: t('All six machines serve', 'Les six machines servent'),
            probe: expect.served(
              'every',
              'webapp1',
              'webapp2',
              'webapp3',
              'webapp-new1',
              'webapp-new2',
              'webapp-new3',
            ),
            window: { within: '10s' },
          },
        ],
        during: [nothingLost],
      },
      {
        id: 'v1-leaves',
        title: t('Version 1 leaves', 'La version 1 s’en va'),
        minutes: 2,
        say: t(
          'Remove the three old machines. Each finishes the requests it has begun, and gets no new one.',
          'Retirez les trois anciennes machines. Chacune termine les requêtes commencées et n’en reçoit plus aucune.',
        ),
        act: [proxy.remove('webapp1'), proxy.remove('webapp2'), proxy.remove('webapp3')],
        check: [
          {
            id: 'v1-unused',
            claim: t(
              'No request reaches v1 after its removal',
              'Plus aucune requête n’arrive sur la v1 après son retrait',
            ),
            probe: expect.served('none', 'webapp1', 'webapp2', 'webapp3'),
            window: { within: '5s', for: '2s' },
          },
          {
            id: 'only-v2-in-the-list',
            claim: t('The proxy knows v2 only', 'Le proxy ne connaît plus que la v2'),
            probe: expect.backends('webapp-new1', 'webapp-new2', 'webapp-new3'),
          },
          {
            id: 'v2-page',
            claim: t(
              'A browser shows v2 and its panda',
              'Un navigateur affiche la v2 et son panda',
            ),
            probe: expect.page({ status: 200, text: '🐼' }),
            window: { within: '15s' },
          },
        ],
        during: [nothingLost],
        see: [
          {
            id: 'after',
            visitor: 'browser',
            alt: t(
              'The site after: version 2 with its panda',
              'Le site après : version 2 avec son panda',
            ),
          },
        ],
      },
      {
        id: 'v1-is-off',
        title: t('Switch version 1 off', 'Éteignez la version 1'),
        minutes: 1,
        say: t(
          'Nothing depends on the old machines any more: pull their plugs.',
          'Plus rien ne dépend des anciennes machines : débranchez-les.',
        ),
        act: [
          machines.down('webapp1', 'power-off'),
          machines.down('webapp2', 'power-off'),
          machines.down('webapp3', 'power-off'),
        ],
        check: [
          {
            id: 'v2-goes-on',
            claim: t(
              'The three v2 machines go on serving',
              'Les trois machines v2 continuent de servir',
            ),
            probe: expect.served('every', 'webapp-new1', 'webapp-new2', 'webapp-new3'),
            window: { within: '10s', for: '1s' },
          },
        ],
        during: [nothingLost],
        recap: t(
          'A new site, no pause, no error. Keep the old machines a little longer in real life: a way back costs nothing.',
          'Un nouveau site, sans pause ni erreur. Dans la vraie vie, gardez les anciennes machines encore un peu : un retour en arrière ne coûte rien.',
        ),
      },
    ];
  },
});
