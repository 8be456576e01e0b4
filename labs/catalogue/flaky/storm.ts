/** When all machines are bad: retries without a budget, and with one. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldNames as all } from '../machines.ts';
import type { Words } from './steps.ts';

export function storm({ machines, expect }: Words): Step {
  return {
    id: 'storm',
    title: t('Now all three', 'Maintenant les trois'),
    minutes: 3,
    say: t(
      'A database is in trouble, and with it every machine: seven pages of ten are errors, wherever one asks. The proxy goes on asking.',
      'Une base de données va mal, et avec elle toutes les machines : sept pages sur dix sont des erreurs, où que l’on demande. Le proxy continue de demander.',
    ),
    predict: {
      ask: t(
        'What do unlimited retries do to machines that are already in trouble?',
        'Que font des essais sans limite à des machines déjà en difficulté ?',
      ),
      choices: [
        {
          id: 'nothing',
          text: t('Nothing: who asks is not charged', 'Rien : demander ne coûte rien'),
          trueWhen: expect.amplification({ atMost: 1.2 }),
        },
        {
          id: 'half-more',
          text: t('They get half as much again to do', 'Elles ont moitié plus à faire'),
          trueWhen: expect.amplification({ atLeast: 1.21, atMost: 1.65 }),
        },
        {
          id: 'double',
          text: t('They get about twice as much to do', 'Elles ont environ le double à faire'),
          trueWhen: expect.amplification({ atLeast: 1.66 }),
        },
      ],
    },
    act: all.map(machine => machines.knobs(machine, { errorRate: 0.7, errorStatus: 503 })),
    check: [
      {
        id: 'twice-the-work',
        claim: t(
          'The machines get about twice as many requests as visitors make',
          'Les machines reçoivent environ deux fois plus de requêtes que n’en font les visiteurs',
        ),
        probe: expect.amplification({ atLeast: 1.66 }),
        window: { within: '30s' },
        because: [
          {
            when: expect.machine('webapp1', { failure: 'none' }),
            say: t(
              'webapp1 has no fault: all three must be bad.',
              'webapp1 n’a pas de défaut : les trois doivent aller mal.',
            ),
          },
          {
            when: expect.machine('webapp3', { failure: 'none' }),
            say: t(
              'webapp3 has no fault: all three must be bad.',
              'webapp3 n’a pas de défaut : les trois doivent aller mal.',
            ),
          },
        ],
      },
      {
        id: 'and-still-errors',
        claim: t(
          'And visitors see errors all the same',
          'Et les visiteurs voient quand même des erreurs',
        ),
        probe: expect.answered(503, 10),
        window: { within: '30s' },
      },
    ],
    hints: [
      t('Turn the knobs of each machine.', 'Tournez les boutons de chaque machine.'),
      t(
        '`relais backend list` counts the requests of each backend.',
        '`relais backend list` compte les requêtes de chaque backend.',
      ),
    ],
    mistakes: [
      {
        id: 'only-two',
        act: [
          machines.knobs('webapp1', { errorRate: 0.7, errorStatus: 503 }),
          machines.knobs('webapp2', { errorRate: 0.7, errorStatus: 503 }),
        ],
        diagnosis: { check: 'twice-the-work', because: 1 },
      },
    ],
    recap: t(
      'This is a retry storm: whoever is in trouble gets more to do because they are in trouble.',
      'C’est une tempête de nouveaux essais : qui est en difficulté reçoit plus de travail parce qu’il est en difficulté.',
    ),
  };
}

export function budget({ proxy, expect }: Words): Step {
  return {
    id: 'budget',
    title: t('A budget for retries', 'Un budget pour les nouveaux essais'),
    minutes: 3,
    say: t(
      'Allow one retry for every five requests. Good for one bad machine; when all are bad, the machines are spared.',
      'Autorisez un nouvel essai pour cinq requêtes. Assez pour une machine malade ; quand toutes le sont, les machines sont ménagées.',
    ),
    act: [proxy.relais(['cluster', 'update', '--id', 'webapp', '--retry-budget', '20'])],
    check: [
      {
        id: 'spared',
        claim: t(
          'The machines get little more than visitors ask',
          'Les machines reçoivent à peine plus que ce que demandent les visiteurs',
        ),
        probe: expect.amplification({ atLeast: 0.8, atMost: 1.4 }),
        window: { within: '30s', for: '1s' },
        because: [
          {
            when: expect.amplification({ atLeast: 1.41 }),
            say: t(
              'The machines still get far more than visitors ask: the budget is too large.',
              'Les machines reçoivent encore bien plus que ce que demandent les visiteurs : le budget est trop grand.',
            ),
          },
        ],
      },
      {
        id: 'told',
        claim: t(
          'The proxy says that the budget is spent',
          'Le proxy dit que le budget est épuisé',
        ),
        probe: expect.event('retry-budget-exhausted'),
        window: { within: '30s' },
      },
    ],
    hints: [
      t('The budget is a share of all requests.', 'Le budget est une part de toutes les requêtes.'),
      t('Look at `relais help cluster update`.', 'Regardez `relais help cluster update`.'),
    ],
    mistakes: [
      {
        id: 'too-large',
        act: [proxy.relais(['cluster', 'update', '--id', 'webapp', '--retry-budget', '90'])],
        diagnosis: { check: 'spared', because: 0 },
      },
    ],
  };
}
