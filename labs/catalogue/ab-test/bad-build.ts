/** A bad build in the middle of the experiment, while nobody watches: who pays, and how it is taken back. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { errorsOf, shareOfStrangers, strangers, type Words } from './words.ts';

export function badBuild(kit: Words): Step {
  const { machines, expect } = kit;
  return {
    id: 'bad-build',
    title: t('A bad build', 'Une version ratée'),
    minutes: 2,
    say: t(
      'Version 2 is liked, so somebody polishes it and puts the next build, v3, on webapp-new1. It starts, it takes connections, and it answers every page with an error.',
      'La version 2 plaît : quelqu’un la peaufine et met la version suivante, v3, sur webapp-new1. Elle démarre, elle accepte les connexions, et elle répond à chaque page par une erreur.',
    ),
    predict: {
      ask: t(
        'One newcomer in five meets the bad build. What happens to Zoe, who has its cookie?',
        'Un nouveau venu sur cinq tombe sur la version ratée. Qu’arrive-t-il à Zoe, qui a son cookie ?',
      ),
      choices: [
        {
          id: 'nothing',
          text: t('She is sent to another machine', 'On l’envoie sur une autre machine'),
          trueWhen: expect.sees('zoe', { version: 'v1' }, 5),
        },
        {
          id: 'a-fifth',
          text: t(
            'One of her pages in five is an error',
            'Une de ses pages sur cinq est une erreur',
          ),
          trueWhen: expect.share(
            { status: 500 },
            { percent: 20, tolerance: 15, requests: 20, among: { visitors: ['zoe'] } },
          ),
        },
        {
          id: 'only-errors',
          text: t('She sees nothing but errors', 'Elle ne voit plus que des erreurs'),
          trueWhen: expect.sees('zoe', { status: 500 }, 5),
        },
      ],
    },
    act: [machines.deploy('webapp-new1', 'v3')],
    check: [
      {
        id: 'zoe-is-stuck',
        claim: t('Zoe gets errors only', 'Zoe ne reçoit que des erreurs'),
        probe: expect.sees('zoe', { status: 500 }, 20),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp-new1', { version: 'v2' }),
            say: t('webapp-new1 still runs v2.', 'webapp-new1 est encore en v2.'),
          },
        ],
      },
      {
        id: 'v3-fails',
        claim: t(
          'Of the answers of v3, every one is an error',
          'Parmi les réponses de la v3, toutes sont des erreurs',
        ),
        probe: errorsOf(kit, 'v3', 100),
        window: { within: '20s' },
      },
      {
        id: 'v1-is-well',
        claim: t(
          'Of the answers of v1, none is an error',
          'Parmi les réponses de la v1, aucune n’est une erreur',
        ),
        probe: errorsOf(kit, 'v1', 0),
        window: { within: '20s' },
      },
      {
        id: 'nobody-notices',
        claim: t(
          'The proxy goes on sending a fifth of the newcomers there',
          'Le proxy continue d’y envoyer un nouveau venu sur cinq',
        ),
        probe: shareOfStrangers(kit, 'v3', 20),
        window: { within: '30s' },
      },
    ],
    hints: [
      t(
        'The machine stays at its address and in the list; only what runs on it changes.',
        'La machine garde son adresse et sa place dans la liste ; seul change ce qui tourne dessus.',
      ),
      t(
        '`lab help deploy`. In `relais metrics`, requests and errors are counted for each backend and its version.',
        '`lab help deploy`. Dans `relais metrics`, requêtes et erreurs sont comptées par backend, avec sa version.',
      ),
    ],
    mistakes: [
      {
        id: 'the-wrong-machine',
        act: [machines.deploy('webapp2', 'v3')],
        diagnosis: { check: 'zoe-is-stuck', because: 0 },
      },
    ],
    recap: t(
      'A cookie makes it worse: newcomers get an error now and then, those who must stay get nothing else. Whoever lets visitors stay has to watch the errors of each version.',
      'Le cookie aggrave la chose : les nouveaux venus voient parfois une erreur, ceux qui doivent rester ne voient plus que cela. Qui fixe ses visiteurs doit surveiller les erreurs de chaque version.',
    ),
  };
}

export function rollBack(kit: Words): Step {
  const { machines, expect } = kit;
  return {
    id: 'roll-back',
    title: t('Take it back', 'Faire marche arrière'),
    minutes: 2,
    say: t(
      'A visitor calls. Put v2 back on webapp-new1.',
      'Un visiteur appelle. Remettez la v2 sur webapp-new1.',
    ),
    act: [machines.deploy('webapp-new1', 'v2')],
    check: [
      {
        id: 'zoe-is-well',
        claim: t('Zoe sees v2 again', 'Zoe voit à nouveau la v2'),
        probe: expect.sees('zoe', { version: 'v2' }, 20),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp-new1', { version: 'v3' }),
            say: t('webapp-new1 still runs v3.', 'webapp-new1 est encore en v3.'),
          },
          {
            when: expect.machine('webapp-new1', { version: 'v1' }),
            say: t(
              'webapp-new1 runs v1 now: there is nothing left to compare.',
              'webapp-new1 est maintenant en v1 : il n’y a plus rien à comparer.',
            ),
          },
        ],
      },
      {
        id: 'no-more-errors',
        claim: t('Newcomers get no more errors', 'Les nouveaux venus ne reçoivent plus d’erreur'),
        probe: expect.share(
          { status: 200 },
          { percent: 100, requests: 100, among: { visitors: strangers } },
        ),
        window: { within: '30s' },
      },
    ],
    hints: [
      t('The same command as before.', 'La même commande que tout à l’heure.'),
      t(
        '`lab status` shows the version of each machine.',
        '`lab status` montre la version de chaque machine.',
      ),
    ],
    mistakes: [
      {
        id: 'version-1',
        act: [machines.deploy('webapp-new1', 'v1')],
        diagnosis: { check: 'zoe-is-well', because: 1 },
      },
    ],
  };
}
