/** The probe is switched on: a sick machine leaves after three bad answers, and comes back when it is well. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { everybodyIsServed, nobodyFails, WELL, type Words } from './words.ts';

/** Once a second, so that one can watch it count. */
const question = ['cluster', 'health-check', 'set', '--id', 'webapp', '--uri'] as const;
const pace = ['--interval', '1', '--check-timeout', '1'] as const;
const patience = ['--unhealthy-threshold', '3', '--healthy-threshold', '2'] as const;

export function askThem(kit: Words): Step {
  const { proxy, expect } = kit;
  return {
    id: 'ask-them',
    title: t('Ask them', 'Demandez-leur'),
    minutes: 3,
    say: t(
      'Let the proxy ask each machine for /status once a second: three bad answers in a row, and it gets no more visitors; two good ones, and it is back. One bad answer may be chance. Watch it count with `relais backend list`.',
      'Faites demander /status par le proxy à chaque machine, une fois par seconde : trois mauvaises réponses de suite, et elle ne reçoit plus de visiteurs ; deux bonnes, et elle revient. Une seule mauvaise réponse peut être un hasard. Regardez-le compter avec `relais backend list`.',
    ),
    act: [proxy.relais([...question, '/status', ...pace, ...patience])],
    check: [
      {
        id: 'counted',
        claim: t(
          'The proxy was seen counting bad answers of webapp2',
          'On a vu le proxy compter les mauvaises réponses de webapp2',
        ),
        probe: expect.countdown('webapp2', 1),
        window: { within: '20s' },
        because: [
          {
            when: expect.event('health-check-unhealthy', { machine: 'webapp2' }),
            say: t(
              'webapp2 was out before anybody could see the count. Remove the check, make it slower or more patient, and look again.',
              'webapp2 était écartée avant qu’on ait pu voir le compte. Retirez le contrôle, rendez-le plus lent ou plus patient, et regardez à nouveau.',
            ),
          },
          {
            when: expect.backend('webapp2', { healthy: true }),
            say: t(
              'webapp2 passes its checks, or there are none: `relais cluster health-check list` shows what is asked. Is the path /status?',
              'webapp2 réussit ses contrôles, ou il n’y en a pas : `relais cluster health-check list` montre ce qui est demandé. Le chemin est-il /status ?',
            ),
          },
        ],
      },
      {
        id: 'out',
        claim: t('webapp2 is out: its checks fail', 'webapp2 est écartée : ses contrôles échouent'),
        probe: expect.backend('webapp2', { healthy: false }),
        window: { within: '30s' },
        because: [
          {
            when: expect.countdown('webapp2', 1),
            say: t(
              'It is being counted out: wait for the threshold, or set a lower one.',
              'Le compte à rebours est en cours : attendez le seuil, ou fixez-en un plus bas.',
            ),
          },
          {
            when: expect.answered(500, 1),
            say: t(
              'Visitors still meet webapp2: is there a health check, and does it ask for /status?',
              'Les visiteurs tombent encore sur webapp2 : y a-t-il un contrôle, et demande-t-il /status ?',
            ),
          },
        ],
      },
      {
        id: 'no-visitor',
        claim: t(
          'None of the last 60 requests met webapp2',
          'Aucune des 60 dernières requêtes n’est tombée sur webapp2',
        ),
        probe: expect.share({ machine: 'webapp2' }, { percent: 0, requests: 60 }),
        window: { within: '40s' },
      },
      {
        id: 'page',
        claim: t('A browser gets the page', 'Un navigateur reçoit la page'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '40s' },
      },
    ],
    see: [
      {
        id: 'well-again',
        visitor: 'browser',
        alt: t('The site without webapp2', 'Le site sans webapp2'),
      },
    ],
    hints: [
      t(
        'The machine tells how it is, at /status. Who should ask, and how often?',
        'La machine dit comment elle va, sur /status. Qui doit le demander, et à quelle fréquence ?',
      ),
      t(
        '`relais help cluster health-check set` has every option.',
        '`relais help cluster health-check set` donne toutes les options.',
      ),
    ],
    mistakes: [
      {
        id: 'another-path',
        act: [proxy.relais([...question, '/version', ...pace, ...patience])],
        diagnosis: { check: 'out', because: 1 },
      },
    ],
  };
}

export function backIn(kit: Words): Step {
  const { machines, expect } = kit;
  return {
    id: 'back-in',
    title: t('Back in', 'De retour'),
    minutes: 2,
    say: t(
      'The database is back. Nobody tells the proxy: it goes on asking, hears two good answers, and sends visitors again.',
      'La base de données est revenue. Personne ne le dit au proxy : il continue de demander, entend deux bonnes réponses, et envoie à nouveau des visiteurs.',
    ),
    act: [machines.knobs('webapp2', WELL)],
    check: [
      {
        id: 'healthy',
        claim: t('webapp2 is healthy again', 'webapp2 va bien à nouveau'),
        probe: expect.backend('webapp2', { healthy: true }),
        window: { within: '30s' },
        because: [
          {
            when: expect.machine('webapp2', { failure: 'error' }),
            say: t(
              'webapp2 still answers with errors: `lab knobs webapp2` shows it.',
              'webapp2 répond encore avec des erreurs : `lab knobs webapp2` le montre.',
            ),
          },
          {
            when: expect.machine('webapp2', { failure: 'none' }),
            say: t(
              'Its pages are fine, but does /status say so? Open it on its own port.',
              'Ses pages vont bien, mais /status le dit-il ? Ouvrez-le sur son propre port.',
            ),
          },
        ],
      },
      {
        id: 'database-back',
        claim: t('webapp2 has its database again', 'webapp2 a retrouvé sa base de données'),
        probe: expect.machine('webapp2', { failure: 'none', knobs: WELL }),
        window: { within: '10s' },
      },
      everybodyIsServed(kit),
    ],
    during: [nobodyFails(kit)],
    hints: [
      t('Heal the machine, not the proxy.', 'Soignez la machine, pas le proxy.'),
      t(
        'What `lab knobs` has set, `lab knobs` takes back; `lab heal` does, too.',
        'Ce que `lab knobs` a réglé, `lab knobs` le défait ; `lab heal` aussi.',
      ),
    ],
    mistakes: [
      {
        id: 'pages-only',
        act: [machines.knobs('webapp2', { errorRate: 0 })],
        diagnosis: { check: 'healthy', because: 1 },
      },
    ],
  };
}
