/** A proxy that is replaced while it works, and what a stop costs in comparison. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines, withEnv } from '../machines.ts';
import { hardStop, softStop } from './stops.ts';
import { newMainProcess, newWorkers, somethingToLose } from './upgrades.ts';

export const neverRestart: Lab = defineLab({
  id: 'never-restart',
  title: t('Never restart, always up to date', 'Jamais redémarré, toujours à jour'),
  summary: t(
    'A proxy that must stop to be updated stops every site behind it. Here its workers, then its main process, are replaced under traffic, and nobody notices. Then compare: a soft stop and a hard stop.',
    'Un proxy qui doit s’arrêter pour être mis à jour arrête tous les sites qu’il sert. Ici, ses workers, puis son processus principal, sont remplacés en plein trafic, et personne ne le remarque. Comparez ensuite : un arrêt en douceur et un arrêt brutal.',
  ),
  minutes: 15,
  machines: {
    ...oldMachines,
    webapp3: withEnv(oldMachines.webapp3, { BASE_PATH: '/report' }),
  },
  backends: ['webapp1', 'webapp2'],
  proxy: {
    // An open breaker stays so for the whole lab: what the proxy knows must not change by itself.
    cluster: { breaker: { first_wait: 120, longest_wait: 120 } },
    clusters: {
      reports: {
        frontends: [{ hostname: 'localhost', path: '/report' }],
        backends: ['webapp3'],
      },
    },
  },
  visitors: {
    alice: { perSecond: 10, keepAlive: false },
    bob: { perSecond: 10, keepAlive: true },
    nadia: { perSecond: 4, keepAlive: false, path: '/report' },
  },
  steps: kit => [
    newWorkers(kit),
    somethingToLose(kit),
    newMainProcess(kit),
    softStop(kit),
    hardStop(kit),
  ],
});
