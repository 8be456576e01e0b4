/** All visitors see version 2, and then version 1 again. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldNames as v1, newNames as v2 } from '../machines.ts';
import { browserShowsPanda, noRequestFailedMeanwhile } from '../promises.ts';
import { share, type Words } from './words.ts';

export function allOfIt(kit: Words): Step {
  const { machines, proxy, expect } = kit;
  return {
    id: 'all-of-it',
    title: t('Everybody sees version 2', 'Tout le monde voit la version 2'),
    minutes: 2,
    say: t(
      'People love it. First give version 2 as many machines as version 1 has, then set the weights of version 1 to 0. Its machines run on: nobody knows yet whether you will need them.',
      'Les gens adorent. Donnez d’abord à la version 2 autant de machines qu’à la version 1, puis mettez à 0 les poids de la version 1. Ses machines continuent de tourner : personne ne sait encore si vous en aurez besoin.',
    ),
    act: [
      machines.up('webapp-new2', 'webapp-new3'),
      proxy.weight('webapp-new1', 100),
      proxy.add('webapp-new2'),
      proxy.add('webapp-new3'),
      ...v1.map(machine => proxy.weight(machine, 0)),
    ],
    check: [
      {
        id: 'only-v2',
        claim: t('Every request sees v2', 'Chaque requête voit la v2'),
        probe: expect.share({ version: 'v2' }, { percent: 100, requests: 150 }),
        window: { within: '30s' },
        because: [
          {
            when: share(kit, 'v2', 50),
            say: t(
              'Six machines with the same weight: half of the visitors still see v1. Set its weights to 0.',
              'Six machines de même poids : la moitié des visiteurs voient encore la v1. Mettez ses poids à 0.',
            ),
          },
          {
            when: expect.served('every', 'webapp1'),
            say: t('webapp1 still serves.', 'webapp1 sert encore.'),
          },
        ],
      },
      {
        id: 'three-of-v2',
        claim: t('All three machines of v2 serve', 'Les trois machines de la v2 servent'),
        probe: expect.served('every', ...v2),
        window: { within: '15s' },
      },
      {
        id: 'v1-at-hand',
        claim: t('webapp1 still runs, just in case', 'webapp1 tourne encore, au cas où'),
        probe: expect.machine('webapp1', { state: 'running' }),
      },
      browserShowsPanda(expect, '20s'),
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    see: [
      {
        id: 'v2',
        visitor: 'browser',
        alt: t('Everybody sees version 2', 'Tout le monde voit la version 2'),
      },
    ],
    hints: [
      t(
        'In which order? If version 1 stops before the new machines have joined, one machine has to do the work of six.',
        'Dans quel ordre ? Si la version 1 s’arrête avant l’arrivée des nouvelles machines, une seule fait le travail de six.',
      ),
      t(
        'Weight 0 sends nothing new to a backend and keeps it in the list.',
        'Le poids 0 n’envoie plus rien de nouveau à un backend et le garde dans la liste.',
      ),
    ],
    mistakes: [
      {
        id: 'v1-stays',
        act: [
          machines.up('webapp-new2', 'webapp-new3'),
          proxy.weight('webapp-new1', 100),
          proxy.add('webapp-new2'),
          proxy.add('webapp-new3'),
        ],
        diagnosis: { check: 'only-v2', because: 0 },
      },
    ],
  };
}

export function wayBack(kit: Words): Step {
  const { proxy, expect } = kit;
  return {
    id: 'way-back',
    title: t('The way back', 'Le retour en arrière'),
    minutes: 2,
    say: t(
      'The panda costs a massive amount of bandwidth. Back to version 1, now: give it its weight again, then take the weight of version 2 away.',
      'Le panda coûte énormément de bande passante. Retour à la version 1, tout de suite : rendez-lui son poids, puis retirez celui de la version 2.',
    ),
    act: [
      ...v1.map(machine => proxy.weight(machine, 100)),
      ...v2.map(machine => proxy.weight(machine, 0)),
    ],
    check: [
      {
        id: 'only-v1',
        claim: t('Every request sees v1 again', 'Chaque requête voit à nouveau la v1'),
        probe: expect.share({ version: 'v1' }, { percent: 100, requests: 150 }),
        window: { within: '30s' },
        because: [
          {
            when: expect.answered(503),
            say: t(
              'Visitors got 503: for a moment no backend had a weight. Give version 1 its weight first, then take it from version 2.',
              'Des visiteurs ont reçu 503 : pendant un moment, aucun backend n’avait de poids. Rendez d’abord son poids à la version 1, puis retirez celui de la version 2.',
            ),
          },
          {
            when: share(kit, 'v1', 50),
            say: t(
              'Half of the visitors still see v2: it has as much weight as v1.',
              'La moitié des visiteurs voient encore la v2 : elle a autant de poids que la v1.',
            ),
          },
        ],
      },
      {
        id: 'three-of-v1',
        claim: t('All three machines of v1 serve', 'Les trois machines de la v1 servent'),
        probe: expect.served('every', ...v1),
        window: { within: '15s' },
      },
      {
        id: 'v1-page',
        claim: t('A browser shows v1 again', 'Un navigateur affiche à nouveau la v1'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '20s' },
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    see: [
      {
        id: 'v1-again',
        visitor: 'browser',
        alt: t('Version 1 is back', 'La version 1 est de retour'),
      },
    ],
    hints: [
      t(
        'Which of the two has to come first, so that somebody can answer at every moment?',
        'Laquelle des deux doit venir en premier, pour qu’il y ait toujours quelqu’un qui réponde ?',
      ),
      t(
        'The same command as on the way there, with the weights of before.',
        'La même commande qu’à l’aller, avec les poids d’avant.',
      ),
    ],
    mistakes: [
      {
        id: 'nobody-left',
        act: v2.map(machine => proxy.weight(machine, 0)),
        diagnosis: { check: 'only-v1', because: 0 },
      },
      {
        id: 'half-way',
        act: v1.map(machine => proxy.weight(machine, 100)),
        diagnosis: { check: 'only-v1', because: 1 },
      },
    ],
    recap: t(
      'One command per machine, and version 1 was back before anybody had to start anything: it had never stopped.',
      'Une commande par machine, et la version 1 était de retour sans que personne ait rien eu à démarrer : elle ne s’était jamais arrêtée.',
    ),
  };
}
