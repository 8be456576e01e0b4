/** From one machine of version 1 to three. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldNames as v1 } from '../machines.ts';
import { browserShowsV1, noRequestFailedMeanwhile } from '../promises.ts';
import type { Words } from './words.ts';

export function oneMachine(kit: Words): Step {
  const { expect } = kit;
  return {
    id: 'one-machine',
    title: t('One machine', 'Une seule machine'),
    minutes: 1,
    say: t(
      'The site is one machine with version 1. If it stops, so does the site.',
      'Le site, c’est une machine avec la version 1. Si elle s’arrête, le site aussi.',
    ),
    act: [],
    check: [
      {
        id: 'alone',
        claim: t('webapp1 answers everybody', 'webapp1 répond à tout le monde'),
        probe: expect.served('only', 'webapp1'),
        window: { within: '10s' },
      },
      browserShowsV1(expect, '20s'),
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
  };
}

export function scaleUp(kit: Words): Step {
  const { machines, proxy, expect } = kit;
  return {
    id: 'scale-up',
    title: t('Three machines', 'Trois machines'),
    minutes: 2,
    say: t(
      'Start two more machines with version 1 and tell the proxy about them. Each gets a third: with equal weights the proxy hands out requests in turn.',
      'Démarrez deux autres machines avec la version 1 et annoncez-les au proxy. Chacune reçoit un tiers : à poids égaux, le proxy distribue les requêtes à tour de rôle.',
    ),
    act: [machines.up('webapp2', 'webapp3'), proxy.add('webapp2'), proxy.add('webapp3')],
    check: [
      {
        id: 'in-the-list',
        claim: t('The proxy knows all three', 'Le proxy les connaît toutes les trois'),
        probe: expect.backends(...v1),
        because: [
          {
            when: expect.machine('webapp3', { state: 'not-created' }),
            say: t('webapp3 was never started.', 'webapp3 n’a jamais été démarrée.'),
          },
          {
            when: expect.served('none', 'webapp2'),
            say: t(
              'webapp2 gets nothing: is its address in `relais backend list`?',
              'webapp2 ne reçoit rien : son adresse est-elle dans `relais backend list` ?',
            ),
          },
          {
            when: expect.served('none', 'webapp3'),
            say: t(
              'webapp3 gets nothing: is its address in `relais backend list`?',
              'webapp3 ne reçoit rien : son adresse est-elle dans `relais backend list` ?',
            ),
          },
        ],
      },
      {
        id: 'a-third-each',
        claim: t(
          'webapp1 answers a third of the requests',
          'webapp1 répond à un tiers des requêtes',
        ),
        probe: expect.share(
          { machine: 'webapp1' },
          { percent: 100 / 3, tolerance: 2, requests: 150 },
        ),
        window: { within: '30s' },
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    hints: [
      t(
        'A machine that runs gets nothing before the proxy knows its address.',
        'Une machine qui tourne ne reçoit rien tant que le proxy ne connaît pas son adresse.',
      ),
      t(
        '`lab status` has the addresses of the machines; `relais help backend add` has examples.',
        '`lab status` donne les adresses des machines ; `relais help backend add` donne des exemples.',
      ),
    ],
    mistakes: [
      {
        id: 'forgot-webapp3',
        act: [machines.up('webapp2', 'webapp3'), proxy.add('webapp2')],
        diagnosis: { check: 'in-the-list', because: 2 },
      },
    ],
  };
}
