/** The six steps of the circuit-breaker lab, in the order of the tutorial. */
import type { Check, Kit, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { oldMachines } from '../machines.ts';

type Words = Kit<keyof typeof oldMachines>;

export function steps(kit: Words): readonly [Step, ...Step[]] {
  return [
    threeWaysToGo(kit),
    allBack(kit),
    pullTheirPlugs(kit),
    theLastOne(kit),
    oneComesBack(kit),
    everybodyIsBack(kit),
  ];
}

function threeWaysToGo({ machines, expect }: Words): Step {
  return {
    id: 'three-ways-to-go',
    title: t('Three ways to go away', 'Trois façons de disparaître'),
    minutes: 4,
    say: t(
      'An app that crashes, a machine without power, a network that swallows packets: to a client these are three different things. Look at the times. The visitors rest meanwhile, so that nothing disturbs the measurement.',
      'Une application qui plante, une machine sans courant, un réseau qui avale les paquets : pour un client, ce sont trois choses différentes. Regardez les durées. Pendant ce temps les visiteurs se reposent, pour ne pas fausser la mesure.',
    ),
    visitors: 'rest',
    act: [
      machines.down('webapp1', 'crash'),
      machines.down('webapp2', 'power-off'),
      machines.down('webapp3', 'blackhole'),
      machines.measure('webapp1', 'webapp2', 'webapp3'),
      machines.heal('webapp1'),
      machines.heal('webapp2'),
      machines.heal('webapp3'),
    ],
    check: [
      {
        id: 'crash-is-refused',
        claim: t(
          'The crashed app is refused at once: its machine still answers',
          'L’application plantée est refusée aussitôt : sa machine, elle, répond encore',
        ),
        probe: expect.connect('webapp1', 'refused'),
      },
      {
        id: 'power-off-is-unreachable',
        claim: t(
          'The machine without power is unreachable after about 3 s: nobody answers for its address',
          'La machine sans courant est injoignable au bout de 3 s environ : plus personne ne répond à son adresse',
        ),
        probe: expect.connect('webapp2', 'unreachable'),
        imitated: {
          verb: 'power-off',
          claim: t(
            'Here power-off is imitated, and a client does not hear "unreachable" as it would from a real machine',
            'Ici, la coupure de courant est imitée : un client n’apprend pas « injoignable », comme avec une vraie machine',
          ),
          probe: expect.connect('webapp2', 'silent', 'refused'),
        },
      },
      {
        id: 'blackhole-is-silent',
        claim: t(
          'Swallowed packets are silence: the client waits until its own limit',
          'Des paquets avalés, c’est le silence : le client attend jusqu’à sa propre limite',
        ),
        probe: expect.connect('webapp3', 'silent'),
        imitated: {
          verb: 'blackhole',
          claim: t(
            'Here swallowed packets are imitated by an app that is stopped: the client hears nothing',
            'Ici, les paquets avalés sont imités par une application arrêtée : le client n’entend rien',
          ),
          probe: expect.connect('webapp3', 'silent', 'connected'),
        },
      },
    ],
    hints: [
      t(
        'Which of the three makes a visitor wait longest if nobody keeps count of failures?',
        'Laquelle des trois fait attendre un visiteur le plus longtemps si personne ne compte les échecs ?',
      ),
    ],
    recap: t(
      'The tutorial says "wait a bit" six times. This is what it was waiting for.',
      'Le tutoriel dit six fois « attendez un peu ». Voilà ce qu’il attendait.',
    ),
  };
}

function allBack({ expect }: Words): Step {
  return {
    id: 'all-back',
    title: t('The visitors return', 'Les visiteurs reviennent'),
    minutes: 1,
    say: t(
      'All three machines are repaired. Nobody tells the proxy, and nobody has to: connections that died meanwhile are replaced without a word.',
      'Les trois machines sont réparées. Personne ne prévient le proxy, et c’est inutile : les connexions mortes entre-temps sont remplacées sans un mot.',
    ),
    act: [],
    check: [
      {
        id: 'all-serve',
        claim: t('All three serve again', 'Les trois servent à nouveau'),
        probe: expect.served('every', 'webapp1', 'webapp2', 'webapp3'),
        window: { within: '20s' },
      },
    ],
    during: [nobodyFails(expect)],
  };
}

function pullTheirPlugs({ machines, expect }: Words): Step {
  return {
    id: 'pull-their-plugs',
    title: t('Pull the plug on two', 'Débranchez-en deux'),
    minutes: 4,
    say: t(
      'webapp2 and webapp3 lose their power. Somebody waits a moment; nobody gets an error. Then the breakers open, and nobody waits either.',
      'webapp2 et webapp3 perdent le courant. Quelqu’un attend un instant ; personne ne voit d’erreur. Puis les disjoncteurs s’ouvrent, et plus personne n’attend.',
    ),
    act: [machines.down('webapp2', 'power-off'), machines.down('webapp3', 'power-off')],
    check: [
      {
        id: 'webapp2-open',
        claim: t('The breaker of webapp2 is open', 'Le disjoncteur de webapp2 est ouvert'),
        probe: expect.breaker('open', 'webapp2'),
        window: { within: '20s' },
      },
      {
        id: 'webapp3-open',
        claim: t('The breaker of webapp3 is open', 'Le disjoncteur de webapp3 est ouvert'),
        probe: expect.breaker('open', 'webapp3'),
        window: { within: '20s' },
      },
      {
        id: 'only-webapp1',
        claim: t('Only webapp1 serves', 'Seule webapp1 sert'),
        probe: expect.served('only', 'webapp1'),
        window: { within: '20s', for: '2s' },
      },
      {
        id: 'page-goes-on',
        claim: t(
          'Every browser still shows the site',
          'Tous les navigateurs affichent encore le site',
        ),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '20s' },
      },
    ],
    during: [nobodyFails(expect)],
    see: [
      {
        id: 'one-left',
        visitor: 'first browser',
        alt: t(
          'One machine is left, and the site goes on',
          'Il reste une machine, et le site continue',
        ),
      },
      {
        id: 'one-left-again',
        visitor: 'second browser',
        alt: t('Another browser, the same machine', 'Un autre navigateur, la même machine'),
      },
    ],
  };
}

function theLastOne({ machines, expect }: Words): Step {
  return {
    id: 'the-last-one',
    title: t('Now the last one', 'Et maintenant la dernière'),
    minutes: 3,
    say: t(
      'webapp1 loses its power too. The proxy has nobody left to ask and answers by itself, with the page from 503.http.',
      'webapp1 perd le courant à son tour. Le proxy n’a plus personne à qui demander : il répond lui-même, avec la page de 503.http.',
    ),
    act: [machines.down('webapp1', 'power-off')],
    check: [
      {
        id: 'everybody-gets-503',
        claim: t('Every visitor gets status 503', 'Chaque visiteur reçoit le statut 503'),
        probe: expect.status(503),
        window: { within: '20s', for: '1s' },
      },
      {
        id: 'ouch',
        claim: t(
          'The browser shows the 503 page, with its reason',
          'Le navigateur affiche la page 503, avec son motif',
        ),
        probe: expect.page({
          status: 503,
          text: '😢 Ouch...',
          reason: 'your application is in deployment',
        }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'ouch',
        visitor: 'first browser',
        alt: t('The 503 page: Ouch', 'La page 503 : Ouch'),
      },
    ],
  };
}

function oneComesBack({ machines, proxy, expect }: Words): Step {
  return {
    id: 'one-comes-back',
    title: t('One comes back', 'Une machine revient'),
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
        window: { within: '15s', for: '1s' },
      },
      {
        id: 'site-is-back',
        claim: t('The browser shows the site again', 'Le navigateur affiche à nouveau le site'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '20s' },
      },
    ],
    see: [
      {
        id: 'back',
        visitor: 'first browser',
        alt: t('The site is back, on one machine', 'Le site est revenu, sur une machine'),
      },
    ],
  };
}

function everybodyIsBack({ machines, proxy, expect }: Words): Step {
  return {
    id: 'everybody-is-back',
    title: t('Everybody is back', 'Tout le monde est revenu'),
    minutes: 3,
    say: t(
      'The two others, in the same way. All along, it was one and the same proxy.',
      'Les deux autres, de la même façon. Du début à la fin, c’était le même proxy.',
    ),
    act: [machines.up('webapp2', 'webapp3'), proxy.add('webapp2'), proxy.add('webapp3')],
    check: [
      {
        id: 'all-serve',
        claim: t('All three serve', 'Les trois servent'),
        probe: expect.served('every', 'webapp1', 'webapp2', 'webapp3'),
        window: { within: '15s' },
      },
      {
        id: 'names-differ',
        claim: t(
          'Browsers show different machines again',
          'Les navigateurs montrent à nouveau des machines différentes',
        ),
        probe: expect.pagesDiffer(2),
        window: { within: '20s' },
      },
      {
        id: 'same-proxy',
        claim: t('The proxy was never restarted', 'Le proxy n’a jamais été redémarré'),
        probe: expect.proxyNeverRestarted(),
      },
    ],
    during: [nobodyFails(expect)],
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
  };
}

function nobodyFails(expect: Words['expect']): Check {
  return {
    id: 'nothing-lost',
    claim: t('No visitor got an error', 'Aucun visiteur n’a vu d’erreur'),
    probe: expect.noFailedRequest(),
  };
}
