/** The step of shield that closes a page which the application leaves open to everybody. */
import type { Action, Word } from '../../harness/actions.ts';
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { customersGoOn, type Words } from './words.ts';

export function closedDoor({ proxy, addressOf, expect }: Words): Step {
  const close = (...path: readonly Word[]): Action =>
    proxy.relais([
      ...['frontend', 'http', 'add', '--address', addressOf('proxy')],
      ...['--hostname', 'localhost', ...path, 'deny'],
    ]);
  return {
    id: 'closed-door',
    title: t('A door that nobody closed', 'Une porte que personne n’a fermée'),
    minutes: 3,
    say: t(
      'The shop has a page for its developers, /knobs. Whoever finds it can make the shop slow or broken: it asks for no password. Eve has found it. Close that path in the proxy: a frontend that leads to no cluster, but refuses.',
      'La boutique a une page pour ses développeurs, /knobs. Qui la trouve peut ralentir ou casser la boutique : elle ne demande aucun mot de passe. Ève l’a trouvée. Fermez ce chemin dans le proxy : un frontend qui ne mène à aucun cluster, mais qui refuse.',
    ),
    predict: {
      ask: t(
        'Frank writes the path in code: /%6Bnobs, where %6B is a k. Does the closed door stop him?',
        'Frank écrit le chemin en code : /%6Bnobs, où %6B est un k. La porte fermée l’arrête-t-elle ?',
      ),
      choices: [
        {
          id: 'yes',
          text: t('Yes, the proxy reads it as /knobs', 'Oui, le proxy le lit comme /knobs'),
          trueWhen: expect.sees('frank', { status: 401 }),
        },
        {
          id: 'no',
          text: t('No, it reaches the shop', 'Non, il atteint la boutique'),
          trueWhen: expect.sees('frank', { site: 'shop' }),
        },
      ],
    },
    act: [
      close('--path-segment', '/knobs'),
      proxy.relais(['explain', 'GET', 'http://localhost/knobs'], { replayed: false }),
    ],
    check: [
      {
        id: 'eve-refused',
        claim: t('Eve gets 401', 'Ève reçoit 401'),
        probe: expect.sees('eve', { status: 401 }),
        window: { within: '15s' },
        because: [
          {
            when: expect.sees('eve', { status: 200 }, 1),
            say: t(
              'The path /knobs still leads to the shop. relais explain GET http://localhost/knobs says which frontend serves it.',
              'Le chemin /knobs mène encore à la boutique. relais explain GET http://localhost/knobs dit quel frontend le sert.',
            ),
          },
        ],
      },
      {
        id: 'frank-refused',
        claim: t('So does Frank, whatever he writes', 'Frank aussi, quoi qu’il écrive'),
        probe: expect.sees('frank', { status: 401 }),
        window: { within: '15s' },
      },
      {
        id: 'never-seen',
        claim: t(
          'The shop is not asked for its knobs any more',
          'On ne demande plus ses réglages à la boutique',
        ),
        probe: expect.notLogged('shop', 'nobs'),
        window: { within: '15s', for: '1s' },
      },
      customersGoOn(expect),
      {
        id: 'refused-page',
        claim: t('A browser at /knobs sees 401', 'Un navigateur sur /knobs voit 401'),
        probe: expect.page({ status: 401, text: '401', at: { path: '/knobs' } }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'closed',
        visitor: 'second browser',
        at: { path: '/knobs' },
        alt: t('/knobs is closed: 401', '/knobs est fermé : 401'),
      },
    ],
    hints: [
      t(
        'It is a frontend like others, for the host localhost and a path; only its end is another.',
        'C’est un frontend comme les autres, pour l’hôte localhost et un chemin ; seule la fin change.',
      ),
      t(
        'relais help frontend http add shows two endings: id, with a cluster, and deny.',
        'relais help frontend http add montre deux fins : id, avec un cluster, et deny.',
      ),
    ],
    mistakes: [
      {
        id: 'slip-of-the-pen',
        act: [close('--path-segment', '/knob')],
        diagnosis: { check: 'eve-refused', because: 0 },
      },
      {
        id: 'every-path',
        act: [close('--path-regex', '/.*')],
        diagnosis: { check: 'alice-served', because: 1 },
      },
    ],
    recap: t(
      'Attack, robot and open door ended in one place, and customers noticed nothing. A shield helps only if nobody can walk around it: in the real world, a firewall lets nobody but the proxy talk to the machine.',
      'L’attaque, le robot et la porte ouverte se sont arrêtés au même endroit, et les clients n’ont rien remarqué. Un bouclier ne sert que si personne ne peut le contourner : dans la vraie vie, un pare-feu ne laisse que le proxy parler à la machine.',
    ),
  };
}
