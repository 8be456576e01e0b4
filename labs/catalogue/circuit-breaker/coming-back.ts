/** One machine comes back and is announced; the others come back unannounced. */

import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldNames as all } from '../machines.ts';
import { sameProxy } from '../promises.ts';
import { breakerClosed, nobodyFails, stillOpen, type Words } from './words.ts';

export function oneComesBack({ machines, proxy, expect }: Words): Step {
  return {
    id: 'one-comes-back',
    title: t('One comes back, announced', 'Une machine revient, annoncée'),
    minutes: 3,
    say: t(
      'Start webapp1 and tell the proxy. It knows the address already, so it forgets the failures it had counted and tries at once.',
      'Démarrez webapp1 et prévenez le proxy. Il connaît déjà l’adresse : il oublie les échecs comptés et réessaie aussitôt.',
    ),
    act: [machines.up('webapp1'), proxy.add('webapp1')],
    check: [
      {
        id: 'webapp1-serves',
        claim: t('webapp1 serves again', 'webapp1 sert à nouveau'),
        probe: expect.served('only', 'webapp1'),
        window: { within: '20s', for: '1s' },
        because: stillOpen(expect, 'webapp1'),
      },
      {
        id: 'site-is-back',
        claim: t('The browser shows the site again', 'Le navigateur affiche à nouveau le site'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '25s' },
      },
    ],
    see: [
      {
        id: 'back',
        visitor: 'first browser',
        alt: t('The site is back, on one machine', 'Le site est revenu, sur une machine'),
      },
    ],
    hints: [
      t(
        'First the machine, then the proxy: told too early, it counts new failures.',
        'La machine d’abord, le proxy ensuite : prévenu trop tôt, il compte de nouveaux échecs.',
      ),
      t(
        '`relais help backend add` says what it does for an address that is known already.',
        '`relais help backend add` dit ce qu’elle fait pour une adresse déjà connue.',
      ),
    ],
    mistakes: [
      {
        id: 'told-but-off',
        act: [proxy.add('webapp1')],
        diagnosis: { check: 'webapp1-serves', because: 0 },
      },
    ],
  };
}

export function everybodyIsBack({ machines, expect }: Words): Step {
  return {
    id: 'everybody-is-back',
    title: t('The others come back, unannounced', 'Les autres reviennent, sans prévenir'),
    minutes: 3,
    say: t(
      'Start webapp2 and webapp3, and tell nobody. An open breaker lets one request through from time to time, as a trial. All along, it was one and the same proxy.',
      'Démarrez webapp2 et webapp3, sans prévenir personne. Un disjoncteur ouvert laisse passer une requête de temps en temps, pour essayer. Du début à la fin, c’était le même proxy.',
    ),
    act: [machines.up('webapp2', 'webapp3')],
    check: [
      {
        id: 'all-serve',
        claim: t('All three serve', 'Les trois servent'),
        probe: expect.served('every', ...all),
        window: { within: '30s' },
        because: [...stillOpen(expect, 'webapp2'), ...stillOpen(expect, 'webapp3')],
      },
      breakerClosed(expect, 'webapp2'),
      breakerClosed(expect, 'webapp3'),
      {
        id: 'names-differ',
        claim: t(
          'Browsers show different machines again',
          'Les navigateurs montrent à nouveau des machines différentes',
        ),
        probe: expect.pagesDiffer(2),
        window: { within: '30s' },
      },
      { ...sameProxy(expect), window: { within: '10s' } },
    ],
    during: [nobodyFails(expect, 'webapp1')],
    see: [
      {
        id: 'several-again-1',
        visitor: 'first browser',
        alt: t('First browser: one machine', 'Premier navigateur : une machine'),
      },
      {
        id: 'several-again-2',
        visitor: 'second browser',
        alt: t('Second browser: another machine', 'Second navigateur : une autre machine'),
      },
    ],
    hints: [
      t(
        'Only the machines, this time. Then be patient.',
        'Seulement les machines, cette fois. Puis un peu de patience.',
      ),
      t(
        'Follow `relais backend list`: the breakers count down, let one request through, and close.',
        'Suivez `relais backend list` : les disjoncteurs décomptent, laissent passer une requête, puis se ferment.',
      ),
    ],
    mistakes: [
      {
        id: 'one-still-off',
        act: [machines.up('webapp2')],
        diagnosis: { check: 'webapp3-closed', because: 0 },
      },
    ],
    recap: t(
      'Dead machines cost a wait, then nothing, as long as one is alive. The breaker opens after failures, tries now and then, and closes by itself; a word to the proxy only saves the wait.',
      'Des machines mortes coûtent une attente, puis plus rien, tant qu’il en reste une. Le disjoncteur s’ouvre après des échecs, essaie de temps en temps et se referme tout seul ; prévenir le proxy ne fait qu’épargner l’attente.',
    ),
  };
}
