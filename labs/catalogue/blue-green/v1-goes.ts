/** How version 1 goes: out of the proxy's list first, off afterwards. */
import type { Check, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldNames as v1, newNames as v2 } from '../machines.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';
import type { Words } from './versions.ts';

export function v1Leaves({ proxy, expect }: Words): Step {
  return {
    id: 'v1-leaves',
    title: t('Version 1 leaves', 'La version 1 s’en va'),
    minutes: 3,
    say: t(
      'Remove the three old machines from the proxy. Each finishes the requests it has begun, and gets no new one.',
      'Retirez du proxy les trois anciennes machines. Chacune termine les requêtes commencées et n’en reçoit plus aucune.',
    ),
    predict: {
      ask: t(
        'A machine is just answering somebody when it is removed. What does that visitor get?',
        'Une machine est en train de répondre à quelqu’un quand on la retire. Que reçoit ce visiteur ?',
      ),
      choices: [
        {
          id: 'an-error',
          text: t('An error: the machine is gone', 'Une erreur : la machine n’est plus là'),
          trueWhen: expect.answered(503),
        },
        {
          id: 'the-whole-page',
          text: t('The whole page, from the old machine', 'La page entière, de l’ancienne machine'),
          trueWhen: expect.noFailedRequest(),
        },
      ],
    },
    act: v1.map(machine => proxy.remove(machine)),
    check: [v1Unused(expect), onlyV2InTheList(expect), v2Page(expect)],
    during: [noRequestFailedMeanwhile(expect)],
    see: [
      {
        id: 'after',
        visitor: 'browser',
        alt: t(
          'The site after: version 2 with its panda',
          'Le site après : version 2 avec son panda',
        ),
      },
    ],
    hints: [
      t(
        'The machines stay on. What changes is the list of the proxy.',
        'Les machines restent allumées. Ce qui change, c’est la liste du proxy.',
      ),
      t(
        'Compare `relais backend list` with the six addresses of `lab status`, then read `relais help backend remove`.',
        'Comparez `relais backend list` aux six adresses de `lab status`, puis lisez `relais help backend remove`.',
      ),
    ],
    mistakes: [
      {
        id: 'one-forgotten',
        act: [proxy.remove('webapp1'), proxy.remove('webapp2')],
        diagnosis: { check: 'only-v2-in-the-list', because: 2 },
      },
    ],
  };
}

function v1Unused(expect: Words['expect']): Check {
  return {
    id: 'v1-unused',
    claim: t(
      'No request reaches v1 after its removal',
      'Plus aucune requête n’arrive sur la v1 après son retrait',
    ),
    probe: expect.served('none', ...v1),
    window: { within: '10s', for: '2s' },
    because: [
      {
        when: expect.backends(...v2),
        say: t(
          'The proxy’s list has v2 only, and yet it sent requests to a machine that was removed: it goes on using old connections.',
          'La liste du proxy ne contient que la v2, et pourtant des requêtes sont parties vers une machine retirée : il continue d’utiliser d’anciennes connexions.',
        ),
      },
      {
        when: expect.backends(...v1, ...v2),
        say: t(
          'All six machines are still in `relais backend list`.',
          'Les six machines sont encore dans `relais backend list`.',
        ),
      },
    ],
  };
}

function onlyV2InTheList(expect: Words['expect']): Check {
  return {
    id: 'only-v2-in-the-list',
    claim: t('The proxy knows v2 only', 'Le proxy ne connaît plus que la v2'),
    probe: expect.backends(...v2),
    because: v1.map(machine => ({
      when: expect.backend(machine, {}),
      say: t(
        `${machine} is still in \`relais backend list\`.`,
        `${machine} est encore dans \`relais backend list\`.`,
      ),
    })),
  };
}

function v2Page(expect: Words['expect']): Check {
  return {
    id: 'v2-page',
    claim: t('A browser shows v2 and its panda', 'Un navigateur affiche la v2 et son panda'),
    probe: expect.page({ status: 200, text: '🐼' }),
    window: { within: '15s' },
  };
}

export function v1IsOff({ machines, expect }: Words): Step {
  return {
    id: 'v1-is-off',
    title: t('Switch version 1 off', 'Éteignez la version 1'),
    minutes: 1,
    say: t(
      'Nothing depends on the old machines any more: pull their plugs.',
      'Plus rien ne dépend des anciennes machines : débranchez-les.',
    ),
    act: v1.map(machine => machines.down(machine, 'power-off')),
    check: [
      {
        id: 'v2-goes-on',
        claim: t(
          'The three v2 machines go on serving',
          'Les trois machines v2 continuent de servir',
        ),
        probe: expect.served('every', ...v2),
        window: { within: '10s', for: '1s' },
        because: v2.map(machine => ({
          when: expect.machine(machine, { state: 'poweroff' }),
          say: t(
            `${machine} is off: that is one of the new ones. \`lab heal ${machine}\` brings it back.`,
            `${machine} est éteinte : c’est l’une des nouvelles. \`lab heal ${machine}\` la ramène.`,
          ),
        })),
      },
      ...v1.map(machine => isOff(expect, machine)),
    ],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t('This is about machines, not about the proxy.', 'Il s’agit des machines, pas du proxy.'),
      t(
        '`lab help down` shows the ways in which a machine can go away.',
        '`lab help down` montre de quelles façons une machine peut disparaître.',
      ),
    ],
    mistakes: [
      {
        id: 'a-new-one-off',
        act: [
          machines.down('webapp1', 'power-off'),
          machines.down('webapp2', 'power-off'),
          machines.down('webapp-new3', 'power-off'),
        ],
        diagnosis: { check: 'v2-goes-on', because: 2 },
      },
    ],
    recap: t(
      'A new site, no pause, no error: up, try, join, leave, off, in this order. Keep the old machines a little longer in real life: a way back costs nothing.',
      'Un nouveau site, sans pause ni erreur : démarrer, essayer, ajouter, retirer, éteindre, dans cet ordre. Dans la vraie vie, gardez les anciennes machines encore un peu : un retour en arrière ne coûte rien.',
    ),
  };
}

function isOff(expect: Words['expect'], machine: (typeof v1)[number]): Check {
  return {
    id: `${machine}-off`,
    claim: t(`${machine} is off`, `${machine} est éteinte`),
    probe: expect.machine(machine, { state: 'poweroff' }),
    because: [
      {
        when: expect.machine(machine, { state: 'running' }),
        say: t(
          `${machine} still has power: \`lab status\`.`,
          `${machine} a toujours du courant : \`lab status\`.`,
        ),
      },
    ],
  };
}
