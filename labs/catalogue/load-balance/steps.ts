/** The three steps of the load-balance lab. */
import type { Check, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';
import type { oldMachines } from '../machines.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';

type Words = Kit<keyof typeof oldMachines>;

export function steps(kit: Words): readonly [Step, ...Step[]] {
  return [twoBrowsers(kit), behindTheProxy(kit), backToWork(kit)];
}

function twoBrowsers({ expect }: Words): Step {
  return {
    id: 'two-browsers',
    title: t('Two browsers, two machines', 'Deux navigateurs, deux machines'),
    minutes: 2,
    say: t(
      'A site that many people visit needs more than one machine, but people want one address. Alice and Bob reload that address all the time, and the proxy hands each request to the next machine in turn. Open it in two browsers.',
      'Un site très visité a besoin de plusieurs machines, mais les gens veulent une seule adresse. Alice et Bob rechargent cette adresse sans arrêt, et le proxy confie chaque requête à la machine suivante, à tour de rôle. Ouvrez-la dans deux navigateurs.',
    ),
    predict: {
      ask: t(
        'Each machine writes its name on the page. What do two browsers show at the same address?',
        'Chaque machine écrit son nom sur la page. Que montrent deux navigateurs à la même adresse ?',
      ),
      choices: [
        {
          id: 'one-name',
          text: t('The same name in both', 'Le même nom dans les deux'),
          trueWhen: expect.share({ machine: 'webapp1' }, { percent: 100, requests: 6 }),
        },
        {
          id: 'two-names',
          text: t('Different names', 'Des noms différents'),
          trueWhen: expect.pagesDiffer(2),
        },
      ],
    },
    act: [],
    check: [allServed(expect), aThirdEach(expect), ...seenByBrowsers(expect)],
    see: [
      {
        id: 'first-browser',
        visitor: 'first browser',
        alt: t(
          'First browser: the page names one machine',
          'Premier navigateur : la page nomme une machine',
        ),
      },
      {
        id: 'second-browser',
        visitor: 'second browser',
        alt: t(
          'Second browser, same address: the page names another machine',
          'Second navigateur, même adresse : la page nomme une autre machine',
        ),
      },
    ],
    hints: [
      t('Reload the page a few times.', 'Rechargez la page plusieurs fois.'),
      t(
        '`lab visit` asks nine times and shows which machine answered; `relais backend list` shows the machines that the proxy knows.',
        '`lab visit` demande neuf fois et montre quelle machine a répondu ; `relais backend list` montre les machines que le proxy connaît.',
      ),
    ],
  };
}

function allServed(expect: Words['expect']): Check {
  return {
    id: 'all-served',
    claim: t('Every machine has served', 'Chaque machine a servi'),
    probe: expect.served('every', 'webapp1', 'webapp2', 'webapp3'),
    window: { within: '10s' },
    because: [
      {
        when: expect.addressMistake(),
        say: t(
          'Read the list of backends again: an address is in it twice, or one is missing. The author of the original tutorial made this very mistake.',
          'Relisez la liste des backends : une adresse y figure deux fois, ou il en manque une. L’auteur du tutoriel d’origine a fait exactement cette erreur.',
        ),
      },
      {
        when: expect.served('only', 'webapp1'),
        say: t(
          'Everything goes to webapp1 although the proxy knows three machines: it does not take turns.',
          'Tout part sur webapp1 alors que le proxy connaît trois machines : il ne les prend pas à tour de rôle.',
        ),
      },
    ],
  };
}

function aThirdEach(expect: Words['expect']): Check {
  return {
    id: 'a-third-each',
    claim: t(
      'webapp1 had a third of the visits: the machines take turns',
      'webapp1 a reçu un tiers des visites : chaque machine a son tour',
    ),
    probe: expect.share({ machine: 'webapp1' }, { percent: 33.3, tolerance: 12, requests: 48 }),
    window: { within: '15s' },
  };
}

function seenByBrowsers(expect: Words['expect']): readonly Check[] {
  return [
    {
      id: 'names-differ',
      claim: t(
        'One address shows different machines',
        'Une même adresse montre des machines différentes',
      ),
      probe: expect.pagesDiffer(2),
      window: { within: '15s' },
    },
    {
      id: 'it-is-v1',
      claim: t('It is version 1 of the site', 'C’est la version 1 du site'),
      probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
      window: { within: '15s' },
    },
  ];
}

function behindTheProxy({ proxy, expect }: Words): Step {
  return {
    id: 'behind-the-proxy',
    title: t('A break behind the proxy', 'Une pause derrière le proxy'),
    minutes: 2,
    say: t(
      'webapp2 needs an update of its system. Tell the proxy to send nobody there any more. The machine itself goes on: on its own port, past the proxy, you can still try it (`lab status` shows the port). That is how you check a machine without visitors.',
      'webapp2 a besoin d’une mise à jour de son système. Dites au proxy de n’y envoyer plus personne. La machine, elle, continue : sur son propre port, sans passer par le proxy, vous pouvez toujours l’essayer (`lab status` montre ce port). C’est ainsi qu’on vérifie une machine sans visiteurs.',
    ),
    predict: {
      ask: t(
        'What do the visitors of webapp2 notice?',
        'Que remarquent les visiteurs de webapp2 ?',
      ),
      choices: [
        {
          id: 'error',
          text: t('An error page, once', 'Une page d’erreur, une fois'),
          trueWhen: expect.answered(503),
        },
        {
          id: 'nothing',
          text: t('Nothing: another machine answers', 'Rien : une autre machine répond'),
          trueWhen: expect.noFailedRequest(),
        },
      ],
    },
    act: [proxy.drain('webapp2')],
    check: [...webapp2Rests(expect), othersServe(expect)],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t(
        'The machine stays on. Only the proxy has to know.',
        'La machine reste allumée. Seul le proxy doit être prévenu.',
      ),
      t(
        '`relais help backend` lists what can be said about a machine; `relais backend list` shows its address and state.',
        '`relais help backend` énumère ce qu’on peut dire d’une machine ; `relais backend list` montre son adresse et son état.',
      ),
    ],
    mistakes: [
      {
        id: 'the-wrong-machine',
        act: [proxy.drain('webapp3')],
        diagnosis: { check: 'others-serve', because: 0 },
      },
    ],
    recap: t(
      'A machine is taken out of service for its visitors first, and only then touched.',
      'On retire d’abord une machine du service de ses visiteurs ; on n’y touche qu’ensuite.',
    ),
  };
}

function webapp2Rests(expect: Words['expect']): readonly [Check, ...Check[]] {
  return [
    {
      id: 'webapp2-rests',
      claim: t('No visitor reaches webapp2', 'Aucun visiteur n’arrive sur webapp2'),
      probe: expect.served('none', 'webapp2'),
      window: { within: '10s', for: '1s' },
      because: [
        {
          when: expect.backend('webapp2', { admin: 'ready' }),
          say: t(
            'For the proxy webapp2 is still “ready”: see `relais backend list`.',
            'Pour le proxy, webapp2 est toujours « ready » : voyez `relais backend list`.',
          ),
        },
      ],
    },
    {
      id: 'webapp2-direct',
      claim: t(
        'webapp2 itself still answers on its own port',
        'webapp2 elle-même répond toujours sur son propre port',
      ),
      probe: expect.direct('webapp2'),
      because: [
        {
          when: expect.machine('webapp2', { state: 'poweroff' }),
          say: t(
            'webapp2 is off. It had to rest, not to stop: `lab heal webapp2`.',
            'webapp2 est éteinte. Elle devait se reposer, pas s’arrêter : `lab heal webapp2`.',
          ),
        },
      ],
    },
  ];
}

function othersServe(expect: Words['expect']): Check {
  return {
    id: 'others-serve',
    claim: t('webapp1 and webapp3 share the work', 'webapp1 et webapp3 se partagent le travail'),
    probe: expect.served('every', 'webapp1', 'webapp3'),
    window: { within: '10s' },
    because: [
      {
        when: expect.served('none', 'webapp3'),
        say: t(
          'It is webapp3 that gets no visitors. Was its address meant to be that of webapp2?',
          'C’est webapp3 qui ne reçoit plus de visiteurs. N’avez-vous pas pris son adresse pour celle de webapp2 ?',
        ),
      },
    ],
  };
}

function backToWork({ machines, proxy, expect }: Words): Step {
  return {
    id: 'back-to-work',
    title: t('Back to work', 'De retour au travail'),
    minutes: 1,
    say: t(
      'The update is done. Tell the proxy that webapp2 is ready again.',
      'La mise à jour est faite. Dites au proxy que webapp2 est de nouveau prête.',
    ),
    act: [proxy.ready('webapp2')],
    check: [
      {
        id: 'all-serve',
        claim: t('All three serve again', 'Les trois servent à nouveau'),
        probe: expect.served('every', 'webapp1', 'webapp2', 'webapp3'),
        window: { within: '10s' },
        because: [
          {
            when: expect.backend('webapp2', { admin: 'drain' }),
            say: t(
              'The proxy still sends nobody to webapp2: its state is “drain”. Starting the machine is not enough, the proxy wants to be told.',
              'Le proxy n’envoie toujours personne sur webapp2 : son état est « drain ». Démarrer la machine ne suffit pas, il faut prévenir le proxy.',
            ),
          },
        ],
      },
      {
        id: 'in-the-list',
        claim: t('The proxy counts on all three', 'Le proxy compte sur les trois'),
        probe: expect.backends('webapp1', 'webapp2', 'webapp3'),
      },
    ],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t(
        'What you said to the proxy can be taken back in the same way.',
        'Ce que vous avez dit au proxy se reprend de la même façon.',
      ),
      t(
        'Look at the column “state” of `relais backend list`, then at `relais help backend`.',
        'Regardez la colonne « state » de `relais backend list`, puis `relais help backend`.',
      ),
    ],
    mistakes: [
      {
        id: 'only-the-machine-told',
        act: [machines.heal('webapp2')],
        diagnosis: { check: 'all-serve', because: 0 },
      },
    ],
    recap: t(
      'The visitors never chose a machine, never knew that there are three, and did not notice that one was away.',
      'Les visiteurs n’ont jamais choisi de machine, n’ont jamais su qu’il y en avait trois, et n’ont pas vu que l’une était partie.',
    ),
  };
}
