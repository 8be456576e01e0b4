/** Three machines fail in three ways, are measured, and are repaired. */
import type { Check, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldNames as all } from '../machines.ts';
import { breakerClosed, stillOpen, type Words } from './words.ts';

export function threeWaysToGo({ machines, expect }: Words): Step {
  return {
    id: 'three-ways-to-go',
    title: t('Three ways to go away', 'Trois façons de disparaître'),
    minutes: 3,
    say: t(
      'An app that crashes, a machine without power, a network that swallows packets: people call all three “down”. Bring one machine down in each way: webapp1 crashes, webapp2 loses its power, webapp3 is behind a network that swallows its packets. The visitors rest meanwhile.',
      'Une application qui plante, une machine sans courant, un réseau qui avale les paquets : dans les trois cas, on dit « en panne ». Mettez une machine en panne de chaque façon : webapp1 plante, webapp2 perd le courant, webapp3 se trouve derrière un réseau qui avale ses paquets. Pendant ce temps, les visiteurs se reposent.',
    ),
    visitors: 'rest',
    act: [
      machines.down('webapp1', 'crash'),
      machines.down('webapp2', 'power-off'),
      machines.down('webapp3', 'blackhole'),
    ],
    check: [webapp1Crashed(expect), webapp2WithoutPower(expect), webapp3Unheard(expect)],
    hints: [
      t(
        'One command per machine; only the way differs.',
        'Une commande par machine ; seule la façon change.',
      ),
      t(
        '`lab help down` names the ways, `lab status` shows what is in force, `lab heal` takes it back.',
        '`lab help down` énumère les façons, `lab status` montre celles en vigueur, `lab heal` les annule.',
      ),
    ],
    mistakes: [
      {
        id: 'a-crash-is-no-power-cut',
        act: [
          machines.down('webapp1', 'crash'),
          machines.down('webapp2', 'crash'),
          machines.down('webapp3', 'blackhole'),
        ],
        diagnosis: { check: 'webapp2-without-power', because: 0 },
      },
    ],
  };
}

function webapp1Crashed(expect: Words['expect']): Check {
  return {
    id: 'webapp1-crashed',
    claim: t(
      'The app of webapp1 has crashed; its machine runs',
      'L’application de webapp1 a planté ; sa machine tourne',
    ),
    probe: expect.machine('webapp1', { state: 'running', failure: 'crash' }),
    because: [
      {
        when: expect.machine('webapp1', { state: 'poweroff' }),
        say: t(
          'The whole machine is off. A crash takes the app only: `lab heal webapp1`, then `--how crash`.',
          'C’est toute la machine qui est éteinte. Un plantage n’emporte que l’application : `lab heal webapp1`, puis `--how crash`.',
        ),
      },
    ],
  };
}

function webapp2WithoutPower(expect: Words['expect']): Check {
  return {
    id: 'webapp2-without-power',
    claim: t('webapp2 is without power', 'webapp2 est sans courant'),
    probe: expect.machine('webapp2', { state: 'poweroff' }),
    because: [
      {
        when: expect.machine('webapp2', { state: 'running', failure: 'crash' }),
        say: t(
          'Its app has crashed, but the machine still has power and answers for its address. The way is `--how power-off`.',
          'Son application a planté, mais la machine a toujours du courant et répond à son adresse. La façon voulue est `--how power-off`.',
        ),
      },
    ],
  };
}

function webapp3Unheard(expect: Words['expect']): Check {
  return {
    id: 'webapp3-unheard',
    claim: t(
      'The packets of webapp3 are swallowed; machine and app run',
      'Les paquets de webapp3 sont avalés ; la machine et l’application tournent',
    ),
    probe: expect.machine('webapp3', { state: 'running', failure: 'blackhole' }),
    because: [
      {
        when: expect.machine('webapp3', { state: 'poweroff' }),
        say: t(
          'webapp3 is off. It has to run, unheard: `lab heal webapp3`, then `--how blackhole`.',
          'webapp3 est éteinte. Elle doit tourner sans qu’on l’entende : `lab heal webapp3`, puis `--how blackhole`.',
        ),
      },
    ],
  };
}

export function whatAClientSees({ machines, expect }: Words): Step {
  return {
    id: 'what-a-client-sees',
    title: t('What a client sees of each', 'Ce qu’un client voit de chacune'),
    minutes: 3,
    say: t(
      'Measure how long it takes to learn that a machine is gone. `lab measure` connects to each of the three, from where the proxy stands, and waits for 5 s at most.',
      'Mesurez le temps qu’il faut pour apprendre qu’une machine est partie. `lab measure` se connecte à chacune des trois, de là où se trouve le proxy, et attend 5 s au plus.',
    ),
    visitors: 'rest',
    predict: {
      ask: t(
        'Of which machine does a client learn at once that nobody is there?',
        'De quelle machine un client apprend-il aussitôt qu’il n’y a personne ?',
      ),
      choices: [
        {
          id: 'crash',
          text: t('webapp1, whose app crashed', 'webapp1, dont l’application a planté'),
          trueWhen: expect.connect('webapp1', 'refused'),
        },
        {
          id: 'power-off',
          text: t('webapp2, which has no power', 'webapp2, qui n’a plus de courant'),
          trueWhen: expect.connect('webapp2', 'refused'),
        },
        {
          id: 'blackhole',
          text: t('webapp3, whose packets are swallowed', 'webapp3, dont les paquets sont avalés'),
          trueWhen: expect.connect('webapp3', 'refused'),
        },
      ],
    },
    act: [machines.measure(...all)],
    check: [crashIsRefused(expect), powerOffIsUnreachable(expect), blackholeIsSilent(expect)],
    hints: [
      t(
        'Which of the three makes a visitor wait longest if nobody keeps count of failures?',
        'Laquelle des trois fait attendre un visiteur le plus longtemps si personne ne compte les échecs ?',
      ),
      t(
        '`lab help measure` shows how it is used. Compare the column of times.',
        '`lab help measure` montre comment on s’en sert. Comparez la colonne des durées.',
      ),
    ],
    mistakes: [
      {
        id: 'healed-too-early',
        act: [machines.heal('webapp1'), machines.measure(...all)],
        diagnosis: { check: 'crash-is-refused', because: 0 },
      },
    ],
    recap: t(
      'The tutorial says “wait a bit” six times. This is what it was waiting for: a refusal is a quick answer, silence is none.',
      'Le tutoriel dit six fois « attendez un peu ». Voilà ce qu’il attendait : un refus est une réponse rapide, le silence n’en est pas une.',
    ),
  };
}

function crashIsRefused(expect: Words['expect']): Check {
  return {
    id: 'crash-is-refused',
    claim: t(
      'The crashed app is refused at once: its machine still answers',
      'L’application plantée est refusée aussitôt : sa machine, elle, répond encore',
    ),
    probe: expect.connect('webapp1', 'refused'),
    because: [
      {
        when: expect.machine('webapp1', { failure: 'none' }),
        say: t(
          'webapp1 is well again, so there is nothing to measure: `lab down webapp1 --how crash`.',
          'webapp1 va de nouveau bien, il n’y a donc rien à mesurer : `lab down webapp1 --how crash`.',
        ),
      },
    ],
  };
}

function powerOffIsUnreachable(expect: Words['expect']): Check {
  return {
    id: 'power-off-is-unreachable',
    claim: t(
      'The machine without power is unreachable after about 3 s: nobody answers for its address',
      'La machine sans courant est injoignable au bout de 3 s environ : plus personne ne répond à son adresse',
    ),
    probe: expect.connect('webapp2', 'unreachable'),
    imitated: {
      verb: 'power-off',
      claim: t(
        'Here power-off is imitated, and a client does not hear “unreachable” as it would from a real machine',
        'Ici, la coupure de courant est imitée : un client n’apprend pas « injoignable », comme avec une vraie machine',
      ),
      probe: expect.connect('webapp2', 'silent', 'refused'),
    },
  };
}

function blackholeIsSilent(expect: Words['expect']): Check {
  return {
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
  };
}

export function allBack({ machines, expect }: Words): Step {
  return {
    id: 'all-back',
    title: t('Repaired, and nobody says so', 'Réparées, et personne ne le dit'),
    minutes: 2,
    say: t(
      'The visitors return, and find nobody. Repair the three machines.',
      'Les visiteurs reviennent, et ne trouvent personne. Réparez les trois machines.',
    ),
    predict: {
      ask: t(
        'You repair the machines and tell the proxy nothing. What then?',
        'Vous réparez les machines et ne dites rien au proxy. Et après ?',
      ),
      choices: [
        {
          id: 'told',
          text: t('It wants to be told of each one', 'Il attend qu’on lui annonce chacune'),
          trueWhen: expect.served('none', ...all),
        },
        {
          id: 'by-itself',
          text: t('It finds them by itself', 'Il les retrouve tout seul'),
          trueWhen: expect.served('every', ...all),
        },
      ],
    },
    act: all.map(machine => machines.heal(machine)),
    check: [
      {
        id: 'all-serve',
        claim: t('All three serve again', 'Les trois servent à nouveau'),
        probe: expect.served('every', ...all),
        window: { within: '30s', for: '1s' },
        because: all.flatMap(machine => [
          {
            when: expect.machine(machine, { failure: 'crash' }),
            say: t(
              `The app of ${machine} still lies there: \`lab heal ${machine}\`.`,
              `L’application de ${machine} est toujours à terre : \`lab heal ${machine}\`.`,
            ),
          },
          {
            when: expect.machine(machine, { failure: 'blackhole' }),
            say: t(
              `The packets of ${machine} are still swallowed: \`lab heal ${machine}\`.`,
              `Les paquets de ${machine} sont toujours avalés : \`lab heal ${machine}\`.`,
            ),
          },
          ...stillOpen(expect, machine),
        ]),
      },
      ...all.map(machine => breakerClosed(expect, machine)),
    ],
    hints: [
      t('Machines are repaired, not proxies.', 'On répare des machines, pas un proxy.'),
      t(
        '`lab status` shows what is broken; `lab help heal` how it is repaired.',
        '`lab status` montre ce qui est cassé ; `lab help heal`, comment on le répare.',
      ),
    ],
    mistakes: [
      {
        id: 'one-forgotten',
        act: [machines.heal('webapp2'), machines.heal('webapp3')],
        diagnosis: { check: 'all-serve', because: 0 },
      },
    ],
    recap: t(
      'A failed machine stays in the list of the proxy. It is tried again from time to time, and taken back when it answers.',
      'Une machine en panne reste dans la liste du proxy. Il la réessaie de temps en temps, et la reprend dès qu’elle répond.',
    ),
  };
}
