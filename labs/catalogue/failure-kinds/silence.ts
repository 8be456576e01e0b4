/** A machine that takes requests and never answers: unnoticed at first, then counted. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { noVisitorGotAnError } from '../promises.ts';
import type { Words } from './gone.ts';

export function frozen({ machines, expect }: Words): Step {
  return {
    id: 'frozen',
    title: t('Frozen: taken in, never answered', 'Figée : acceptée, jamais servie'),
    minutes: 4,
    say: t(
      'Repair both, then freeze webapp2. It takes every request and answers none. The proxy waits three seconds (back_timeout), and then asks another machine, for a request that only reads. The visitor waits all that time.',
      'Réparez les deux, puis figez webapp2. Elle accepte chaque requête et ne répond à aucune. Le proxy attend trois secondes (back_timeout), puis demande à une autre machine, pour une requête qui ne fait que lire. Le visiteur attend pendant tout ce temps.',
    ),
    predict: {
      ask: t(
        'Requests to webapp2 stay without an answer, one after the other. Does its breaker open?',
        'Les requêtes vers webapp2 restent sans réponse, l’une après l’autre. Son disjoncteur s’ouvre-t-il ?',
      ),
      choices: [
        {
          id: 'opens',
          text: t('Yes, after three failures', 'Oui, au bout de trois échecs'),
          trueWhen: expect.breaker('open', 'webapp2'),
        },
        {
          id: 'stays-closed',
          text: t(
            'No: every connect succeeds, and it counts connects',
            'Non : chaque connexion réussit, et il compte les connexions',
          ),
          trueWhen: expect.breaker('closed', 'webapp2'),
        },
      ],
    },
    act: [machines.heal('webapp2'), machines.heal('webapp3'), machines.down('webapp2', 'freeze')],
    check: [
      {
        id: 'visitors-wait',
        claim: t(
          'Some visitors wait three seconds for their page',
          'Des visiteurs attendent leur page trois secondes',
        ),
        probe: expect.waited({ atLeastMs: 2_500 }),
        window: { within: '40s' },
        because: [
          {
            when: expect.machine('webapp2', { failure: 'crash' }),
            say: t(
              'webapp2 has crashed, and is not frozen: nobody can connect to it.',
              'webapp2 a planté, elle n’est pas figée : personne ne peut s’y connecter.',
            ),
          },
          {
            when: expect.machine('webapp2', { failure: 'none' }),
            say: t('webapp2 is well: freeze it.', 'webapp2 va bien : figez-la.'),
          },
        ],
      },
      {
        id: 'webapp2-closed',
        claim: t('The breaker of webapp2 stays closed', 'Le disjoncteur de webapp2 reste fermé'),
        probe: expect.breaker('closed', 'webapp2'),
        window: { within: '40s', for: '2s' },
      },
    ],
    during: [noVisitorGotAnError(expect)],
    hints: [
      t(
        'One machine of the last step must come back to life first, or there is nothing to freeze.',
        'Une machine de l’étape précédente doit d’abord revenir à la vie, sinon il n’y a rien à figer.',
      ),
      t(
        '`lab status` shows the failures in force; `relais why` tells the story of the latest request that went wrong.',
        '`lab status` montre les pannes en cours ; `relais why` raconte la dernière requête qui a mal tourné.',
      ),
    ],
    mistakes: [
      {
        id: 'left-crashed',
        act: [machines.heal('webapp3')],
        diagnosis: { check: 'visitors-wait', because: 0 },
      },
    ],
    recap: t(
      'An app that hangs is worse than one that is dead: visitors wait for it again and again, and with a POST they would get 504, for nobody knows what webapp2 has done already.',
      'Une application bloquée est pire qu’une application morte : des visiteurs l’attendent encore et encore, et avec un POST ils recevraient 504, car personne ne sait ce que webapp2 a déjà fait.',
    ),
  };
}

export function countTimeouts({ proxy, expect }: Words): Step {
  return {
    id: 'count-timeouts',
    title: t('Count the silence', 'Compter les silences'),
    minutes: 3,
    say: t(
      'webapp2 is still frozen. Tell the cluster, while it runs, that an answer that does not come in time is a failure like a connect that fails.',
      'webapp2 est toujours figée. Dites au cluster, sans l’arrêter, qu’une réponse qui ne vient pas à temps est un échec, comme une connexion ratée.',
    ),
    act: [proxy.relais(['cluster', 'update', '--id', 'webapp', '--breaker-timeouts'])],
    check: [
      {
        id: 'webapp2-open',
        claim: t('The breaker of webapp2 opens', 'Le disjoncteur de webapp2 s’ouvre'),
        probe: expect.breaker('open', 'webapp2'),
        window: { within: '40s' },
        because: [
          {
            when: expect.machine('webapp2', { failure: 'none' }),
            say: t(
              'webapp2 was repaired: nothing is late any more. Freeze it again.',
              'webapp2 a été réparée : plus rien n’est en retard. Figez-la à nouveau.',
            ),
          },
          {
            when: expect.breaker('closed', 'webapp2'),
            say: t(
              'Late answers are still not counted. Asking again elsewhere, or after fewer failures, does not change that: --breaker-timeouts does.',
              'Les réponses en retard ne sont toujours pas comptées. Redemander ailleurs, ou après moins d’échecs, n’y change rien : --breaker-timeouts si.',
            ),
          },
        ],
      },
      {
        id: 'others-serve',
        claim: t('webapp1 and webapp3 serve', 'webapp1 et webapp3 servent'),
        probe: expect.served('only', 'webapp1', 'webapp3'),
        window: { within: '30s' },
      },
    ],
    during: [noVisitorGotAnError(expect)],
    hints: [
      t(
        'A cluster has a breaker, and what it counts can be changed while it runs.',
        'Un cluster a un disjoncteur, et ce qu’il compte peut être changé en marche.',
      ),
      t(
        'Read `relais help cluster update`: which option speaks of answers that are too late?',
        'Lisez `relais help cluster update` : quelle option parle de réponses trop tardives ?',
      ),
    ],
    mistakes: [
      {
        id: 'retry-only',
        act: [proxy.relais(['cluster', 'update', '--id', 'webapp', '--retry-errors'])],
        diagnosis: { check: 'webapp2-open', because: 1 },
      },
    ],
    recap: t(
      'From now on only a trial has to wait, once per pause of the breaker.',
      'Désormais, seul un essai doit attendre, une fois par pause du disjoncteur.',
    ),
  };
}
