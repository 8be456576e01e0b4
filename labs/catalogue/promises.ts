/** What many labs promise in the same words. */
import type { Check, Duration } from '../harness/lab.ts';
import { t } from '../harness/text.ts';
import type { Expect } from '../harness/words.ts';
import { oldNames } from './machines.ts';

type Promising = Pick<Expect<never>, 'noFailedRequest' | 'proxyNeverRestarted'>;

type Showing = Pick<Expect<never>, 'page'>;

/** Of a whole lab. */
export function noVisitorGotAnError(expect: Promising): Check {
  return {
    id: 'nothing-lost',
    claim: t('No visitor got an error', 'Aucun visiteur n’a vu d’erreur'),
    probe: expect.noFailedRequest(),
  };
}

export function noRequestFailed(expect: Promising): Check {
  return {
    id: 'nothing-lost',
    claim: t('No request failed', 'Aucune requête n’a échoué'),
    probe: expect.noFailedRequest(),
  };
}

/** Of a step. */
export function noRequestFailedMeanwhile(expect: Promising): Check {
  return {
    id: 'nothing-lost',
    claim: t('No request failed meanwhile', 'Aucune requête n’a échoué pendant ce temps'),
    probe: expect.noFailedRequest(),
  };
}

export function sameProxy(expect: Promising): Check {
  return {
    id: 'same-proxy',
    claim: t('The proxy was never restarted', 'Le proxy n’a jamais été redémarré'),
    probe: expect.proxyNeverRestarted(),
  };
}

export function allThreeServe(
  expect: Pick<Expect<(typeof oldNames)[number]>, 'served'>,
  within: Duration,
): Check {
  return {
    id: 'all-serve',
    claim: t('All three machines serve', 'Les trois machines servent'),
    probe: expect.served('every', ...oldNames),
    window: { within },
  };
}

export function browserShowsV1(expect: Showing, within: Duration): Check {
  return {
    id: 'v1-page',
    claim: t('A browser shows v1', 'Un navigateur affiche la v1'),
    probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
    window: { within },
  };
}

export function browserShowsPanda(expect: Showing, within: Duration): Check {
  return {
    id: 'v2-page',
    claim: t('A browser shows v2 and its panda', 'Un navigateur affiche la v2 et son panda'),
    probe: expect.page({ status: 200, text: '🐼' }),
    window: { within },
  };
}
