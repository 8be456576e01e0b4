/** The site before anything happens, and the second machine in one go. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { allThreeServe, browserShowsV1, noRequestFailedMeanwhile } from '../promises.ts';
import { backIn, type Words } from './words.ts';

export function theSite(kit: Words): Step {
  const { expect } = kit;
  return {
    id: 'the-site',
    title: t('Three machines, no spare', 'Trois machines, aucune de rechange'),
    minutes: 1,
    say: t(
      'Three machines serve version 1, and the proxy asks each of them for /status twice a second. There is no second set of machines: the update has to happen on these.',
      'Trois machines servent la version 1, et le proxy demande /status à chacune deux fois par seconde. Il n’y a pas de second jeu de machines : la mise à jour doit se faire sur celles-ci.',
    ),
    act: [],
    check: [allThreeServe(expect, '10s'), browserShowsV1(expect, '20s')],
    during: [noRequestFailedMeanwhile(kit.expect)],
  };
}

export function secondMachine(kit: Words): Step {
  const { machines, proxy, expect } = kit;
  return {
    id: 'second-machine',
    title: t('The second machine', 'La deuxième machine'),
    minutes: 2,
    say: t(
      'The same three commands for webapp2. Visitors see version 1 or 2 meanwhile: a rolling update needs versions that get along.',
      'Les trois mêmes commandes pour webapp2. Entre-temps, les visiteurs voient la version 1 ou 2 : une mise à jour progressive exige des versions qui s’entendent.',
    ),
    act: [proxy.drain('webapp2'), machines.deploy('webapp2', 'v2'), backIn(kit, 'webapp2')],
    check: [
      {
        id: 'v2-on-webapp2',
        claim: t('webapp2 runs version 2', 'webapp2 a la version 2'),
        probe: expect.machine('webapp2', { state: 'running', version: 'v2' }),
        window: { within: '20s' },
        because: [
          {
            when: expect.machine('webapp2', { version: 'v1' }),
            say: t('webapp2 still runs version 1.', 'webapp2 a encore la version 1.'),
          },
        ],
      },
      {
        id: 'in-service',
        claim: t('webapp2 is ready and healthy', 'webapp2 est prête et va bien'),
        probe: expect.backend('webapp2', { admin: 'ready', healthy: true }),
        window: { within: '20s' },
        because: [
          {
            when: expect.backend('webapp2', { admin: 'drain' }),
            say: t(
              'webapp2 is updated and still in drain: two machines do the work of three.',
              'webapp2 est à jour et encore en cours de vidage : deux machines font le travail de trois.',
            ),
          },
        ],
      },
      {
        id: 'two-thirds-see-v2',
        claim: t('Two thirds of the requests see v2', 'Deux tiers des requêtes voient la v2'),
        probe: expect.share({ version: 'v2' }, { percent: 67, tolerance: 8, requests: 60 }),
        window: { within: '30s' },
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    hints: [
      t('Out, update, back in: in this order.', 'Dehors, mise à jour, retour : dans cet ordre.'),
      t(
        'The commands of the last three steps, with the address of webapp2.',
        'Les commandes des trois dernières étapes, avec l’adresse de webapp2.',
      ),
    ],
    mistakes: [
      {
        id: 'forgot-ready',
        act: [proxy.drain('webapp2'), machines.deploy('webapp2', 'v2')],
        diagnosis: { check: 'in-service', because: 0 },
      },
    ],
  };
}
