/** The list of machines changes while visitors are served: one more, one less, other shares. */
import type { Check, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';
import { sameProcesses, type Words } from './words.ts';

export function oneMore({ proxy, expect }: Words): Step {
  return {
    id: 'one-more',
    title: t('One machine more', 'Une machine de plus'),
    minutes: 3,
    say: t(
      'The site is famous since this morning, and two machines are not enough. webapp3 is up already. Put it into the proxy’s list while people are reading.',
      'Depuis ce matin, le site est célèbre, et deux machines ne suffisent plus. webapp3 est déjà démarrée. Ajoutez-la à la liste du proxy pendant que les gens lisent.',
    ),
    predict: {
      ask: t(
        'How does the proxy take in the new machine?',
        'Comment le proxy prend-il en compte la nouvelle machine ?',
      ),
      choices: [
        {
          id: 'new-workers',
          text: t(
            'New worker processes take over from the old ones',
            'De nouveaux processus prennent la relève des anciens',
          ),
          trueWhen: expect.processes('new-workers'),
        },
        {
          id: 'same',
          text: t(
            'The same processes go on, with a longer list',
            'Les mêmes processus continuent, avec une liste plus longue',
          ),
          trueWhen: expect.processes('the-same'),
        },
      ],
    },
    act: [proxy.add('webapp3')],
    check: [
      {
        id: 'all-serve',
        claim: t('All three serve', 'Les trois servent'),
        probe: expect.served('every', 'webapp1', 'webapp2', 'webapp3'),
        window: { within: '10s' },
        because: [
          {
            when: expect.status(503),
            say: t(
              'The proxy has nobody to ask: `relais backend list` is empty, or wrong.',
              'Le proxy n’a personne à qui demander : `relais backend list` est vide, ou fausse.',
            ),
          },
          {
            when: expect.served('none', 'webapp3'),
            say: t(
              'Nobody visits webapp3: its address, as `lab status` has it, is not in `relais backend list`.',
              'Personne ne visite webapp3 : son adresse, celle de `lab status`, n’est pas dans `relais backend list`.',
            ),
          },
        ],
      },
      sameProcesses(expect),
    ],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t(
        'One command to the running proxy, no file, no restart.',
        'Une commande au proxy qui tourne, ni fichier, ni redémarrage.',
      ),
      t(
        '`lab status` has the address of webapp3, `relais help backend add` the verb.',
        '`lab status` donne l’adresse de webapp3, `relais help backend add` la commande.',
      ),
    ],
    mistakes: [
      {
        id: 'added-to-no-avail',
        act: [proxy.add('webapp2')],
        diagnosis: { check: 'all-serve', because: 1 },
      },
    ],
  };
}

export function oneLess({ machines, proxy, expect }: Words): Step {
  return {
    id: 'one-less',
    title: t('One machine less', 'Une machine de moins'),
    minutes: 2,
    say: t(
      'webapp2 is rented and goes back today. Take it out of the list; only then may it be switched off.',
      'webapp2 est louée et repart aujourd’hui. Retirez-la de la liste ; après seulement, on pourra l’éteindre.',
    ),
    act: [proxy.remove('webapp2')],
    check: [
      {
        id: 'webapp2-unused',
        claim: t('No request reaches webapp2', 'Aucune requête n’arrive sur webapp2'),
        probe: expect.served('none', 'webapp2'),
        window: { within: '10s', for: '1s' },
        because: [
          {
            when: expect.backend('webapp2', {}),
            say: t(
              'webapp2 is still in `relais backend list`.',
              'webapp2 est encore dans `relais backend list`.',
            ),
          },
        ],
      },
      {
        id: 'in-the-list',
        claim: t(
          'The proxy’s list has webapp1 and webapp3',
          'La liste du proxy contient webapp1 et webapp3',
        ),
        probe: expect.backends('webapp1', 'webapp3'),
        because: [
          {
            when: expect.machine('webapp2', { state: 'poweroff' }),
            say: t(
              'webapp2 is off, but the proxy still counts on it and tries it again and again. The list comes first.',
              'webapp2 est éteinte, mais le proxy compte encore sur elle et la réessaie sans cesse. La liste d’abord.',
            ),
          },
        ],
      },
    ],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t('The opposite of what you have just done.', 'Le contraire de ce que vous venez de faire.'),
      t(
        '`relais backend list` has its address; `relais help backend` the verbs.',
        '`relais backend list` donne son adresse ; `relais help backend`, les commandes.',
      ),
    ],
    mistakes: [
      {
        id: 'switched-off-instead',
        act: [machines.down('webapp2', 'power-off')],
        diagnosis: { check: 'in-the-list', because: 0 },
      },
    ],
  };
}

export function otherShares({ proxy, expect }: Words): Step {
  return {
    id: 'other-shares',
    title: t('The strong one works more', 'La plus forte travaille plus'),
    minutes: 3,
    say: t(
      'webapp1 has three times the processors of webapp3. Each machine has a weight, 100 unless you say otherwise. Give webapp1 the weight 300.',
      'webapp1 a trois fois plus de processeurs que webapp3. Chaque machine a un poids, 100 si l’on ne dit rien. Donnez à webapp1 le poids 300.',
    ),
    predict: {
      ask: t(
        'webapp1 weighs 300, webapp3 weighs 100. Of the next hundred visits, how many go to webapp1?',
        'webapp1 pèse 300, webapp3 pèse 100. Sur les cent prochaines visites, combien vont à webapp1 ?',
      ),
      choices: [
        {
          id: 'fifty',
          text: t('Some 50: they still take turns', 'Environ 50 : chacune garde son tour'),
          trueWhen: expect.share({ machine: 'webapp1' }, { percent: 50, ...enough }),
        },
        {
          id: 'seventy-five',
          text: t('Some 75: three of four', 'Environ 75 : trois sur quatre'),
          trueWhen: expect.share({ machine: 'webapp1' }, { percent: 75, ...enough }),
        },
        {
          id: 'hundred',
          text: t(
            'All 100: the heaviest one works',
            'Les 100 : c’est la plus lourde qui travaille',
          ),
          trueWhen: expect.share({ machine: 'webapp1' }, { percent: 100, ...enough }),
        },
      ],
    },
    act: [proxy.weight('webapp1', 300)],
    check: [threeOfFour(expect)],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t(
        'A weight is no percentage: only the ratio counts.',
        'Un poids n’est pas un pourcentage : seul le rapport compte.',
      ),
      t(
        'The column “share” of `relais backend list` shows what the weights come to; `relais help backend weight`.',
        'La colonne « share » de `relais backend list` montre ce que donnent les poids ; `relais help backend weight`.',
      ),
    ],
    mistakes: [
      {
        id: 'the-wrong-way-round',
        act: [proxy.weight('webapp3', 300)],
        diagnosis: { check: 'three-of-four', because: 0 },
      },
    ],
  };
}

const enough = { tolerance: 8, requests: 80 } as const;

function threeOfFour(expect: Words['expect']): Check {
  const share = (percent: number) => expect.share({ machine: 'webapp1' }, { percent, ...enough });
  return {
    id: 'three-of-four',
    claim: t('Three visits of four go to webapp1', 'Trois visites sur quatre vont à webapp1'),
    probe: share(75),
    window: { within: '20s' },
    because: [
      {
        when: share(25),
        say: t(
          'It is the wrong way round: webapp3 has the larger weight.',
          'C’est l’inverse : webapp3 a le plus grand poids.',
        ),
      },
      {
        when: expect.backend('webapp1', { weight: 300 }),
        say: t(
          'The weight of webapp1 is 300, and the proxy does not share the visits by it.',
          'Le poids de webapp1 est 300, et le proxy n’en tient pas compte dans ses parts.',
        ),
      },
      {
        when: share(50),
        say: t(
          'Both have the same weight: see `relais backend list`.',
          'Les deux ont le même poids : voyez `relais backend list`.',
        ),
      },
    ],
  };
}
