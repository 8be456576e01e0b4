/** Version 2 gets its first visitors: as many as come, then exactly a fifth. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldNames as v1 } from '../machines.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';
import { share, type Words } from './words.ts';

export function firstOfV2(kit: Words): Step {
  const { machines, proxy, expect } = kit;
  return {
    id: 'first-of-v2',
    title: t('One machine of version 2', 'Une machine en version 2'),
    minutes: 2,
    say: t(
      'One machine with version 2 starts and joins, like any other machine. Miners took a canary along: if it fell ill, they turned back.',
      'Une machine avec la version 2 démarre et entre en service, comme n’importe quelle autre. Les mineurs emmenaient un canari : s’il se sentait mal, ils faisaient demi-tour.',
    ),
    predict: {
      ask: t(
        'Three machines with v1, one with v2, and nobody said anything about shares. How much of the traffic sees v2?',
        'Trois machines en v1, une en v2, et personne n’a parlé de parts. Quelle part du trafic voit la v2 ?',
      ),
      choices: [
        {
          id: 'half',
          text: t('Half: there are two versions', 'La moitié : il y a deux versions'),
          trueWhen: share(kit, 'v2', 50),
        },
        {
          id: 'quarter',
          text: t('A quarter: there are four machines', 'Un quart : il y a quatre machines'),
          trueWhen: share(kit, 'v2', 25),
        },
        {
          id: 'fifth',
          text: t('A fifth, as the lab’s title says', 'Un cinquième, comme dans le titre du lab'),
          trueWhen: share(kit, 'v2', 20),
        },
      ],
    },
    act: [machines.up('webapp-new1'), proxy.add('webapp-new1')],
    check: [
      {
        id: 'direct',
        claim: t(
          'webapp-new1 answers on its own port, where you can try it',
          'webapp-new1 répond sur son propre port, où vous pouvez l’essayer',
        ),
        probe: expect.direct('webapp-new1'),
      },
      {
        id: 'a-quarter',
        claim: t('25% of the requests see v2', '25 % des requêtes voient la v2'),
        probe: share(kit, 'v2', 25),
        window: { within: '30s' },
        because: [
          {
            when: expect.backends(...v1),
            say: t(
              'The proxy does not know webapp-new1 yet.',
              'Le proxy ne connaît pas encore webapp-new1.',
            ),
          },
        ],
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    hints: [
      t('The same two commands as before.', 'Les deux mêmes commandes que tout à l’heure.'),
      t(
        '`relais backend list` shows the share that each backend has now.',
        '`relais backend list` montre la part qu’a chaque backend en ce moment.',
      ),
    ],
    mistakes: [
      {
        id: 'only-started',
        act: [machines.up('webapp-new1')],
        diagnosis: { check: 'a-quarter', because: 0 },
      },
    ],
    recap: t(
      'The proxy counts machines, not versions. If you want a share, you have to say so.',
      'Le proxy compte les machines, pas les versions. Si vous voulez une part précise, il faut le dire.',
    ),
  };
}

export function oneInFive(kit: Words): Step {
  const { proxy, expect } = kit;
  return {
    id: 'one-in-five',
    title: t('Exactly one in five', 'Exactement une sur cinq'),
    minutes: 2,
    say: t(
      'Weights are shares, not percents. Each machine has 100; version 1 has 300 together. With 75, version 2 has 75 of 375: one in five.',
      'Les poids sont des parts, pas des pourcentages. Chaque machine a 100 ; la version 1 a 300 en tout. Avec 75, la version 2 a 75 sur 375 : une requête sur cinq.',
    ),
    act: [proxy.weight('webapp-new1', 75)],
    check: [
      {
        id: 'a-fifth',
        claim: t('20% of the requests see v2', '20 % des requêtes voient la v2'),
        probe: share(kit, 'v2', 20),
        window: { within: '30s' },
        because: [
          {
            when: share(kit, 'v2', 100 * (20 / 320)),
            say: t(
              'A weight is no percentage: 20 of 100 + 100 + 100 + 20 is 6%.',
              'Un poids n’est pas un pourcentage : 20 sur 100 + 100 + 100 + 20, cela fait 6 %.',
            ),
          },
          {
            when: expect.backend('webapp-new1', { weight: 100 }),
            say: t(
              'webapp-new1 still has the same weight as the others.',
              'webapp-new1 a encore le même poids que les autres.',
            ),
          },
          {
            when: expect.backend('webapp-new1', { weight: 75 }),
            say: t(
              'The proxy lists the weight 75 and yet hands out other shares. Are the other three at 100? If so, it is not you: this proxy does not do what it says.',
              'Le proxy affiche bien le poids 75 et distribue pourtant d’autres parts. Les trois autres sont-ils à 100 ? Si oui, ce n’est pas vous : ce proxy ne fait pas ce qu’il dit.',
            ),
          },
        ],
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    hints: [
      t(
        'Which weight w makes w / (300 + w) a fifth?',
        'Quel poids w donne w / (300 + w) égal à un cinquième ?',
      ),
      t(
        'A weight changes while the proxy works: `relais help backend weight`.',
        'Un poids change pendant que le proxy travaille : `relais help backend weight`.',
      ),
    ],
    mistakes: [
      {
        id: 'percent',
        act: [proxy.weight('webapp-new1', 20)],
        diagnosis: { check: 'a-fifth', because: 0 },
      },
    ],
    recap: t(
      'Not "about one in five": of every fifteen requests in a row, three see version 2, and never in a burst.',
      'Pas « environ une sur cinq » : sur quinze requêtes de suite, trois voient la version 2, et jamais en rafale.',
    ),
  };
}
