/** Machines that answer, late or wrongly: unnoticed at first, then one of them is counted. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Words } from './gone.ts';

export function wrongAnswers({ machines, expect }: Words): Step {
  return {
    id: 'wrong-answers',
    title: t('Slow, and wrong', 'Lente, et fausse'),
    minutes: 3,
    say: t(
      'Repair webapp2. Then it becomes slow: two seconds for each page, which is in time. And webapp3 answers at once, with an error page: status 500.',
      'Réparez webapp2. Puis elle devient lente : deux secondes par page, ce qui est dans les temps. Et webapp3 répond aussitôt, par une page d’erreur : statut 500.',
    ),
    predict: {
      ask: t(
        'Every page of webapp3 is an error now. Does its breaker open?',
        'Toutes les pages de webapp3 sont maintenant des erreurs. Son disjoncteur s’ouvre-t-il ?',
      ),
      choices: [
        {
          id: 'stays-closed',
          text: t('No: it answers, and in time', 'Non : elle répond, et à temps'),
          trueWhen: expect.breaker('closed', 'webapp3'),
        },
        {
          id: 'opens',
          text: t('Yes, errors are failures', 'Oui, une erreur est un échec'),
          trueWhen: expect.breaker('open', 'webapp3'),
        },
      ],
    },
    act: [
      machines.heal('webapp2'),
      machines.down('webapp2', 'slow'),
      machines.down('webapp3', 'error'),
    ],
    check: [
      {
        id: 'visitors-get-500',
        claim: t('Visitors get 500 from webapp3', 'Des visiteurs reçoivent 500 de webapp3'),
        probe: expect.answered(500, 3),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp3', { failure: 'slow' }),
            say: t(
              'webapp3 is slow; it is webapp2 that should be, and webapp3 should answer with errors.',
              'C’est webapp3 qui est lente ; ce devrait être webapp2, et webapp3 devrait répondre par des erreurs.',
            ),
          },
          {
            when: expect.machine('webapp3', { failure: 'none' }),
            say: t('webapp3 answers as it should.', 'webapp3 répond comme il faut.'),
          },
        ],
      },
      {
        id: 'webapp2-is-slow',
        claim: t('webapp2 serves, two seconds late', 'webapp2 sert, avec deux secondes de retard'),
        probe: expect.served('every', 'webapp2'),
        window: { within: '40s' },
        because: [
          {
            when: expect.machine('webapp2', { failure: 'freeze' }),
            say: t(
              'webapp2 is still frozen: repair it first.',
              'webapp2 est encore figée : réparez-la d’abord.',
            ),
          },
        ],
      },
      {
        id: 'webapp3-closed',
        claim: t('The breaker of webapp3 stays closed', 'Le disjoncteur de webapp3 reste fermé'),
        probe: expect.breaker('closed', 'webapp3'),
        window: { within: '20s', for: '2s' },
      },
    ],
    hints: [
      t(
        'A frozen app cannot be told to be slow: first it must wake up.',
        'On ne peut pas demander à une application figée d’être lente : il faut d’abord la réveiller.',
      ),
      t(
        '`lab status` shows the failures in force, `lab help down` their names.',
        '`lab status` montre les pannes en cours, `lab help down` leurs noms.',
      ),
    ],
    mistakes: [
      {
        id: 'the-other-one',
        act: [machines.heal('webapp2'), machines.down('webapp3', 'slow')],
        diagnosis: { check: 'visitors-get-500', because: 0 },
      },
    ],
    recap: t(
      'A machine that fails fast even looks attractive: it is always free for the next request.',
      'Une machine qui échoue vite paraît même attirante : elle est toujours libre pour la requête suivante.',
    ),
  };
}

export function countErrors({ proxy, expect }: Words): Step {
  return {
    id: 'count-errors',
    title: t('Count the errors', 'Compter les erreurs'),
    minutes: 3,
    say: t(
      'Let the breaker judge answers, too: when half of the latest answers of a machine are errors, it opens.',
      'Que le disjoncteur juge aussi les réponses : quand la moitié des dernières réponses d’une machine sont des erreurs, il s’ouvre.',
    ),
    act: [proxy.relais(['cluster', 'update', '--id', 'webapp', '--breaker-errors', '50'])],
    check: [
      {
        id: 'webapp3-open',
        claim: t('The breaker of webapp3 opens', 'Le disjoncteur de webapp3 s’ouvre'),
        probe: expect.breaker('open', 'webapp3'),
        window: { within: '40s' },
        because: [
          {
            when: expect.breaker('closed', 'webapp3'),
            say: t(
              'The breaker still counts no error pages. They are answers: another number of failures changes nothing, --breaker-errors does.',
              'Le disjoncteur ne compte toujours pas les pages d’erreur. Ce sont des réponses : un autre nombre d’échecs n’y change rien, --breaker-errors si.',
            ),
          },
        ],
      },
      {
        id: 'errors-are-over',
        claim: t('webapp1 and webapp2 serve', 'webapp1 et webapp2 servent'),
        probe: expect.served('only', 'webapp1', 'webapp2'),
        window: { within: '40s' },
      },
      {
        id: 'slow-is-no-failure',
        claim: t(
          'The breaker of webapp2 stays closed: slow is not wrong',
          'Le disjoncteur de webapp2 reste fermé : lente n’est pas fausse',
        ),
        probe: expect.breaker('closed', 'webapp2'),
        window: { within: '40s' },
      },
      {
        id: 'page-is-back',
        claim: t('The browser shows the site', 'Le navigateur affiche le site'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '40s' },
      },
    ],
    see: [
      {
        id: 'no-error-page',
        visitor: 'browser',
        alt: t(
          'The site, while webapp3 would still answer with errors',
          'Le site, alors que webapp3 répondrait encore par des erreurs',
        ),
      },
    ],
    hints: [
      t(
        'The same command as two steps ago, with another option.',
        'La même commande qu’il y a deux étapes, avec une autre option.',
      ),
      t(
        'Read `relais help cluster update`: which option speaks of 5xx?',
        'Lisez `relais help cluster update` : quelle option parle de 5xx ?',
      ),
    ],
    mistakes: [
      {
        id: 'fewer-failures',
        act: [proxy.relais(['cluster', 'update', '--id', 'webapp', '--breaker-failures', '1'])],
        diagnosis: { check: 'webapp3-open', because: 0 },
      },
    ],
    recap: t(
      'Crash, power-off and lost packets are noticed by connecting. A freeze must be timed, errors must be counted, and a slow machine is best left to a policy that looks at times, such as peak-ewma. Health checks find the silent ones without a visitor who pays.',
      'Plantage, coupure et paquets perdus se remarquent en se connectant. Un gel se chronomètre, des erreurs se comptent, et une machine lente se laisse à une politique qui regarde les durées, comme peak-ewma. Les contrôles de santé trouvent les muettes sans qu’un visiteur paie.',
    ),
  };
}
