/** Every machine says that it is not well, and the proxy must decide whom to believe. */
import type { Check, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldNames as everybody } from '../machines.ts';
import { everybodyIsServed, nobodyFails, type Words } from './words.ts';

export function allSick(kit: Words): Step {
  const { machines, expect } = kit;
  return {
    id: 'all-sick',
    title: t('All of them are sick', 'Toutes malades'),
    minutes: 2,
    say: t(
      'webapp3 is started again. Then a bug in the page /status makes all three machines say that they are not well, although their pages are fine.',
      'webapp3 est relancée. Puis un bogue dans la page /status fait dire aux trois machines qu’elles ne vont pas bien, alors que leurs pages sont en ordre.',
    ),
    predict: {
      ask: t(
        'All three fail their checks. What do visitors get?',
        'Les trois échouent à leurs contrôles. Que reçoivent les visiteurs ?',
      ),
      choices: [
        {
          id: 'sorry',
          text: t('503: there is nobody left', '503 : il n’y a plus personne'),
          trueWhen: expect.status(503),
        },
        {
          id: 'pages',
          text: t('The pages, as before', 'Les pages, comme avant'),
          trueWhen: expect.status(200),
        },
      ],
    },
    act: [
      machines.heal('webapp3'),
      ...everybody.map(machine => machines.knobs(machine, { statusFailing: true })),
    ],
    check: [
      {
        id: 'fail-open',
        claim: t(
          'The proxy tells that requests go to unhealthy machines',
          'Le proxy dit que les requêtes vont à des machines malades',
        ),
        probe: expect.event('fail-open-entered'),
        window: { within: '30s' },
        because: [
          {
            when: expect.backend('webapp1', { healthy: true }),
            say: t('webapp1 still passes its checks.', 'webapp1 réussit encore ses contrôles.'),
          },
          {
            when: expect.backend('webapp3', { healthy: true }),
            say: t('webapp3 still passes its checks.', 'webapp3 réussit encore ses contrôles.'),
          },
        ],
      },
      {
        id: 'pages',
        claim: t('Everybody gets the page', 'Tout le monde reçoit la page'),
        probe: expect.status(200),
        window: { within: '20s', for: '1s' },
      },
      ...everybody.map(
        (machine): Check => ({
          id: `${machine}-unhealthy`,
          claim: t(`${machine} fails its checks`, `${machine} échoue à ses contrôles`),
          probe: expect.backend(machine, { healthy: false }),
          window: { within: '30s' },
        }),
      ),
    ],
    during: [nobodyFails(kit)],
    hints: [
      t(
        'Leave the pages alone: only what the machines say about themselves is wrong.',
        'Laissez les pages tranquilles : seul ce que les machines disent d’elles-mêmes est faux.',
      ),
      t(
        'One knob on each machine, and `relais events` tells what the proxy makes of it.',
        'Un réglage sur chaque machine, et `relais events` dit ce que le proxy en fait.',
      ),
    ],
    mistakes: [
      {
        id: 'forgot-webapp1',
        act: [
          machines.heal('webapp3'),
          machines.knobs('webapp2', { statusFailing: true }),
          machines.knobs('webapp3', { statusFailing: true }),
        ],
        diagnosis: { check: 'fail-open', because: 0 },
      },
    ],
    recap: t(
      'When nobody passes, the question is more likely to be wrong than every machine: the proxy asks them all the same (`fail_open`). A probe must never be able to take the whole site down.',
      'Quand personne ne réussit, c’est plus probablement la question qui est mauvaise que toutes les machines : le proxy s’adresse à elles quand même (`fail_open`). Une sonde ne doit jamais pouvoir faire tomber tout le site.',
    ),
  };
}

export function allWell(kit: Words): Step {
  const { machines, expect } = kit;
  return {
    id: 'all-well',
    title: t('All is well', 'Tout va bien'),
    minutes: 2,
    say: t(
      'The bug is mended on every machine. Two good answers each, and health counts again.',
      'Le bogue est corrigé sur chaque machine. Deux bonnes réponses de chacune, et la santé compte à nouveau.',
    ),
    act: everybody.map(machine => machines.heal(machine)),
    check: [
      everybodyIsServed(kit),
      ...everybody.map(
        (machine): Check => ({
          id: `${machine}-mended`,
          claim: t(`/status of ${machine} is mended`, `/status de ${machine} est corrigé`),
          probe: expect.machine(machine, { knobs: { statusFailing: false } }),
          window: { within: '10s' },
        }),
      ),
      ...everybody.map(
        (machine): Check => ({
          id: `${machine}-healthy`,
          claim: t(`${machine} is healthy`, `${machine} va bien`),
          probe: expect.backend(machine, { healthy: true }),
          window: { within: '30s' },
          because: [
            {
              when: expect.backend(machine, { healthy: false }),
              say: t(
                `${machine} still says that it is not well, or two good answers are not there yet.`,
                `${machine} dit encore qu’elle ne va pas bien, ou il manque encore deux bonnes réponses.`,
              ),
            },
          ],
        }),
      ),
    ],
    during: [nobodyFails(kit)],
    hints: [
      t('Three machines, one illness each.', 'Trois machines, une maladie chacune.'),
      t('`lab heal` without a name heals all of them.', '`lab heal` sans nom les soigne toutes.'),
    ],
    mistakes: [
      {
        id: 'one-left',
        act: [machines.heal('webapp1'), machines.heal('webapp2')],
        diagnosis: { check: 'webapp3-healthy', because: 0 },
      },
    ],
    recap: t(
      'Out after X failures, asked on, back after Y successes. And beside it the breaker, for what happens between two questions.',
      'Écartée après X échecs, interrogée encore, de retour après Y succès. Et à côté le disjoncteur, pour ce qui arrive entre deux questions.',
    ),
  };
}
