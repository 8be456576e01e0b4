/** The limit of all connections: who has no room waits, and is served when there is some. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';

export type Words = Kit<'webapp1' | 'webapp2' | 'webapp3', 'alice' | 'bob' | 'mallory'>;

export function fullHouse({ shell, expect }: Words): Step {
  return {
    id: 'full-house',
    title: t('Three hundred at the door', 'Trois cents à la porte'),
    minutes: 3,
    say: t(
      'This proxy takes 50 connections at once (max_connections). Now 300 people come, and each who gets in stays. Alice opens a new connection for every page; Bob has kept his.',
      'Ce proxy accepte 50 connexions à la fois (max_connections). Voilà que 300 personnes arrivent, et chacune qui entre reste. Alice ouvre une connexion pour chaque page ; Bob a gardé la sienne.',
    ),
    act: [shell(['lab crowd 300'])],
    check: [
      {
        id: 'fifty-inside',
        claim: t(
          'The proxy has 50 connections, and no more',
          'Le proxy a 50 connexions, et pas une de plus',
        ),
        probe: expect.clients({ atLeast: 48, atMost: 50 }),
        window: { within: '20s', for: '1500ms' },
        because: [
          {
            when: expect.clients({ atLeast: 51 }),
            say: t(
              'It has taken in more than its limit: this proxy does not keep max_connections.',
              'Il en a accepté plus que sa limite : ce proxy ne respecte pas max_connections.',
            ),
          },
          {
            when: expect.clients({ atLeast: 8 }),
            say: t(
              'There is still room: the crowd is too small to fill the house.',
              'Il reste de la place : la foule est trop petite pour remplir la salle.',
            ),
          },
          {
            when: expect.clients({ atMost: 7 }),
            say: t('Nobody has come yet but the visitors.', 'Il n’y a encore que les visiteurs.'),
          },
        ],
      },
      {
        id: 'limit-is-told',
        claim: t('The proxy says that it is full', 'Le proxy dit qu’il est plein'),
        probe: expect.event('connection-limit-reached'),
        window: { within: '20s' },
      },
      {
        id: 'bob-is-served',
        claim: t(
          'Bob, who is inside, is served as ever',
          'Bob, qui est dedans, est servi comme avant',
        ),
        probe: expect.sees('bob', { status: 200 }, 5),
        window: { within: '20s' },
      },
      {
        id: 'memory-is-flat',
        claim: t(
          'Its memory has hardly grown: who waits outside costs it nothing',
          'Sa mémoire a à peine grandi : ceux qui attendent dehors ne lui coûtent rien',
        ),
        probe: expect.memory(40),
        window: { within: '20s' },
      },
    ],
    hints: [
      t('The crowd must be larger than the house.', 'La foule doit être plus grande que la salle.'),
      t(
        '`lab help crowd` brings people, `relais status` counts connections; `lab crowd` alone tells how the people fare.',
        '`lab help crowd` fait venir du monde, `relais status` compte les connexions ; `lab crowd` seul dit où ils en sont.',
      ),
    ],
    mistakes: [
      {
        id: 'too-few',
        act: [shell(['lab crowd 20'])],
        diagnosis: { check: 'fifty-inside', because: 1 },
      },
    ],
    recap: t(
      'The others are not refused: their connections wait in a queue of the operating system, where they cost the proxy neither memory nor time.',
      'Les autres ne sont pas refusés : leurs connexions attendent dans une file du système d’exploitation, où elles ne coûtent au proxy ni mémoire ni temps.',
    ),
  };
}

export function roomAgain({ shell, expect }: Words): Step {
  return {
    id: 'room-again',
    title: t('The crowd leaves', 'La foule s’en va'),
    minutes: 3,
    say: t(
      'Alice has been waiting at the door all that time. Send the crowd home.',
      'Pendant tout ce temps, Alice attend à la porte. Renvoyez la foule chez elle.',
    ),
    predict: {
      ask: t(
        'Alice’s browser has asked long ago. What does she get, once there is room?',
        'Le navigateur d’Alice a demandé depuis longtemps. Que reçoit-elle, une fois qu’il y a de la place ?',
      ),
      choices: [
        {
          id: 'page',
          text: t('Her page, late', 'Sa page, en retard'),
          trueWhen: expect.sees('alice', { status: 200 }),
        },
        {
          id: 'busy',
          text: t('A page that says "too many requests"', 'Une page qui dit « trop de requêtes »'),
          trueWhen: expect.sees('alice', { status: 429 }),
        },
        {
          id: 'unavailable',
          text: t('A page that says "unavailable"', 'Une page qui dit « indisponible »'),
          trueWhen: expect.sees('alice', { status: 503 }),
        },
      ],
    },
    act: [shell(['lab crowd 0'], { replayed: 'starts-over' })],
    check: [
      {
        id: 'there-is-room',
        claim: t('There is room again', 'Il y a de nouveau de la place'),
        probe: expect.clients({ atMost: 20 }),
        window: { within: '20s' },
        because: [
          {
            when: expect.clients({ atLeast: 48 }),
            say: t('The house is still full.', 'La salle est encore pleine.'),
          },
          {
            when: expect.clients({ atLeast: 21 }),
            say: t(
              'Fewer people, but still a crowd: send all of them home.',
              'Moins de monde, mais encore une foule : renvoyez-les tous.',
            ),
          },
        ],
      },
      {
        id: 'alice-waited',
        claim: t('Alice waited, and was served', 'Alice a attendu, et a été servie'),
        probe: expect.waited({ visitor: 'alice', atLeastMs: 300 }),
        window: { within: '20s' },
      },
      {
        id: 'alice-is-served',
        claim: t('Alice gets her pages', 'Alice reçoit ses pages'),
        probe: expect.sees('alice', { status: 200 }),
        window: { within: '20s' },
      },
      {
        id: 'page-is-there',
        claim: t('A browser finds its way in', 'Un navigateur arrive à entrer'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '30s' },
      },
    ],
    see: [
      {
        id: 'room-again',
        visitor: 'browser',
        alt: t('The site, when the crowd has left', 'Le site, une fois la foule partie'),
      },
    ],
    hints: [
      t('How large is a crowd that is gone?', 'De quelle taille est une foule qui n’est plus là ?'),
      t(
        '`lab help crowd` tells; `relais status` shows when there is room.',
        '`lab help crowd` le dit ; `relais status` montre quand il y a de la place.',
      ),
    ],
    mistakes: [
      {
        id: 'some-stay',
        act: [shell(['lab crowd 40'])],
        diagnosis: { check: 'there-is-room', because: 1 },
      },
    ],
  };
}
