/** The second half of the never-restart lab: what a stop costs, in two ways. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { servesStill, startedAnew, type Words } from './checks.ts';

export function softStop({ proxy, shell, expect }: Words): Step {
  return {
    id: 'soft-stop',
    title: t('Compare: a soft stop', 'Comparez : un arrêt en douceur'),
    minutes: 3,
    say: t(
      'Now do what you should not need: stop the proxy, and start it again. `relais shutdown` returns when the last request under way has ended.',
      'Faites maintenant ce qui devrait être inutile : arrêtez le proxy, puis relancez-le. `relais shutdown` rend la main quand la dernière requête en cours est terminée.',
    ),
    predict: {
      ask: t(
        'At the moment of the stop, Nadia waits for reports. What does she get?',
        'Au moment de l’arrêt, Nadia attend des rapports. Que reçoit-elle ?',
      ),
      choices: [
        {
          id: 'reports',
          text: t(
            'The reports under way; only those she asks for later are refused',
            'Les rapports en cours ; seuls ceux qu’elle demande ensuite sont refusés',
          ),
          trueWhen: expect.stopped('soft'),
        },
        {
          id: 'errors',
          text: t('Nothing: what is under way is cut off', 'Rien : ce qui est en cours est coupé'),
          trueWhen: expect.stopped('hard'),
        },
      ],
    },
    act: [
      proxy.relais(['shutdown'], { replayed: false }),
      shell(['lab proxy start'], { replayed: 'starts-over' }),
    ],
    check: [
      {
        id: 'requests-ended-whole',
        claim: t(
          'What was under way ended whole; only newcomers were refused',
          'Ce qui était en cours s’est bien terminé ; seuls les nouveaux venus ont été refusés',
        ),
        probe: expect.stopped('soft'),
        window: { within: '10s' },
        because: [
          {
            when: expect.stopped('hard'),
            say: t(
              'That was a hard stop: it cut requests off. Start the proxy, and stop it again without --hard.',
              'C’était un arrêt brutal : il a coupé des requêtes. Relancez le proxy, puis arrêtez-le sans --hard.',
            ),
          },
          {
            when: expect.processes('all-new'),
            say: t(
              'The processes are new, but nobody was refused: that was an upgrade, not a stop.',
              'Les processus sont nouveaux, mais personne n’a été refusé : c’était une mise à jour, pas un arrêt.',
            ),
          },
        ],
      },
      startedAnew(expect),
      {
        id: 'weight-is-forgotten',
        claim: t(
          'webapp1 has the weight of the file again: 100',
          'webapp1 a de nouveau le poids du fichier : 100',
        ),
        probe: expect.backend('webapp1', { weight: 100 }),
        window: { within: '15s' },
      },
      servesStill(expect),
    ],
    hints: [
      t(
        'A stop takes two commands here: one to end the proxy, one to have it back.',
        'Un arrêt demande deux commandes ici : une pour arrêter le proxy, une pour le retrouver.',
      ),
      t(
        '`relais help shutdown` tells the two ways to stop; `lab help proxy` how it starts again.',
        '`relais help shutdown` présente les deux façons d’arrêter ; `lab help proxy`, comment relancer.',
      ),
    ],
    mistakes: [
      {
        id: 'hard-at-once',
        act: [
          proxy.relais(['shutdown', '--hard'], { replayed: false }),
          shell(['lab proxy start'], { replayed: false }),
        ],
        diagnosis: { check: 'requests-ended-whole', because: 0 },
      },
      {
        id: 'upgrade-again',
        act: [proxy.relais(['upgrade'], { replayed: false })],
        diagnosis: { check: 'requests-ended-whole', because: 1 },
      },
    ],
    recap: t(
      'A soft stop is polite to those who are inside, and closed to everybody else. And a restart forgets what was never saved: the weight is back to 100.',
      'Un arrêt en douceur est poli avec ceux qui sont déjà là, et fermé à tous les autres. Et un redémarrage oublie ce qui n’a pas été enregistré : le poids est revenu à 100.',
    ),
  };
}

export function hardStop({ proxy, shell, expect }: Words): Step {
  return {
    id: 'hard-stop',
    title: t('Compare: a hard stop', 'Comparez : un arrêt brutal'),
    minutes: 2,
    say: t(
      'The same with --hard, which waits for nobody.',
      'La même chose avec --hard, qui n’attend personne.',
    ),
    act: [
      proxy.relais(['shutdown', '--hard'], { replayed: false }),
      shell(['lab proxy start'], { replayed: false }),
    ],
    check: [
      {
        id: 'requests-were-cut',
        claim: t(
          'Requests under way were cut off: Nadia got no report for her wait',
          'Des requêtes en cours ont été coupées : Nadia a attendu pour rien',
        ),
        probe: expect.stopped('hard'),
        window: { within: '10s' },
        because: [
          {
            when: expect.stopped('soft'),
            say: t(
              'Everything under way ended whole: that was a soft stop. Add --hard.',
              'Tout ce qui était en cours s’est bien terminé : c’était un arrêt en douceur. Ajoutez --hard.',
            ),
          },
        ],
      },
      startedAnew(expect),
      servesStill(expect),
    ],
    hints: [
      t(
        'The same two commands; the first one with a word more.',
        'Les deux mêmes commandes ; la première avec un mot de plus.',
      ),
      t('`relais help shutdown` has that word.', '`relais help shutdown` donne ce mot.'),
    ],
    mistakes: [
      {
        id: 'soft-again',
        act: [
          proxy.relais(['shutdown'], { replayed: false }),
          shell(['lab proxy start'], { replayed: false }),
        ],
        diagnosis: { check: 'requests-were-cut', because: 0 },
      },
    ],
    recap: t(
      'An upgrade costs nobody anything, a soft stop costs the newcomers, a hard stop costs everybody. Keep the last one for a proxy that does not answer any more.',
      'Une mise à jour ne coûte rien à personne, un arrêt en douceur coûte aux nouveaux venus, un arrêt brutal coûte à tout le monde. Gardez le dernier pour un proxy qui ne répond plus.',
    ),
  };
}
