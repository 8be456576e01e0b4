/** The steps of the thundering-herd lab. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';
import type { oldMachines } from '../machines.ts';

type Words = Kit<keyof typeof oldMachines>;

export function steps(kit: Words): readonly [Step, ...Step[]] {
  return [aColdMachine(kit), drowned(kit), slowStart(kit)];
}

function aColdMachine({ machines, expect }: Words): Step {
  return {
    id: 'a-cold-machine',
    title: t('A machine with limits', 'Une machine qui a des limites'),
    minutes: 2,
    say: t(
      'Real machines have limits. Let webapp3 do four pages at once, and let it need eight seconds after each start until it can. Warm, that is plenty.',
      'Les vraies machines ont des limites. Laissez webapp3 traiter quatre pages à la fois, et donnez-lui huit secondes après chaque démarrage pour y arriver. Une fois chaude, c’est bien assez.',
    ),
    act: [machines.knobs('webapp3', { capacity: 4, warmUpMs: 8_000 })],
    check: [
      {
        id: 'warm',
        claim: t(
          'Once warm, webapp3 does its third of the work without an error',
          'Une fois chaude, webapp3 fait son tiers du travail sans erreur',
        ),
        probe: expect.share({ status: 200 }, { percent: 100, requests: 200 }),
        window: { within: '30s' },
      },
      {
        id: 'limited',
        claim: t('webapp3 has its limits', 'webapp3 a ses limites'),
        probe: expect.machine('webapp3', { knobs: { capacity: 4, warmUpMs: 8_000 } }),
        because: [
          {
            when: expect.machine('webapp3', { knobs: { capacity: 4 } }),
            say: t(
              'It can do four pages at once, but it is warm at once, too: give it eight seconds.',
              'Elle traite quatre pages à la fois, mais elle est chaude aussitôt : donnez-lui huit secondes.',
            ),
          },
          {
            when: expect.served('every', 'webapp3'),
            say: t(
              'webapp3 has no limits yet: turn its knobs.',
              'webapp3 n’a pas encore de limites : tournez ses boutons.',
            ),
          },
        ],
      },
      {
        id: 'serves',
        claim: t('webapp3 serves', 'webapp3 sert'),
        probe: expect.served('every', 'webapp3'),
      },
    ],
    hints: [
      t('A machine has knobs for this, too.', 'Une machine a aussi des boutons pour cela.'),
      t('`lab knobs webapp3` shows them.', '`lab knobs webapp3` les montre.'),
    ],
    mistakes: [
      {
        id: 'warm-at-once',
        act: [machines.knobs('webapp3', { capacity: 4 })],
        diagnosis: { check: 'limited', because: 0 },
      },
    ],
  };
}

function drowned({ machines, expect }: Words): Step {
  return {
    id: 'drowned',
    title: t('It dies, and comes back', 'Elle meurt, et revient'),
    minutes: 3,
    say: t(
      'Crash webapp3 and bring it back. Nobody notices that it dies: the others take over. Watch what happens when it lives.',
      'Faites planter webapp3, puis ramenez-la. Personne ne remarque sa mort : les autres prennent le relais. Regardez ce qui arrive quand elle revit.',
    ),
    predict: {
      ask: t(
        'webapp3 is back, and cold. What do visitors see?',
        'webapp3 est de retour, et froide. Que voient les visiteurs ?',
      ),
      choices: [
        {
          id: 'nothing',
          text: t('Nothing: it is alive again', 'Rien : elle revit'),
          trueWhen: expect.noFailedRequest(),
        },
        {
          id: 'errors',
          text: t('Errors, now that it lives', 'Des erreurs, maintenant qu’elle vit'),
          trueWhen: expect.answered(503, 3),
        },
      ],
    },
    act: [machines.down('webapp3', 'crash'), machines.heal('webapp3')],
    check: [
      {
        id: 'refused',
        claim: t(
          'webapp3 is alive and refuses visitors: it has more to do than it can',
          'webapp3 est vivante et refuse des visiteurs : elle a plus à faire qu’elle ne peut',
        ),
        probe: expect.answered(503, 3),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp3', { failure: 'crash' }),
            say: t(
              'webapp3 is still dead, and nobody misses it. Bring it back: `lab heal webapp3`.',
              'webapp3 est encore morte, et ne manque à personne. Ramenez-la : `lab heal webapp3`.',
            ),
          },
        ],
      },
      {
        id: 'alive',
        claim: t('webapp3 runs without a fault', 'webapp3 tourne sans défaut'),
        probe: expect.machine('webapp3', { state: 'running', failure: 'none' }),
      },
      {
        id: 'warm-again',
        claim: t(
          'After some seconds it is warm, and all is well',
          'Après quelques secondes, elle est chaude et tout va bien',
        ),
        probe: expect.share({ status: 200 }, { percent: 100, requests: 160 }),
        window: { within: '40s' },
      },
    ],
    hints: [
      t(
        'A machine that crashed starts again with empty caches.',
        'Une machine qui a planté redémarre avec des caches vides.',
      ),
      t(
        '`lab down … --how crash`, then `lab heal …`.',
        '`lab down … --how crash`, puis `lab heal …`.',
      ),
    ],
    mistakes: [
      {
        id: 'stays-dead',
        act: [machines.down('webapp3', 'crash')],
        diagnosis: { check: 'refused', because: 0 },
      },
    ],
    recap: t(
      'The herd came at once. With less luck the machine dies of it, comes back, and dies again.',
      'Le troupeau est arrivé d’un coup. Avec moins de chance, la machine en meurt, revient, et meurt encore.',
    ),
  };
}

function slowStart({ machines, proxy, expect }: Words): Step {
  return {
    id: 'slow-start',
    title: t('Give it time', 'Laissez-lui du temps'),
    minutes: 4,
    say: t(
      'Tell the proxy to take ten seconds until a machine that came back has its full share. Then crash webapp3 and bring it back once more.',
      'Dites au proxy de prendre dix secondes avant de rendre à une machine revenue toute sa part. Puis faites planter webapp3 et ramenez-la encore une fois.',
    ),
    act: [
      proxy.relais(['cluster', 'update', '--id', 'webapp', '--slow-start', '10']),
      machines.down('webapp3', 'crash'),
      machines.heal('webapp3'),
    ],
    check: [
      {
        id: 'came-back',
        claim: t('webapp3 was away, and is back', 'webapp3 était partie, et elle est de retour'),
        probe: expect.event('breaker-closed', { machine: 'webapp3' }),
        window: { within: '30s' },
        because: [
          {
            when: expect.machine('webapp3', { failure: 'crash' }),
            say: t(
              'webapp3 is still dead: `lab heal webapp3`.',
              'webapp3 est encore morte : `lab heal webapp3`.',
            ),
          },
          {
            when: expect.event('settings-changed'),
            say: t(
              'The proxy knows, but webapp3 has not been away yet: crash it and bring it back.',
              'Le proxy est prévenu, mais webapp3 n’est pas encore partie : faites-la planter et ramenez-la.',
            ),
          },
        ],
      },
      {
        id: 'no-error-at-all',
        claim: t(
          'Since it is back, nobody has got an error',
          'Depuis son retour, personne n’a vu d’erreur',
        ),
        probe: expect.share({ status: 200 }, { percent: 100, requests: 350 }),
        window: { within: '30s' },
        because: [
          {
            when: expect.answered(503),
            say: t(
              'It was drowned again. Is slow start on? Reset the step and begin with the proxy.',
              'Elle a encore été noyée. Le démarrage progressif est-il activé ? Recommencez l’étape, en commençant par le proxy.',
            ),
          },
        ],
      },
      {
        id: 'its-share',
        claim: t('It has its third again in the end', 'À la fin, elle a de nouveau son tiers'),
        probe: expect.share({ machine: 'webapp3' }, { percent: 33, tolerance: 4, requests: 90 }),
        window: { within: '45s' },
      },
      {
        id: 'page',
        claim: t('A browser shows the site', 'Un navigateur affiche le site'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '20s' },
      },
    ],
    see: [{ id: 'site', visitor: 'browser', alt: t('The site, unharmed', 'Le site, indemne') }],
    hints: [
      t(
        'It is a setting of the cluster, and must be there before the machine returns.',
        'C’est un réglage du cluster, à faire avant le retour de la machine.',
      ),
      t('Look at `relais help cluster update`.', 'Regardez `relais help cluster update`.'),
    ],
    mistakes: [
      {
        id: 'no-slow-start',
        act: [machines.down('webapp3', 'crash'), machines.heal('webapp3')],
        diagnosis: { check: 'no-error-at-all', because: 0 },
      },
    ],
    recap: t(
      'A machine that returns needs less work, not more. Slow start, a probe that waits until it is warm, and bounded queues are how one gives it that.',
      'Une machine qui revient a besoin de moins de travail, pas de plus. Démarrage progressif, sonde qui attend qu’elle soit chaude, files bornées : voilà comment on le lui donne.',
    ),
  };
}
