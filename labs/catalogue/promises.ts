/** What many labs promise in the same words. */
import type { Check } from '../harness/lab.ts';
import { t } from '../harness/text.ts';
import type { Expect } from '../harness/words.ts';

type Promising = Pick<Expect<never>, 'noFailedRequest' | 'proxyNeverRestarted'>;

/** Of a whole lab. */
export function noVisitorGotAnError(expect: Promising): Check {
  return {
    id: 'nothing-lost',
    claim: t('No visitor got an error', 'Aucun visiteur n’a vu d’erreur'),
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
