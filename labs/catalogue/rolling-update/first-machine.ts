/** The first machine, slowly: out of the flow, another version, back in. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { allThreeServe, noRequestFailedMeanwhile } from '../promises.ts';
import { backIn, type Words } from './words.ts';

export function outOfTheFlow(kit: Words): Step {
  const { proxy, expect } = kit;
  return {
    id: 'out-of-the-flow',
    title: t('Out of the flow', 'Hors du flux'),
    minutes: 2,
    say: t(
      'An update restarts the app, and whoever is being served at that moment would be cut off. So first drain webapp1: it gets no new request and finishes those it has. The proxy says when it is safe to stop.',
      'Une mise à jour redémarre l’application, et qui est servi à ce moment-là serait coupé. Videz donc d’abord webapp1 : elle ne reçoit plus rien de nouveau et finit ce qu’elle a. Le proxy dit quand on peut l’arrêter.',
    ),
    act: [proxy.drain('webapp1')],
    check: [
      {
        id: 'in-drain',
        claim: t('webapp1 is in drain', 'webapp1 est en cours de vidage'),
        probe: expect.backend('webapp1', { admin: 'drain' }),
        window: { within: '15s' },
        because: [
          {
            when: expect.backends('webapp2', 'webapp3'),
            say: t(
              'webapp1 was removed. That is safe, too, but then nobody checks its health, and it has to be added again: drain keeps it in the list.',
              'webapp1 a été retirée. C’est sûr aussi, mais alors personne ne contrôle sa santé, et il faudra l’ajouter à nouveau : le vidage la garde dans la liste.',
            ),
          },
          {
            when: expect.backend('webapp1', { admin: 'maint' }),
            say: t(
              'In maintenance, its health is not checked, and you will want to know it. Drain it instead.',
              'En maintenance, sa santé n’est pas contrôlée, et vous voudrez la connaître. Videz-la plutôt.',
            ),
          },
          {
            when: expect.backend('webapp1', { weight: 0 }),
            say: t(
              'Weight 0 keeps the visitors that the machine has. A drain lets go of everybody.',
              'Le poids 0 garde les visiteurs que la machine a déjà. Un vidage laisse partir tout le monde.',
            ),
          },
        ],
      },
      {
        id: 'unused',
        claim: t('No visitor goes to webapp1', 'Aucun visiteur ne va plus sur webapp1'),
        probe: expect.served('none', 'webapp1'),
        window: { within: '10s', for: '500ms' },
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    hints: [
      t(
        'Not gone, only out of the flow: you want it back in a minute.',
        'Pas partie, seulement hors du flux : vous la voudrez de retour dans une minute.',
      ),
      t(
        '`relais help backend` lists what can be done with a backend.',
        '`relais help backend` donne ce qu’on peut faire d’un backend.',
      ),
    ],
    mistakes: [
      {
        id: 'removed',
        act: [proxy.remove('webapp1')],
        diagnosis: { check: 'in-drain', because: 0 },
      },
      {
        id: 'weightless',
        act: [proxy.weight('webapp1', 0)],
        diagnosis: { check: 'in-drain', because: 2 },
      },
    ],
  };
}

export function newVersion(kit: Words): Step {
  const { machines, expect } = kit;
  return {
    id: 'new-version',
    title: t('The new version, unseen', 'La nouvelle version, à l’abri des regards'),
    minutes: 2,
    say: t(
      'Now nobody is there. Deploy version 2 on webapp1, and look at it on its own port.',
      'Il n’y a maintenant plus personne. Déployez la version 2 sur webapp1, et regardez-la sur son propre port.',
    ),
    act: [machines.deploy('webapp1', 'v2')],
    check: [
      {
        id: 'v2-on-webapp1',
        claim: t('webapp1 runs version 2', 'webapp1 a la version 2'),
        probe: expect.machine('webapp1', { state: 'running', version: 'v2' }),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp2', { version: 'v2' }),
            say: t(
              'Version 2 is on webapp2, which has visitors. The machine that was drained is webapp1.',
              'La version 2 est sur webapp2, qui a des visiteurs. La machine vidée est webapp1.',
            ),
          },
          {
            when: expect.machine('webapp1', { version: 'v3' }),
            say: t('That is version 3, a bad build.', 'C’est la version 3, une mauvaise version.'),
          },
        ],
      },
      {
        id: 'direct',
        claim: t('It answers on its own port', 'Elle répond sur son propre port'),
        probe: expect.direct('webapp1'),
        window: { within: '20s' },
      },
      {
        id: 'unseen',
        claim: t('No visitor sees it yet', 'Aucun visiteur ne la voit encore'),
        probe: expect.served('none', 'webapp1'),
        window: { within: '10s', for: '500ms' },
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    hints: [
      t('Which machine may be restarted now?', 'Quelle machine peut être redémarrée maintenant ?'),
      t('`lab deploy --help` names the versions.', '`lab deploy --help` donne les versions.'),
    ],
    mistakes: [
      {
        id: 'wrong-machine',
        act: [machines.deploy('webapp2', 'v2')],
        diagnosis: { check: 'v2-on-webapp1', because: 0 },
      },
    ],
  };
}

export function backInService(kit: Words): Step {
  const { expect } = kit;
  return {
    id: 'back-in-service',
    title: t('How are you? Back in', 'Comment allez-vous ? De retour'),
    minutes: 2,
    say: t(
      'Make webapp1 ready again, but only when its health checks pass from now on: what they said before the update does not count.',
      'Remettez webapp1 en service, mais seulement si ses contrôles de santé réussissent à partir de maintenant : ce qu’ils disaient avant la mise à jour ne compte pas.',
    ),
    act: [backIn(kit, 'webapp1')],
    check: [
      {
        id: 'ready',
        claim: t('webapp1 is ready and healthy', 'webapp1 est prête et va bien'),
        probe: expect.backend('webapp1', { admin: 'ready', healthy: true }),
        window: { within: '20s' },
        because: [
          {
            when: expect.backend('webapp1', { admin: 'drain' }),
            say: t('webapp1 is still in drain.', 'webapp1 est encore en cours de vidage.'),
          },
        ],
      },
      {
        id: 'a-third-sees-v2',
        claim: t('A third of the requests see v2', 'Un tiers des requêtes voient la v2'),
        probe: expect.share({ version: 'v2' }, { percent: 33, tolerance: 8, requests: 60 }),
        window: { within: '30s' },
      },
      allThreeServe(expect, '20s'),
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    hints: [
      t(
        'The proxy asks every machine for /status all the time. Let it decide.',
        'Le proxy demande sans cesse /status à chaque machine. Laissez-le décider.',
      ),
      t(
        '`relais help backend ready` has the option.',
        '`relais help backend ready` donne l’option.',
      ),
    ],
    recap: t(
      'Drain, update, probe, ready. Each is one command with an exit code, so a script can stop at any of them.',
      'Vider, mettre à jour, sonder, remettre en service. Chacun est une commande avec un code de sortie : un script peut s’arrêter à n’importe laquelle.',
    ),
  };
}
