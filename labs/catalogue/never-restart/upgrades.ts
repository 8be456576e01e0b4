/** The first half of the never-restart lab: processes are replaced under traffic. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { nothingLost, servesStill, type Words } from './checks.ts';

export function newWorkers({ machines, proxy, expect }: Words): Step {
  return {
    id: 'new-workers',
    title: t('New workers', 'De nouveaux workers'),
    minutes: 3,
    say: t(
      'A proxy has a main process, which takes commands, and workers, which carry the traffic. Nadia asks for reports that take two seconds each, so something is always under way. Replace the workers now, as after an update of the program.',
      'Un proxy a un processus principal, qui reçoit les commandes, et des workers, qui transportent le trafic. Nadia demande des rapports qui prennent deux secondes chacun : il y a donc toujours quelque chose en cours. Remplacez les workers maintenant, comme après une mise à jour du programme.',
    ),
    predict: {
      ask: t(
        'Two workers carry Nadia’s reports. What happens to these reports when both workers are replaced?',
        'Deux workers transportent les rapports de Nadia. Que deviennent ces rapports quand les deux workers sont remplacés ?',
      ),
      choices: [
        {
          id: 'finished',
          text: t(
            'The old workers finish them first: Nadia gets them all',
            'Les anciens workers les terminent d’abord : Nadia les reçoit tous',
          ),
          trueWhen: expect.noFailedRequest(),
        },
        {
          id: 'cut',
          text: t(
            'Those under way are cut off: Nadia gets an error',
            'Ceux qui sont en cours sont coupés : Nadia reçoit une erreur',
          ),
          trueWhen: expect.cut(),
        },
      ],
    },
    act: [
      machines.down('webapp3', 'slow'),
      proxy.relais(['upgrade', '--workers'], { replayed: false }),
    ],
    check: [
      {
        id: 'workers-are-new',
        claim: t(
          'Other workers carry the traffic; the main process is the same',
          'D’autres workers transportent le trafic ; le processus principal est le même',
        ),
        probe: expect.processes('new-workers'),
        window: { within: '20s' },
        because: [
          {
            when: expect.processes('all-new'),
            say: t(
              'The main process was replaced as well: that is `relais upgrade` without --workers, or a restart. Upgrade the workers only.',
              'Le processus principal a été remplacé aussi : c’est `relais upgrade` sans --workers, ou un redémarrage. Ne remplacez que les workers.',
            ),
          },
          {
            when: expect.processes('the-same'),
            say: t(
              'The workers are those that this step began with: nothing was replaced yet.',
              'Les workers sont ceux du début de l’étape : rien n’a encore été remplacé.',
            ),
          },
        ],
      },
      {
        id: 'reports-are-slow',
        claim: t(
          'Nadia’s reports take their two seconds',
          'Les rapports de Nadia prennent leurs deux secondes',
        ),
        probe: expect.waited({ visitor: 'nadia', atLeastMs: 1_500 }),
        window: { within: '15s' },
        because: [
          {
            when: expect.machine('webapp3', { failure: 'none' }),
            say: t(
              'webapp3 still answers at once. Make it slow first, so that something is under way.',
              'webapp3 répond encore aussitôt. Ralentissez-la d’abord, pour qu’il y ait quelque chose en cours.',
            ),
          },
        ],
      },
      servesStill(expect),
    ],
    during: [nothingLost(expect)],
    hints: [
      t(
        'You want new workers, and the same main process. Which command replaces one and not the other?',
        'Il faut de nouveaux workers et le même processus principal. Quelle commande remplace les uns sans l’autre ?',
      ),
      t(
        'Look at `relais help upgrade`, and compare the process numbers that `relais status` shows before and after.',
        'Lisez `relais help upgrade`, et comparez les numéros de processus que montre `relais status` avant et après.',
      ),
    ],
    mistakes: [
      {
        id: 'main-process-too',
        act: [machines.down('webapp3', 'slow'), proxy.relais(['upgrade'], { replayed: false })],
        diagnosis: { check: 'workers-are-new', because: 0 },
      },
    ],
    recap: t(
      'A new worker begins, the old one finishes what it has, then it goes. Connections without a request are handed over: Bob never had to connect again.',
      'Un nouveau worker commence, l’ancien termine ce qu’il a, puis s’en va. Les connexions sans requête sont transmises : Bob n’a jamais eu à se reconnecter.',
    ),
  };
}

export function somethingToLose({ machines, proxy, expect }: Words): Step {
  return {
    id: 'something-to-lose',
    title: t('Something to lose', 'Quelque chose à perdre'),
    minutes: 2,
    say: t(
      'Two things that are in no file: you give webapp1 another weight while the proxy runs, and webapp2 crashes. The proxy finds out and opens its circuit breaker: it sends nobody there any more.',
      'Deux choses qui ne sont dans aucun fichier : vous changez le poids de webapp1 pendant que le proxy tourne, et webapp2 plante. Le proxy s’en aperçoit et ouvre son disjoncteur : il n’y envoie plus personne.',
    ),
    act: [proxy.weight('webapp1', 50), machines.down('webapp2', 'crash')],
    check: [
      {
        id: 'weight-is-50',
        claim: t('webapp1 has the weight 50', 'webapp1 a le poids 50'),
        probe: expect.backend('webapp1', { weight: 50 }),
        because: [
          {
            when: expect.backend('webapp2', { weight: 50 }),
            say: t(
              'webapp2 has the weight 50: it was meant for webapp1.',
              'C’est webapp2 qui a le poids 50 : il était destiné à webapp1.',
            ),
          },
          {
            when: expect.backend('webapp1', { weight: 100 }),
            say: t(
              'webapp1 still has the weight 100, as in the file.',
              'webapp1 a encore le poids 100, celui du fichier.',
            ),
          },
        ],
      },
      {
        id: 'webapp2-open',
        claim: t('The breaker of webapp2 is open', 'Le disjoncteur de webapp2 est ouvert'),
        probe: expect.breaker('open', 'webapp2'),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp2', { failure: 'none' }),
            say: t('Nothing is wrong with webapp2 yet.', 'webapp2 n’a encore aucune panne.'),
          },
        ],
      },
    ],
    during: [nothingLost(expect)],
    hints: [
      t(
        'A weight is a property of a backend, and a crash is something that happens to a machine.',
        'Le poids est une propriété d’un backend ; un plantage arrive à une machine.',
      ),
      t(
        '`relais backend list` shows weight and breaker; `relais help backend weight` and `lab help down` tell how.',
        '`relais backend list` montre poids et disjoncteur ; `relais help backend weight` et `lab help down` disent comment faire.',
      ),
    ],
    mistakes: [
      {
        id: 'weight-of-the-other',
        act: [proxy.weight('webapp2', 50), machines.down('webapp2', 'crash')],
        diagnosis: { check: 'weight-is-50', because: 0 },
      },
    ],
  };
}

export function newMainProcess({ proxy, expect }: Words): Step {
  return {
    id: 'new-main-process',
    title: t('A new main process', 'Un nouveau processus principal'),
    minutes: 3,
    say: t(
      'Now everything: the main process and all workers are replaced by new ones from the program on disk. The file still says weight 100.',
      'Maintenant, tout : le processus principal et tous les workers sont remplacés par de nouveaux, lancés depuis le programme sur le disque. Le fichier, lui, dit toujours poids 100.',
    ),
    predict: {
      ask: t(
        'Which weight does webapp1 have in the new processes?',
        'Quel poids webapp1 a-t-elle dans les nouveaux processus ?',
      ),
      choices: [
        {
          id: 'as-it-was',
          text: t('50, as it was just before', '50, comme juste avant'),
          trueWhen: expect.backend('webapp1', { weight: 50 }),
        },
        {
          id: 'as-in-the-file',
          text: t('100, as in the file', '100, comme dans le fichier'),
          trueWhen: expect.backend('webapp1', { weight: 100 }),
        },
      ],
    },
    act: [proxy.relais(['upgrade'], { replayed: false })],
    check: [
      {
        id: 'all-processes-are-new',
        claim: t(
          'Every process of the proxy is a new one',
          'Tous les processus du proxy sont nouveaux',
        ),
        probe: expect.processes('all-new'),
        window: { within: '20s' },
        because: [
          {
            when: expect.processes('new-workers'),
            say: t(
              'Only the workers were replaced. This time the main process goes as well: leave --workers out.',
              'Seuls les workers ont été remplacés. Cette fois, le processus principal change aussi : sans --workers.',
            ),
          },
          {
            when: expect.processes('the-same'),
            say: t('No process was replaced yet.', 'Aucun processus n’a encore été remplacé.'),
          },
        ],
      },
      {
        id: 'weight-is-kept',
        claim: t('webapp1 still has the weight 50', 'webapp1 a toujours le poids 50'),
        probe: expect.backend('webapp1', { weight: 50 }),
        window: { within: '10s' },
        because: [
          {
            when: expect.stopped('soft'),
            say: t(
              'The proxy was stopped and started again: it knows its file only. An upgrade keeps what was changed since.',
              'Le proxy a été arrêté puis relancé : il ne connaît plus que son fichier. Une mise à jour garde ce qui a changé depuis.',
            ),
          },
        ],
      },
      {
        id: 'breaker-is-kept',
        claim: t(
          'The new processes know that webapp2 is dead',
          'Les nouveaux processus savent que webapp2 est morte',
        ),
        probe: expect.breaker('open', 'webapp2'),
        window: { within: '10s' },
      },
      {
        id: 'nobody-tried-webapp2',
        claim: t(
          'They were told so: none of them tried webapp2 in vain',
          'On le leur a dit : aucun n’a essayé webapp2 en vain',
        ),
        probe: expect.backend('webapp2', { failedConnects: 0 }),
        window: { within: '5s', for: '1s' },
      },
      {
        id: 'page-goes-on',
        claim: t('A browser shows the site', 'Un navigateur affiche le site'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '20s' },
      },
    ],
    during: [nothingLost(expect)],
    see: [
      {
        id: 'behind-new-processes',
        visitor: 'browser',
        alt: t(
          'The site, served through processes that did not exist a moment ago',
          'Le site, servi par des processus qui n’existaient pas un instant plus tôt',
        ),
      },
    ],
    hints: [
      t(
        'The same command as before, with less in it.',
        'La même commande que tout à l’heure, avec quelque chose en moins.',
      ),
      t(
        'Compare `relais status` before and after: the number of the main process must change.',
        'Comparez `relais status` avant et après : le numéro du processus principal doit changer.',
      ),
    ],
    mistakes: [
      {
        id: 'workers-only',
        act: [proxy.relais(['upgrade', '--workers'], { replayed: false })],
        diagnosis: { check: 'all-processes-are-new', because: 0 },
      },
    ],
    recap: t(
      'The new main process got the listening socket, the configuration as it was, and what was known of dead machines. That is why this proxy need not be restarted, not even for its own update.',
      'Le nouveau processus principal a reçu la socket d’écoute, la configuration du moment et ce qu’on savait des machines mortes. Voilà pourquoi on n’a pas besoin de redémarrer ce proxy, même pour le mettre à jour.',
    ),
  };
}
