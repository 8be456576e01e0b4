/** Everything about the proxy changes while it runs: by commands, and by its file. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines, siteMachines } from '../machines.ts';
import { anotherSite } from './another-site.ts';
import { backToTheFile, byTheFile } from './by-the-file.ts';
import { oneLess, oneMore, otherShares } from './machines-change.ts';

const { shop } = siteMachines;

export const hotReconfigure: Lab = defineLab({
  id: 'hot-reconfigure',
  title: t('Change everything, stop nothing', 'Tout changer sans rien arrêter'),
  summary: t(
    'A machine joins, one leaves, the shares change, a second site opens, all of it while visitors come and go. Then the same by the file: first the plan, then the leap. The proxy’s processes stay the same throughout.',
    'Une machine entre, une autre sort, les parts changent, un second site ouvre, le tout sous le va-et-vient des visiteurs. Puis la même chose par le fichier : d’abord le plan, ensuite le saut. Du début à la fin, les processus du proxy restent les mêmes.',
  ),
  minutes: 17,
  machines: { ...oldMachines, webapp3: { ...oldMachines.webapp3, up: true }, shop },
  backends: ['webapp1', 'webapp2'],
  visitors: {
    alice: { perSecond: 12, keepAlive: false },
    bob: { perSecond: 12, keepAlive: true },
    sam: { perSecond: 3, keepAlive: true, host: 'shop.localhost' },
  },
  throughout: ({ expect }) => [
    {
      id: 'nothing-lost',
      claim: t(
        'No visitor of any site got an error of the server',
        'Aucun visiteur d’aucun site n’a vu d’erreur du serveur',
      ),
      probe: expect.noFailedRequest(),
    },
    {
      id: 'same-proxy',
      claim: t(
        'From the first change to the last it was one main process with the same workers',
        'Du premier changement au dernier, c’était un seul processus principal, avec les mêmes workers',
      ),
      probe: expect.proxyNeverRestarted(),
    },
  ],
  steps: kit => [
    oneMore(kit),
    oneLess(kit),
    otherShares(kit),
    anotherSite(kit),
    backToTheFile(kit),
    byTheFile(kit),
  ],
});
