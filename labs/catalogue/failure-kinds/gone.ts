/** Machines that do not take a connection: what a client hears, and that the breaker notices. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import type { Kit } from '../../harness/words.ts';
import { noVisitorGotAnError } from '../promises.ts';

export type Words = Kit<
  'webapp1' | 'webapp2' | 'webapp3' | 'webapp-new1',
  'alice' | 'bob' | 'carol'
>;

export function fourSilences({ machines, expect }: Words): Step {
  return {
    id: 'four-silences',
    title: t('Four machines fall silent', 'Quatre machines se taisent'),
    minutes: 4,
    say: t(
      'One app crashes, one machine loses its power, one network swallows packets, one app is frozen: it has a process, and does nothing. Measure what somebody hears who connects to each; then repair them. The visitors rest meanwhile.',
      'Une application plante, une machine perd le courant, un réseau avale les paquets, une application est figée : son processus existe, mais ne fait rien. Mesurez ce qu’entend celui qui se connecte à chacune, puis réparez-les. Pendant ce temps, les visiteurs se reposent.',
    ),
    visitors: 'rest',
    predict: {
      ask: t(
        'Somebody checks these machines by connecting to them, and nothing more. Which one looks healthy?',
        'Quelqu’un vérifie ces machines en s’y connectant, sans rien demander de plus. Laquelle paraît en bonne santé ?',
      ),
      choices: [
        {
          id: 'crash',
          text: t('webapp1, whose app crashed', 'webapp1, dont l’application a planté'),
          trueWhen: expect.connect('webapp1', 'connected'),
        },
        {
          id: 'power-off',
          text: t('webapp2, which has no power', 'webapp2, qui n’a plus de courant'),
          trueWhen: expect.connect('webapp2', 'connected'),
        },
        {
          id: 'freeze',
          text: t('webapp-new1, whose app is frozen', 'webapp-new1, dont l’application est figée'),
          trueWhen: expect.connect('webapp-new1', 'connected'),
        },
      ],
    },
    act: [
      machines.down('webapp1', 'crash'),
      machines.down('webapp2', 'power-off'),
      machines.down('webapp3', 'blackhole'),
      machines.down('webapp-new1', 'freeze'),
      machines.measure('webapp1', 'webapp2', 'webapp3', 'webapp-new1'),
      machines.heal('webapp1'),
      machines.heal('webapp2'),
      machines.heal('webapp3'),
      machines.heal('webapp-new1'),
    ],
    check: [
      {
        id: 'crash-is-refused',
        claim: t('Crash: refused, at once', 'Plantage : refusé, aussitôt'),
        probe: expect.connect('webapp1', 'refused'),
        because: [
          {
            when: expect.connect('webapp1', 'connected'),
            say: t(
              'webapp1 took the connection: it was measured before it crashed, or after it was repaired.',
              'webapp1 a accepté la connexion : elle a été mesurée avant son plantage, ou après sa réparation.',
            ),
          },
        ],
      },
      {
        id: 'power-off-is-unreachable',
        claim: t(
          'No power: unreachable after about 3 s, when nobody answers for the address',
          'Plus de courant : injoignable au bout de 3 s environ, quand personne ne répond à l’adresse',
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
          'Swallowed packets: silence, until the client gives up',
          'Paquets avalés : le silence, jusqu’à ce que le client renonce',
        ),
        probe: expect.connect('webapp3', 'silent'),
        imitated: {
          verb: 'blackhole',
          claim: t(
            'Here swallowed packets are imitated by an app that takes no connection: the client hears nothing',
            'Ici, les paquets avalés sont imités par une application qui n’accepte rien : le client n’entend rien',
          ),
          probe: expect.connect('webapp3', 'silent', 'connected'),
        },
      },
      {
        id: 'freeze-is-connected',
        claim: t(
          'Frozen: connected, as with a healthy machine; the system answers for the app',
          'Figée : connecté, comme avec une machine saine ; le système répond à la place de l’application',
        ),
        probe: expect.connect('webapp-new1', 'connected'),
      },
    ],
    hints: [
      t(
        'Four machines, four words behind --how; measure all of them while they fail.',
        'Quatre machines, quatre mots après --how ; mesurez-les toutes pendant leur panne.',
      ),
      t(
        '`lab help down` lists the failures, `lab status` shows which are in force, `lab heal` ends them all.',
        '`lab help down` liste les pannes, `lab status` montre celles en cours, `lab heal` les termine toutes.',
      ),
    ],
    mistakes: [
      {
        id: 'measured-too-soon',
        act: [machines.measure('webapp1', 'webapp2', 'webapp3', 'webapp-new1')],
        diagnosis: { check: 'crash-is-refused', because: 0 },
      },
    ],
    recap: t(
      'Three of the four can be noticed by connecting. The frozen one cannot: it must be asked something.',
      'On peut remarquer trois des quatre en se connectant. Pas celle qui est figée : il faut lui demander quelque chose.',
    ),
  };
}

export function gone({ machines, expect }: Words): Step {
  return {
    id: 'gone',
    title: t('Gone, loudly and silently', 'Disparues, avec et sans bruit'),
    minutes: 3,
    say: t(
      'Now under traffic: webapp2 crashes, the network of webapp3 swallows packets. A connect that fails costs no error: nothing was sent yet, so the proxy asks another machine; where it hears nothing, it does so after a third of a second. After three failures it stops trying.',
      'Maintenant sous trafic : webapp2 plante, le réseau de webapp3 avale les paquets. Une connexion ratée ne coûte pas d’erreur : rien n’a encore été envoyé, le proxy demande donc à une autre machine ; s’il n’entend rien, il le fait au bout d’un tiers de seconde. Au bout de trois échecs, il n’essaie plus.',
    ),
    act: [machines.down('webapp2', 'crash'), machines.down('webapp3', 'blackhole')],
    check: [
      {
        id: 'webapp2-open',
        claim: t('The breaker of webapp2 is open', 'Le disjoncteur de webapp2 est ouvert'),
        probe: expect.breaker('open', 'webapp2'),
        window: { within: '30s' },
        because: [
          {
            when: expect.machine('webapp2', { failure: 'freeze' }),
            say: t(
              'webapp2 is frozen: it still takes connections, so no connect fails. This step wants a crash.',
              'webapp2 est figée : elle accepte encore les connexions, aucune n’échoue donc. Cette étape demande un plantage.',
            ),
          },
          {
            when: expect.machine('webapp2', { failure: 'none' }),
            say: t('Nothing is wrong with webapp2.', 'webapp2 n’a aucune panne.'),
          },
        ],
      },
      {
        id: 'webapp3-open',
        claim: t('The breaker of webapp3 is open', 'Le disjoncteur de webapp3 est ouvert'),
        probe: expect.breaker('open', 'webapp3'),
        imitated: {
          verb: 'silent-connect',
          claim: t(
            'Here swallowed packets are imitated by an app that is stopped: connects succeed, so the breaker of webapp3 stays closed',
            'Ici, les paquets avalés sont imités par une application arrêtée : les connexions réussissent, le disjoncteur de webapp3 reste donc fermé',
          ),
          probe: expect.breaker('closed', 'webapp3'),
        },
        window: { within: '40s' },
        because: [
          {
            when: expect.machine('webapp3', { failure: 'none' }),
            say: t('Nothing is wrong with webapp3.', 'webapp3 n’a aucune panne.'),
          },
        ],
      },
      {
        id: 'somebody-waited',
        claim: t(
          'Somebody waited for silence: a third of a second, not five',
          'Quelqu’un a attendu dans le silence : un tiers de seconde, et non cinq',
        ),
        probe: expect.waited({ atLeastMs: 250 }),
        window: { within: '30s' },
      },
      {
        id: 'page-goes-on',
        claim: t('The browser shows the site', 'Le navigateur affiche le site'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v1' }),
        window: { within: '30s' },
      },
    ],
    during: [noVisitorGotAnError(expect)],
    see: [
      {
        id: 'still-there',
        visitor: 'browser',
        alt: t(
          'Two of three machines are gone; the page is as ever',
          'Deux machines sur trois ont disparu ; la page est comme avant',
        ),
      },
    ],
    hints: [
      t(
        'Two failures that a connect notices: one at once, one after a wait.',
        'Deux pannes que la connexion remarque : l’une aussitôt, l’autre après une attente.',
      ),
      t(
        '`relais backend list` shows the breakers, `relais events -n 10` what each connect met.',
        '`relais backend list` montre les disjoncteurs, `relais events -n 10` ce que chaque connexion a rencontré.',
      ),
    ],
    mistakes: [
      {
        id: 'frozen-instead',
        act: [machines.down('webapp2', 'freeze'), machines.down('webapp3', 'blackhole')],
        diagnosis: { check: 'webapp2-open', because: 0 },
      },
    ],
  };
}
