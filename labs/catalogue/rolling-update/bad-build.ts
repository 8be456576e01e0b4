/** The third machine gets a bad build: it is stopped at the door, and then mended. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { allThreeServe, browserShowsPanda, noRequestFailedMeanwhile } from '../promises.ts';
import { backIn, tryBackIn, type Words } from './words.ts';

export function badBuild(kit: Words): Step {
  const { machines, proxy, expect } = kit;
  return {
    id: 'bad-build',
    title: t('A bad build', 'Une mauvaise version'),
    minutes: 3,
    say: t(
      'Somebody has built version 3, and webapp3 gets it. It starts, it accepts connections, and every page of it is an error. Do with it what you did with the others.',
      'Quelqu’un a construit la version 3, et webapp3 la reçoit. Elle démarre, elle accepte les connexions, et chacune de ses pages est une erreur. Faites avec elle comme avec les autres.',
    ),
    predict: {
      ask: t(
        'How many visitors will see the bad build?',
        'Combien de visiteurs verront la mauvaise version ?',
      ),
      choices: [
        {
          id: 'some',
          text: t(
            'A few, until its checks have failed',
            'Quelques-uns, le temps que ses contrôles échouent',
          ),
          trueWhen: expect.answered(500),
        },
        {
          id: 'nobody',
          text: t('Nobody', 'Personne'),
          trueWhen: expect.noFailedRequest(),
        },
      ],
    },
    act: [proxy.drain('webapp3'), machines.deploy('webapp3', 'v3'), tryBackIn(kit, 'webapp3')],
    check: [
      {
        id: 'v3-on-webapp3',
        claim: t('webapp3 runs version 3', 'webapp3 a la version 3'),
        probe: expect.machine('webapp3', { state: 'running', version: 'v3' }),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp3', { version: 'v1' }),
            say: t('webapp3 still runs version 1.', 'webapp3 a encore la version 1.'),
          },
        ],
      },
      {
        id: 'stopped',
        claim: t(
          'Its checks fail, and it stays in drain',
          'Ses contrôles échouent, et elle reste hors du flux',
        ),
        probe: expect.backend('webapp3', { admin: 'drain', healthy: false }),
        window: { within: '30s' },
        because: [
          {
            when: expect.backend('webapp3', { admin: 'ready' }),
            say: t(
              'webapp3 was made ready before its health was known: whether a visitor meets version 3 is luck. Drain it now; next time, use --when-healthy.',
              'webapp3 a été remise en service avant qu’on connaisse sa santé : qu’un visiteur rencontre ou non la version 3 est un hasard. Videz-la tout de suite ; la prochaine fois, utilisez --when-healthy.',
            ),
          },
          {
            when: expect.answered(500),
            say: t(
              'Visitors have met version 3 in this step.',
              'Des visiteurs ont rencontré la version 3 pendant cette étape.',
            ),
          },
        ],
      },
      {
        id: 'unseen',
        claim: t('No visitor ever meets it', 'Aucun visiteur ne la rencontre'),
        probe: expect.served('none', 'webapp3'),
        window: { within: '10s', for: '1s' },
      },
      {
        id: 'others-serve',
        claim: t('The others serve on', 'Les autres continuent de servir'),
        probe: expect.served('every', 'webapp1', 'webapp2'),
        window: { within: '15s' },
      },
      {
        id: 'v2-page',
        claim: t('A browser shows v2', 'Un navigateur affiche la v2'),
        probe: expect.page({ status: 200, text: 'Hello 🌍 v2' }),
        window: { within: '20s' },
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    see: [
      {
        id: 'still-fine',
        visitor: 'browser',
        alt: t(
          'The site while the bad build waits outside',
          'Le site pendant que la mauvaise version attend dehors',
        ),
      },
    ],
    hints: [
      t(
        'Drain, deploy, and let its health decide. The last command will say no: read what it says.',
        'Videz, déployez, et laissez sa santé décider. La dernière commande dira non : lisez ce qu’elle dit.',
      ),
      t(
        'An exit code other than 0 is how a script learns that it must stop.',
        'C’est par un code de sortie différent de 0 qu’un script apprend qu’il doit s’arrêter.',
      ),
    ],
    mistakes: [
      {
        id: 'in-a-hurry',
        act: [proxy.drain('webapp3'), machines.deploy('webapp3', 'v3'), proxy.ready('webapp3')],
        diagnosis: { check: 'stopped', because: 0 },
      },
    ],
    recap: t(
      'The roll-out has stopped by itself, two machines serve version 2, and the message says what is wrong and what to do.',
      'Le déploiement s’est arrêté de lui-même, deux machines servent la version 2, et le message dit ce qui ne va pas et quoi faire.',
    ),
  };
}

export function nextStep(kit: Words): Step {
  const { machines, expect } = kit;
  return {
    id: 'next-step',
    title: t('The next step is yours', 'La suite est à vous'),
    minutes: 2,
    say: t(
      'Mend version 3, or go on with the one that works? The site is fine either way; there is no hurry. Put version 2 on webapp3 and let it in.',
      'Réparer la version 3, ou continuer avec celle qui marche ? Le site va bien dans les deux cas ; rien ne presse. Mettez la version 2 sur webapp3 et laissez-la entrer.',
    ),
    act: [machines.deploy('webapp3', 'v2'), backIn(kit, 'webapp3')],
    check: [
      {
        id: 'in-service',
        claim: t('webapp3 is ready and healthy', 'webapp3 est prête et va bien'),
        probe: expect.backend('webapp3', { admin: 'ready', healthy: true }),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp3', { version: 'v3' }),
            say: t('webapp3 still has the bad build.', 'webapp3 a encore la mauvaise version.'),
          },
          {
            when: expect.backend('webapp3', { admin: 'drain' }),
            say: t('webapp3 is still in drain.', 'webapp3 est encore en cours de vidage.'),
          },
        ],
      },
      {
        id: 'only-v2',
        claim: t('Every request sees v2', 'Chaque requête voit la v2'),
        probe: expect.share({ version: 'v2' }, { percent: 100, requests: 60 }),
        window: { within: '30s' },
      },
      allThreeServe(expect, '20s'),
      browserShowsPanda(expect, '20s'),
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    see: [
      {
        id: 'all-v2',
        visitor: 'browser',
        alt: t('All machines run version 2', 'Toutes les machines ont la version 2'),
      },
    ],
    hints: [
      t('webapp3 is still out of the flow.', 'webapp3 est encore hors du flux.'),
      t(
        'The machine needs another version, the proxy one command.',
        'La machine a besoin d’une autre version, le proxy d’une commande.',
      ),
    ],
    mistakes: [
      {
        id: 'ready-only',
        act: [tryBackIn(kit, 'webapp3')],
        diagnosis: { check: 'in-service', because: 0 },
      },
    ],
    recap: t(
      'Three machines, a new version on each, one bad build, and not one error: because nobody went back in without having been asked how it is.',
      'Trois machines, une nouvelle version sur chacune, une mauvaise au passage, et pas une erreur : car aucune n’est revenue sans qu’on lui ait demandé comment elle allait.',
    ),
  };
}
