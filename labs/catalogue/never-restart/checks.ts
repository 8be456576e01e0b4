/** What several steps of the never-restart lab ask. */
import type { Check } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';
import type { oldMachines } from '../machines.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';

export type Words = Kit<keyof typeof oldMachines, 'alice' | 'bob' | 'nadia'>;

export function startedAnew(expect: Words['expect']): Check {
  return {
    id: 'started-anew',
    claim: t('Another proxy runs now', 'Un autre proxy tourne maintenant'),
    probe: expect.processes('all-new'),
    window: { within: '20s' },
    because: [
      {
        when: expect.processes('the-same'),
        say: t(
          'The proxy is still the one that this step began with.',
          'Le proxy est encore celui du début de l’étape.',
        ),
      },
    ],
  };
}

export function servesStill(expect: Words['expect']): Check {
  return {
    id: 'everybody-is-served',
    claim: t('Everybody is served', 'Tout le monde est servi'),
    probe: expect.status(200),
    window: { within: '20s' },
  };
}

export function nothingLost(expect: Words['expect']): Check {
  return {
    ...noRequestFailedMeanwhile(expect),
    because: [
      {
        when: expect.stopped('soft'),
        say: t(
          'The proxy was stopped: whoever came while it was away was refused. An upgrade refuses nobody.',
          'Le proxy a été arrêté : ceux qui sont venus pendant son absence ont été refusés. Une mise à jour ne refuse personne.',
        ),
      },
      {
        when: expect.cut(),
        say: t(
          'Requests were cut off under way: the old processes did not finish what they had.',
          'Des requêtes ont été coupées en cours de route : les anciens processus n’ont pas terminé ce qu’ils avaient.',
        ),
      },
    ],
  };
}
