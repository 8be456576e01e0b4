/** The same bad build once more, and the proxy ends the experiment; then it is taken out for good. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { shareOfStrangers, type Words } from './words.ts';

export function endsByItself(kit: Words): Step {
  const { machines, proxy, expect } = kit;
  return {
    id: 'ends-by-itself',
    title: t('It ends by itself', 'L’arrêt automatique'),
    minutes: 3,
    say: t(
      'This time the proxy watches: when half of the latest answers of a machine are errors, its circuit breaker is to open. Then put the bad build on webapp-new1 once more.',
      'Cette fois, le proxy surveille : quand la moitié des dernières réponses d’une machine sont des erreurs, son disjoncteur doit s’ouvrir. Puis remettez la version ratée sur webapp-new1.',
    ),
    predict: {
      ask: t(
        'Zoe’s cookie still says webapp-new1. What does she see, once the breaker is open?',
        'Le cookie de Zoe dit toujours webapp-new1. Que voit-elle, une fois le disjoncteur ouvert ?',
      ),
      choices: [
        {
          id: 'own-page',
          text: t('The proxy’s page for 503', 'La page 503 du proxy'),
          trueWhen: expect.sees('zoe', { status: 503 }, 5),
        },
        {
          id: 'version-1',
          text: t('Version 1', 'La version 1'),
          trueWhen: expect.sees('zoe', { version: 'v1' }, 5),
        },
        {
          id: 'errors',
          text: t('Errors, as before', 'Des erreurs, comme avant'),
          trueWhen: expect.sees('zoe', { version: 'v3' }, 5),
        },
      ],
    },
    act: [
      proxy.relais(['cluster', 'update', '--id', 'webapp', '--breaker-errors', '50']),
      machines.deploy('webapp-new1', 'v3'),
    ],
    check: [
      {
        id: 'aborted',
        claim: t('The breaker of webapp-new1 opens', 'Le disjoncteur de webapp-new1 s’ouvre'),
        probe: expect.breaker('open', 'webapp-new1'),
        window: { within: '30s' },
        because: [
          {
            when: expect.machine('webapp-new1', { version: 'v2' }),
            say: t(
              'webapp-new1 still runs v2, and v2 makes no errors.',
              'webapp-new1 est encore en v2, et la v2 ne fait pas d’erreur.',
            ),
          },
          {
            when: expect.breaker('closed', 'webapp-new1'),
            say: t(
              'v3 runs, and its breaker is closed: the proxy does not count errors. Was it told from which share on?',
              'La v3 tourne, et son disjoncteur est fermé : le proxy ne compte pas les erreurs. Lui a-t-on dit à partir de quelle part ?',
            ),
          },
        ],
      },
      {
        id: 'zoe-moves-on',
        claim: t(
          'Zoe sees v1, although her cookie has not changed',
          'Zoe voit la v1, bien que son cookie n’ait pas changé',
        ),
        probe: expect.sees('zoe', { version: 'v1' }, 15),
        window: { within: '30s' },
        because: [
          {
            when: expect.breaker('open', 'webapp-new1'),
            say: t(
              'The breaker is open, and Zoe is still sent there: for this proxy her cookie counts more.',
              'Le disjoncteur est ouvert, et Zoe y est encore envoyée : pour ce proxy, son cookie compte davantage.',
            ),
          },
        ],
      },
      {
        id: 'newcomers-see-v1',
        claim: t('Newcomers see v1', 'Les nouveaux venus voient la v1'),
        probe: shareOfStrangers(kit, 'v1', 100),
        window: { within: '30s' },
      },
    ],
    hints: [
      t(
        'First the rule, then the build. The rule is one of the cluster’s.',
        'D’abord la règle, puis la version. La règle appartient au cluster.',
      ),
      t(
        '`relais help cluster update` knows `--breaker-errors`; `relais events -n 5` says why a breaker opened.',
        '`relais help cluster update` connaît `--breaker-errors` ; `relais events -n 5` dit pourquoi un disjoncteur s’est ouvert.',
      ),
    ],
    mistakes: [
      {
        id: 'nobody-counts',
        act: [machines.deploy('webapp-new1', 'v3')],
        diagnosis: { check: 'aborted', because: 1 },
      },
      {
        id: 'no-bad-build',
        act: [proxy.relais(['cluster', 'update', '--id', 'webapp', '--breaker-errors', '50'])],
        diagnosis: { check: 'aborted', because: 0 },
      },
    ],
    recap: t(
      'Ten errors or so, and it was over, with nobody at the desk. Not quite: from time to time the open breaker lets one request try, and that visitor sees an error.',
      'Une dizaine d’erreurs, et c’était fini, sans personne au bureau. Pas tout à fait : de temps en temps, le disjoncteur ouvert laisse une requête essayer, et ce visiteur voit une erreur.',
    ),
  };
}

export function experimentOver(kit: Words): Step {
  const { proxy, expect } = kit;
  return {
    id: 'experiment-over',
    title: t('The experiment is over', 'L’expérience est finie'),
    minutes: 2,
    say: t(
      'Nobody should have to try a build that is known to be bad. Take webapp-new1 out of the cluster.',
      'Personne ne devrait avoir à essayer une version qu’on sait mauvaise. Retirez webapp-new1 du cluster.',
    ),
    act: [proxy.remove('webapp-new1')],
    check: [
      {
        id: 'only-v1-is-left',
        claim: t('The cluster has webapp1 and webapp2', 'Le cluster a webapp1 et webapp2'),
        probe: expect.backends('webapp1', 'webapp2'),
        window: { within: '15s' },
        because: [
          {
            when: expect.backend('webapp-new1', { weight: 0 }),
            say: t(
              'Weight 0 keeps newcomers away, but whoever brings its cookie, as Zoe does, still tries it. Remove it.',
              'Le poids 0 écarte les nouveaux venus, mais qui apporte son cookie, comme Zoe, l’essaie encore. Retirez-la.',
            ),
          },
          {
            when: expect.backend('webapp-new1', {}),
            say: t(
              'webapp-new1 is still in `relais backend list`.',
              'webapp-new1 est encore dans `relais backend list`.',
            ),
          },
        ],
      },
      {
        id: 'all-is-well',
        claim: t('No request gets an error any more', 'Plus aucune requête ne reçoit d’erreur'),
        probe: expect.share({ status: 500 }, { percent: 0, requests: 150 }),
        window: { within: '30s' },
      },
      {
        id: 'zoe-stays-on-v1',
        claim: t('Zoe sees v1', 'Zoe voit la v1'),
        probe: expect.sees('zoe', { version: 'v1' }, 20),
        window: { within: '20s' },
      },
      {
        id: 'page',
        claim: t('A browser shows v1', 'Un navigateur affiche la v1'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'v1-again',
        visitor: 'browser',
        alt: t('Version 1, for everybody', 'La version 1, pour tout le monde'),
      },
    ],
    hints: [
      t(
        'What would keep newcomers away, and what also those who bring its cookie?',
        'Qu’est-ce qui écarterait les nouveaux venus, et quoi aussi ceux qui apportent son cookie ?',
      ),
      t('Look at `relais help backend remove`.', 'Regardez `relais help backend remove`.'),
    ],
    mistakes: [
      {
        id: 'weight-zero',
        act: [proxy.weight('webapp-new1', 0)],
        diagnosis: { check: 'only-v1-is-left', because: 0 },
      },
    ],
    recap: t(
      'Exact shares, visitors who stay, clicks and errors counted for each version, and an end that comes by itself when the errors rise: that is all an experiment needs from a proxy.',
      'Des parts exactes, des visiteurs qui restent, clics et erreurs comptés pour chaque version, et une fin automatique quand les erreurs montent : c’est tout ce qu’une expérience attend d’un proxy.',
    ),
  };
}
