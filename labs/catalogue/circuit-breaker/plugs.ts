/** Power cuts: first two machines of three, then the last one. */
import type { Check, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { type Name, nobodyFails, type Words } from './words.ts';

export function pullTheirPlugs({ machines, expect }: Words): Step {
  return {
    id: 'pull-their-plugs',
    title: t('Pull the plug on two', 'Débranchez-en deux'),
    minutes: 3,
    say: t(
      'Cut the power of webapp2 and webapp3. The proxy keeps count of failures: after three in a row on a machine its circuit breaker opens, and the machine is not tried any more.',
      'Coupez le courant de webapp2 et webapp3. Le proxy compte les échecs : après trois de suite sur une machine, son disjoncteur s’ouvre, et la machine n’est plus essayée.',
    ),
    predict: {
      ask: t(
        'What does a visitor get whose turn falls on a dead machine?',
        'Que reçoit un visiteur dont le tour tombe sur une machine morte ?',
      ),
      choices: [
        {
          id: 'error',
          text: t('An error page', 'Une page d’erreur'),
          trueWhen: expect.answered(503),
        },
        {
          id: 'wait',
          text: t('The site, a moment later', 'Le site, un instant plus tard'),
          trueWhen: expect.waited({ atLeastMs: 200 }),
        },
        {
          id: 'at-once',
          text: t('The site, at once', 'Le site, tout de suite'),
          trueWhen: expect.waited({ atMostMs: 199 }),
        },
      ],
    },
    act: [machines.down('webapp2', 'power-off'), machines.down('webapp3', 'power-off')],
    check: [
      breakerOpen(expect, 'webapp2'),
      breakerOpen(expect, 'webapp3'),
      onlyWebapp1(expect),
      {
        id: 'page-goes-on',
        claim: t(
          'Every browser still shows the site',
          'Tous les navigateurs affichent encore le site',
        ),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '25s' },
      },
    ],
    during: [nobodyFails(expect, 'webapp1')],
    see: [
      {
        id: 'one-left',
        visitor: 'first browser',
        alt: t(
          'One machine is left, and the site goes on',
          'Il reste une machine, et le site continue',
        ),
      },
      {
        id: 'one-left-again',
        visitor: 'second browser',
        alt: t('Another browser, the same machine', 'Un autre navigateur, la même machine'),
      },
    ],
    hints: [
      t(
        'The same way to go as webapp2 had before, for two machines.',
        'La même panne que celle de webapp2 tout à l’heure, pour deux machines.',
      ),
      t(
        'Watch the columns “breaker” and “failed connects” of `relais backend list` afterwards.',
        'Regardez ensuite les colonnes « breaker » et « failed connects » de `relais backend list`.',
      ),
    ],
    mistakes: [
      {
        id: 'the-wrong-one',
        act: [machines.down('webapp1', 'power-off'), machines.down('webapp2', 'power-off')],
        diagnosis: { check: 'only-webapp1', because: 0 },
      },
      {
        id: 'only-one',
        act: [machines.down('webapp2', 'power-off')],
        diagnosis: { check: 'webapp3-open', because: 0 },
      },
    ],
    recap: t(
      'Somebody waited, nobody got an error: a request that finds a dead machine is sent to another one. Once the breakers are open, nobody waits either.',
      'Quelqu’un a attendu, personne n’a vu d’erreur : une requête qui tombe sur une machine morte est envoyée à une autre. Une fois les disjoncteurs ouverts, plus personne n’attend.',
    ),
  };
}

function breakerOpen(expect: Words['expect'], machine: Name): Check {
  return {
    id: `${machine}-open`,
    claim: t(`The breaker of ${machine} is open`, `Le disjoncteur de ${machine} est ouvert`),
    probe: expect.breaker('open', machine),
    window: { within: '25s' },
    because: [
      {
        when: expect.machine(machine, { state: 'running', failure: 'none' }),
        say: t(
          `Nothing has happened to ${machine}: \`lab status\`.`,
          `Il n’est rien arrivé à ${machine} : \`lab status\`.`,
        ),
      },
      {
        when: expect.machine(machine, { state: 'poweroff' }),
        say: t(
          `${machine} is off, and the proxy goes on trying it: it does not keep count of failures.`,
          `${machine} est éteinte, et le proxy continue de l’essayer : il ne compte pas les échecs.`,
        ),
      },
    ],
  };
}

function onlyWebapp1(expect: Words['expect']): Check {
  return {
    id: 'only-webapp1',
    claim: t('Only webapp1 serves', 'Seule webapp1 sert'),
    probe: expect.served('only', 'webapp1'),
    window: { within: '25s', for: '2s' },
    because: [
      {
        when: expect.machine('webapp1', { state: 'poweroff' }),
        say: t(
          'webapp1 is off: it was to stay. `lab heal webapp1` brings it back.',
          'webapp1 est éteinte : elle devait rester. `lab heal webapp1` la ramène.',
        ),
      },
      {
        when: expect.machine('webapp2', { state: 'running' }),
        say: t('webapp2 still has power.', 'webapp2 a toujours du courant.'),
      },
      {
        when: expect.machine('webapp3', { state: 'running' }),
        say: t('webapp3 still has power.', 'webapp3 a toujours du courant.'),
      },
    ],
  };
}

export function theLastOne({ machines, expect }: Words): Step {
  return {
    id: 'the-last-one',
    title: t('Now the last one', 'Et maintenant la dernière'),
    minutes: 3,
    say: t(
      'Cut the power of webapp1 too. The proxy has nobody left to ask.',
      'Coupez aussi le courant de webapp1. Le proxy n’a plus personne à qui demander.',
    ),
    predict: {
      ask: t('What does a browser show now?', 'Qu’affiche maintenant un navigateur ?'),
      choices: [
        {
          id: 'kept-page',
          text: t(
            'The last page of webapp1, which the proxy has kept',
            'La dernière page de webapp1, que le proxy a gardée',
          ),
          trueWhen: expect.served('only', 'webapp1'),
        },
        {
          id: 'own-page',
          text: t(
            'A page of the proxy’s own, which says sorry',
            'Une page du proxy lui-même, qui s’excuse',
          ),
          trueWhen: expect.status(503),
        },
      ],
    },
    act: [machines.down('webapp1', 'power-off')],
    check: [
      {
        id: 'everybody-gets-503',
        claim: t('Every visitor gets status 503', 'Chaque visiteur reçoit le statut 503'),
        probe: expect.status(503),
        window: { within: '25s', for: '1s' },
        because: [
          {
            when: expect.machine('webapp1', { state: 'running' }),
            say: t('webapp1 still has power.', 'webapp1 a toujours du courant.'),
          },
        ],
      },
      {
        id: 'ouch',
        claim: t(
          'The browser shows the 503 page, with its reason',
          'Le navigateur affiche la page 503, avec son motif',
        ),
        probe: expect.page({
          status: 503,
          text: '😢 Ouch...',
          reason: 'your application is in deployment',
        }),
        window: { within: '25s' },
      },
    ],
    see: [
      {
        id: 'ouch',
        visitor: 'first browser',
        alt: t('The 503 page: Ouch', 'La page 503 : Ouch'),
      },
    ],
    hints: [
      t('One machine is left: which?', 'Il reste une machine : laquelle ?'),
      t(
        'The page comes from the file 503.http beside relais.toml. Open it, and compare.',
        'La page vient du fichier 503.http, à côté de relais.toml. Ouvrez-le et comparez.',
      ),
    ],
    mistakes: [
      {
        id: 'a-dead-one-again',
        act: [machines.down('webapp2', 'power-off')],
        diagnosis: { check: 'everybody-gets-503', because: 0 },
      },
    ],
    recap: t(
      'A proxy without machines still answers, quickly and politely. The page is yours to write.',
      'Un proxy sans machines répond encore, vite et poliment. C’est à vous d’écrire la page.',
    ),
  };
}
