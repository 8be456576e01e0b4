/** The limit per address: one client must not take the whole house. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Words } from './room.ts';

export function oneGreedyAddress({ proxy, shell, expect }: Words): Step {
  return {
    id: 'one-greedy-address',
    title: t('One address wants it all', 'Une adresse veut tout'),
    minutes: 3,
    say: t(
      'All people of this crowd come from one address: 203.0.113.7, Mallory’s. Allow ten connections per address, while the proxy runs, then let forty of them come. The house itself has room.',
      'Toute cette foule vient d’une même adresse : 203.0.113.7, celle de Mallory. Autorisez dix connexions par adresse, sans arrêter le proxy, puis faites-en venir quarante. La salle, elle, a de la place.',
    ),
    predict: {
      ask: t(
        'Mallory’s address is over its limit. What do Alice and Bob get, who come from elsewhere?',
        'L’adresse de Mallory dépasse sa limite. Que reçoivent Alice et Bob, qui viennent d’ailleurs ?',
      ),
      choices: [
        {
          id: 'as-ever',
          text: t('Their pages, as ever', 'Leurs pages, comme toujours'),
          trueWhen: expect.sees('alice', { status: 200 }),
        },
        {
          id: 'refused-too',
          text: t(
            '"Too many requests", like everybody',
            '« Trop de requêtes », comme tout le monde',
          ),
          trueWhen: expect.sees('alice', { status: 429 }),
        },
      ],
    },
    act: [proxy.relais(['connection-limit', 'set', '10']), shell(['lab crowd 40'])],
    check: [
      {
        id: 'mallory-is-turned-away',
        claim: t(
          'Mallory gets 429, and is told to come back in 5 seconds (Retry-After)',
          'Mallory reçoit 429, et l’indication de revenir dans 5 secondes (Retry-After)',
        ),
        probe: expect.sees('mallory', { status: 429, retryAfter: 5 }),
        window: { within: '20s' },
        because: [
          {
            when: expect.clients({ atLeast: 38 }),
            say: t(
              'Everybody of the crowd is inside: no limit per address keeps them out. Set one, and let them come again.',
              'Toute la foule est dedans : aucune limite par adresse ne la retient. Fixez-en une, et faites-la revenir.',
            ),
          },
          {
            when: expect.clients({ atMost: 9 }),
            say: t(
              'Mallory is alone: without a crowd, the address has less than ten connections.',
              'Mallory est seul : sans la foule, son adresse a moins de dix connexions.',
            ),
          },
        ],
      },
      {
        id: 'ten-inside',
        claim: t('Ten of the forty are inside', 'Dix des quarante sont dedans'),
        probe: expect.clients({ atLeast: 10, atMost: 20 }),
        window: { within: '20s', for: '500ms' },
      },
      {
        id: 'alice-is-served',
        claim: t('Alice is served', 'Alice est servie'),
        probe: expect.sees('alice', { status: 200 }, 5),
        window: { within: '20s' },
      },
      {
        id: 'bob-is-served',
        claim: t('Bob is served', 'Bob est servi'),
        probe: expect.sees('bob', { status: 200 }, 5),
        window: { within: '20s' },
      },
    ],
    during: [
      {
        id: 'no-error',
        claim: t(
          'No request failed: 429 is a polite answer, not a breakdown',
          'Aucune requête n’a échoué : 429 est une réponse polie, pas une panne',
        ),
        probe: expect.noFailedRequest(),
      },
    ],
    hints: [
      t(
        'First the limit, then the crowd: who is inside already is not sent away.',
        'D’abord la limite, ensuite la foule : ceux qui sont déjà dedans ne sont pas renvoyés.',
      ),
      t(
        '`relais help connection-limit` sets it, `relais connection-limit show` shows it, `lab crowd` tells how many were turned away.',
        '`relais help connection-limit` la fixe, `relais connection-limit show` la montre, `lab crowd` dit combien ont été refusés.',
      ),
    ],
    mistakes: [
      {
        id: 'no-limit',
        act: [shell(['lab crowd 40'])],
        diagnosis: { check: 'mallory-is-turned-away', because: 0 },
      },
    ],
  };
}

export function raiseTheLimit({ proxy, expect }: Words): Step {
  return {
    id: 'raise-the-limit',
    title: t('It was not an attack', 'Ce n’était pas une attaque'),
    minutes: 3,
    say: t(
      'Mallory calls: behind that address is a whole school. Raise the limit to 100, while everybody stays where they are.',
      'Mallory appelle : derrière cette adresse, il y a toute une école. Montez la limite à 100, pendant que chacun reste où il est.',
    ),
    act: [proxy.relais(['connection-limit', 'set', '100'])],
    check: [
      {
        id: 'mallory-is-served',
        claim: t('Mallory gets pages', 'Mallory reçoit des pages'),
        probe: expect.sees('mallory', { status: 200 }),
        window: { within: '20s' },
        because: [
          {
            when: expect.sees('mallory', { status: 429 }),
            say: t(
              'Mallory still gets 429: the limit is not above what the address has.',
              'Mallory reçoit toujours 429 : la limite ne dépasse pas ce que cette adresse occupe.',
            ),
          },
        ],
      },
      {
        id: 'crowd-is-inside',
        claim: t(
          'Nobody was sent away for it: the ten of the school are still inside',
          'Personne n’a été renvoyé pour cela : les dix de l’école sont toujours dedans',
        ),
        probe: expect.clients({ atLeast: 10 }),
        window: { within: '20s' },
      },
    ],
    during: [
      {
        id: 'no-error',
        claim: t('No request failed', 'Aucune requête n’a échoué'),
        probe: expect.noFailedRequest(),
      },
    ],
    hints: [
      t('The same command, another number.', 'La même commande, un autre nombre.'),
      t(
        '`relais connection-limit show` shows what holds now.',
        '`relais connection-limit show` montre ce qui vaut maintenant.',
      ),
    ],
    mistakes: [
      {
        id: 'a-little-lower',
        act: [proxy.relais(['connection-limit', 'set', '8'])],
        diagnosis: { check: 'mallory-is-served', because: 0 },
      },
    ],
    recap: t(
      'A full house that says so is better than one that falls in. One limit protects the proxy, the other one protects the neighbours, and both can be changed while people are inside.',
      'Mieux vaut une salle complète qui le dit qu’une salle qui s’effondre. Une limite protège le proxy, l’autre protège les voisins, et on peut changer les deux sans faire sortir personne.',
    ),
  };
}
