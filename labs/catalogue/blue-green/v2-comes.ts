/** How version 2 comes: up and tried first, then into the proxy's list. */
import type { Check, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldNames as v1, newNames as v2 } from '../machines.ts';
import { browserShowsV1, noRequestFailedMeanwhile } from '../promises.ts';
import type { Words } from './versions.ts';

export function v1Serves({ expect }: Words): Step {
  return {
    id: 'v1-serves',
    title: t('Version 1 is in service', 'La version 1 est en service'),
    minutes: 1,
    say: t(
      'Three machines serve version 1. This is the site that must not stop: people are reading it while you work.',
      'Trois machines servent la version 1. C’est ce site qui ne doit pas s’arrêter : des gens le lisent pendant que vous travaillez.',
    ),
    act: [],
    check: [
      {
        id: 'v1-machines-serve',
        claim: t('The three v1 machines serve', 'Les trois machines v1 servent'),
        probe: expect.served('every', ...v1),
        window: { within: '10s' },
      },
      browserShowsV1(expect, '15s'),
    ],
    during: [noRequestFailedMeanwhile(expect)],
    see: [
      {
        id: 'before',
        visitor: 'browser',
        alt: t('The site before: version 1', 'Le site avant : version 1'),
      },
    ],
  };
}

export function v2ComesUp({ machines, expect }: Words): Step {
  return {
    id: 'v2-comes-up',
    title: t('Version 2 comes up, unseen', 'La version 2 démarre, à l’abri des regards'),
    minutes: 2,
    say: t(
      'Start three new machines with version 2. Each answers on its own port, where you can try it before anybody else does; the proxy does not know them yet.',
      'Démarrez trois nouvelles machines avec la version 2. Chacune répond sur son propre port, où vous pouvez l’essayer avant tout le monde ; le proxy ne les connaît pas encore.',
    ),
    act: [machines.up(...v2)],
    check: [
      answersDirectly(expect, 'webapp-new1'),
      answersDirectly(expect, 'webapp-new2'),
      answersDirectly(expect, 'webapp-new3'),
      {
        id: 'unseen',
        claim: t('No visitor sees v2 yet', 'Aucun visiteur ne voit encore la v2'),
        probe: expect.served('none', ...v2),
        window: { within: '10s', for: '500ms' },
      },
    ],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t(
        'Nothing is to be said to the proxy in this step.',
        'Dans cette étape, il n’y a rien à dire au proxy.',
      ),
      t(
        '`lab status` shows which machines there are and their own ports; `lab help up` shows how one is started.',
        '`lab status` montre les machines qui existent et leurs ports ; `lab help up` montre comment on en démarre une.',
      ),
    ],
    mistakes: [
      {
        id: 'one-forgotten',
        act: [machines.up('webapp-new1', 'webapp-new2')],
        diagnosis: { check: 'webapp-new3-direct', because: 0 },
      },
    ],
  };
}

function answersDirectly(expect: Words['expect'], machine: (typeof v2)[number]): Check {
  return {
    id: `${machine}-direct`,
    claim: t(`${machine} answers on its own port`, `${machine} répond sur son propre port`),
    probe: expect.direct(machine),
    window: { within: '10s' },
    because: [
      {
        when: expect.machine(machine, { state: 'not-created' }),
        say: t(
          `${machine} does not exist yet: \`lab status\` lists the machines that are up.`,
          `${machine} n’existe pas encore : \`lab status\` donne la liste des machines démarrées.`,
        ),
      },
      {
        when: expect.machine(machine, { failure: 'crash' }),
        say: t(
          `The machine ${machine} is up, its app is not: \`lab logs ${machine}\`.`,
          `La machine ${machine} est démarrée, mais pas son application : \`lab logs ${machine}\`.`,
        ),
      },
    ],
  };
}

export function v2Joins({ proxy, expect }: Words): Step {
  return {
    id: 'v2-joins',
    title: t('Version 2 joins', 'La version 2 entre en service'),
    minutes: 3,
    say: t(
      'Tell the proxy about the three new machines. No file is edited, nothing is restarted.',
      'Annoncez les trois nouvelles machines au proxy. Aucun fichier à modifier, rien à redémarrer.',
    ),
    predict: {
      ask: t(
        'Three machines have v1, three have v2, and all are in service. What does somebody see who reloads?',
        'Trois machines ont la v1, trois la v2, et toutes sont en service. Que voit quelqu’un qui recharge la page ?',
      ),
      choices: [
        {
          id: 'old-only',
          text: t('v1, until the last old machine is gone', 'La v1, tant qu’il reste une ancienne'),
          trueWhen: expect.share({ version: 'v1' }, { percent: 100, requests: 48 }),
        },
        {
          id: 'both',
          text: t('Now v1, now v2', 'Tantôt la v1, tantôt la v2'),
          trueWhen: expect.share({ version: 'v2' }, { percent: 50, tolerance: 20, requests: 48 }),
        },
        {
          id: 'new-only',
          text: t('v2, at once', 'La v2, tout de suite'),
          trueWhen: expect.share({ version: 'v2' }, { percent: 100, requests: 48 }),
        },
      ],
    },
    act: v2.map(machine => proxy.add(machine)),
    check: [allSixServe(expect), halfAndHalf(expect)],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t(
        'The old machines stay for now. Who has to learn about the new ones?',
        'Les anciennes machines restent pour l’instant. Qui doit apprendre que les nouvelles existent ?',
      ),
      t(
        '`lab status` shows the addresses of the new machines; `relais help backend add` shows how the proxy is told one.',
        '`lab status` montre les adresses des nouvelles machines ; `relais help backend add` montre comment en donner une au proxy.',
      ),
    ],
    mistakes: [
      {
        id: 'one-forgotten',
        act: [proxy.add('webapp-new1'), proxy.add('webapp-new2')],
        diagnosis: { check: 'both-serve', because: 2 },
      },
      {
        id: 'the-old-ones-first',
        act: v1.map(machine => proxy.remove(machine)),
        diagnosis: { check: 'both-serve', because: 0 },
      },
    ],
    recap: t(
      'For a while the site has two versions at once. Whatever they share, a database for example, must suit both.',
      'Pendant un moment, le site existe en deux versions à la fois. Ce qu’elles partagent, une base de données par exemple, doit convenir aux deux.',
    ),
  };
}

function allSixServe(expect: Words['expect']): Check {
  return {
    id: 'both-serve',
    claim: t('All six machines serve', 'Les six machines servent'),
    probe: expect.served('every', ...v1, ...v2),
    window: { within: '10s' },
    because: [
      {
        when: expect.status(503),
        say: t(
          'The proxy has no machine left to ask. The old ones had to stay until the new ones serve.',
          'Le proxy n’a plus aucune machine à qui demander. Les anciennes devaient rester jusqu’à ce que les nouvelles servent.',
        ),
      },
      {
        when: expect.backends(...v1),
        say: t(
          'The proxy knows the old machines only: see `relais backend list`.',
          'Le proxy ne connaît que les anciennes machines : voyez `relais backend list`.',
        ),
      },
      ...v2.toReversed().map(machine => ({
        when: expect.served('none', machine),
        say: t(
          `No visitor meets ${machine}. Is its address in \`relais backend list\`?`,
          `Aucun visiteur ne rencontre ${machine}. Son adresse est-elle dans \`relais backend list\` ?`,
        ),
      })),
    ],
  };
}

function halfAndHalf(expect: Words['expect']): Check {
  return {
    id: 'half-and-half',
    claim: t('Every second visit shows v2', 'Une visite sur deux montre la v2'),
    probe: expect.share({ version: 'v2' }, { percent: 50, tolerance: 10, requests: 48 }),
    window: { within: '15s' },
  };
}
