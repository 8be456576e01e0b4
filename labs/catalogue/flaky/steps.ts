/** The steps of the flaky lab. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';
import type { oldMachines } from '../machines.ts';
import { budget, storm } from './storm.ts';

export type Words = Kit<keyof typeof oldMachines>;

export function steps(kit: Words): readonly [Step, ...Step[]] {
  return [oneIsFlaky(kit), askAnother(kit), storm(kit), budget(kit), mended(kit)];
}

function oneIsFlaky({ machines, expect }: Words): Step {
  return {
    id: 'one-is-flaky',
    title: t('One machine is unreliable', 'Une machine n’est pas fiable'),
    minutes: 2,
    say: t(
      'Half of the pages of webapp2 are now an error 503. The machine connects and answers: for the breaker all is well.',
      'La moitié des pages de webapp2 sont maintenant une erreur 503. La machine se connecte et répond : pour le disjoncteur, tout va bien.',
    ),
    predict: {
      ask: t(
        'webapp2 has a third of the traffic. How many visitors see an error?',
        'webapp2 a un tiers du trafic. Combien de visiteurs voient une erreur ?',
      ),
      choices: [
        {
          id: 'nobody',
          text: t('Nobody: the breaker takes it out', 'Personne : le disjoncteur la retire'),
          trueWhen: expect.noFailedRequest(),
        },
        {
          id: 'a-sixth',
          text: t('About one in six', 'À peu près un sur six'),
          trueWhen: expect.share({ status: 503 }, { percent: 17, tolerance: 14, requests: 60 }),
        },
        {
          id: 'half',
          text: t('Half of them', 'La moitié'),
          trueWhen: expect.share({ status: 503 }, { percent: 50, tolerance: 12, requests: 60 }),
        },
      ],
    },
    act: [machines.knobs('webapp2', { errorRate: 0.5, errorStatus: 503 })],
    check: [
      {
        id: 'some-fail',
        claim: t('Some visitors get a 503', 'Des visiteurs reçoivent un 503'),
        probe: expect.answered(503, 5),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp2', { failure: 'none' }),
            say: t(
              'webapp2 has no fault yet: turn its knobs.',
              'webapp2 n’a pas encore de défaut : tournez ses boutons.',
            ),
          },
          {
            when: expect.answered(500),
            say: t(
              'Visitors get 500, not 503: this lab wants the status 503, which says “try again later”.',
              'Les visiteurs reçoivent 500 et non 503 : ce lab veut le statut 503, qui dit « réessayez plus tard ».',
            ),
          },
        ],
      },
      {
        id: 'breaker-closed',
        claim: t(
          'The breaker of webapp2 stays closed: it counts connections, not answers',
          'Le disjoncteur de webapp2 reste fermé : il compte les connexions, pas les réponses',
        ),
        probe: expect.breaker('closed', 'webapp2'),
      },
      {
        id: 'flaky-page-share',
        claim: t('About one page in six is an error', 'Environ une page sur six est une erreur'),
        probe: expect.share({ status: 503 }, { percent: 17, tolerance: 14, requests: 60 }),
        window: { within: '20s' },
      },
    ],
    hints: [
      t(
        'A machine has knobs: how late it answers, how many of its answers are errors, and which.',
        'Une machine a des boutons : son retard, sa part de réponses en erreur, et laquelle.',
      ),
      t('`lab knobs webapp2` shows them.', '`lab knobs webapp2` les montre.'),
    ],
    mistakes: [
      {
        id: 'another-status',
        act: [machines.knobs('webapp2', { errorRate: 0.5 })],
        diagnosis: { check: 'some-fail', because: 1 },
      },
    ],
  };
}

function askAnother({ proxy, expect }: Words): Step {
  return {
    id: 'ask-another',
    title: t('Ask another machine', 'Demander à une autre machine'),
    minutes: 2,
    say: t(
      'A page that is only read may be asked for twice. Tell the proxy to ask another machine when one answers 502, 503 or 504, as often as it wants.',
      'Une page qu’on ne fait que lire peut être demandée deux fois. Dites au proxy de demander à une autre machine quand l’une répond 502, 503 ou 504, aussi souvent qu’il veut.',
    ),
    act: [
      proxy.relais([
        'cluster',
        'update',
        '--id',
        'webapp',
        '--retry-errors',
        '--retry-budget',
        '100',
      ]),
    ],
    check: [
      {
        id: 'all-well',
        claim: t('Every visitor gets a page', 'Chaque visiteur reçoit une page'),
        probe: expect.share({ status: 200 }, { percent: 100, tolerance: 1, requests: 80 }),
        window: { within: '25s' },
        because: [
          {
            when: expect.answered(503, 3),
            say: t(
              'Errors of webapp2 still reach visitors. Does the cluster retry errors?',
              'Des erreurs de webapp2 arrivent encore aux visiteurs. Le cluster réessaie-t-il après une erreur ?',
            ),
          },
        ],
      },
      {
        id: 'still-flaky',
        claim: t('webapp2 is as bad as before', 'webapp2 va aussi mal qu’avant'),
        probe: expect.machine('webapp2', { failure: 'error' }),
      },
      {
        id: 'a-little-more',
        claim: t(
          'The machines work a little more than visitors ask',
          'Les machines travaillent un peu plus que les visiteurs ne demandent',
        ),
        probe: expect.amplification({ atLeast: 1.02, atMost: 1.6 }),
        window: { within: '25s' },
      },
    ],
    hints: [
      t(
        'The proxy retries connections that fail by itself. Errors it retries only when it is told to.',
        'Le proxy réessaie de lui-même les connexions qui échouent. Les erreurs, seulement si on le lui dit.',
      ),
      t('Look at `relais help cluster update`.', 'Regardez `relais help cluster update`.'),
    ],
    recap: t(
      'One bad machine, and nobody sees it. Two good machines do the work twice in one case out of six.',
      'Une machine malade, et personne ne le voit. Deux machines saines refont le travail une fois sur six.',
    ),
  };
}

function mended({ machines, expect }: Words): Step {
  return {
    id: 'mended',
    title: t('Mended', 'Réparé'),
    minutes: 2,
    say: t(
      'Mend all three machines. The budget stays: it costs nothing on good days.',
      'Réparez les trois machines. Le budget reste : les bons jours, il ne coûte rien.',
    ),
    act: [machines.heal('webapp1'), machines.heal('webapp2'), machines.heal('webapp3')],
    check: [
      {
        id: 'all-well-again',
        claim: t('Every visitor gets a page again', 'Chaque visiteur reçoit à nouveau une page'),
        probe: expect.share({ status: 200 }, { percent: 100, requests: 80 }),
        window: { within: '25s' },
        because: [
          {
            when: expect.answered(503),
            say: t(
              'Some answers are still errors: which machine still has a fault? `lab status` shows it.',
              'Des réponses sont encore des erreurs : quelle machine a encore un défaut ? `lab status` le montre.',
            ),
          },
        ],
      },
      {
        id: 'no-extra-work',
        claim: t('One request is one request', 'Une requête est une requête'),
        probe: expect.amplification({ atLeast: 0.9, atMost: 1.1 }),
        window: { within: '25s' },
      },
      {
        id: 'page',
        claim: t('A browser shows the site', 'Un navigateur affiche le site'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '20s' },
      },
    ],
    see: [{ id: 'site', visitor: 'browser', alt: t('The site, mended', 'Le site, réparé') }],
    hints: [
      t('Which machines have a fault?', 'Quelles machines ont un défaut ?'),
      t('`lab status` lists the faults.', '`lab status` donne la liste des défauts.'),
    ],
    recap: t(
      'Retry what is safe to repeat, ask somebody else, and put a bound on it. Without the bound, a bad minute becomes a bad hour.',
      'Réessayez ce qui peut l’être sans risque, demandez à une autre machine, et fixez une limite. Sans limite, une mauvaise minute devient une mauvaise heure.',
    ),
  };
}
