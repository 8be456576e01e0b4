/** The slip in the tutorial's own configuration: one address twice, one machine that nobody visits. */
import { defineLab } from '../../harness/define-lab.ts';
import type { Lab } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { oldMachines } from '../machines.ts';
import { noVisitorGotAnError, sameProxy } from '../promises.ts';
import { mendTheFile } from './mend-the-file.ts';
import { mendWhatRuns } from './mend-what-runs.ts';
import { oneIsIdle } from './one-is-idle.ts';

export const findTheBug: Lab = defineLab({
  id: 'find-the-bug',
  title: t('Find the bug that nobody sees', 'Trouvez le bug que personne ne voit'),
  summary: t(
    'Three machines, no errors, happy visitors, and yet one machine never works: the slip in the list of the original tutorial. Find it, mend what runs, then mend the file.',
    'Trois machines, aucune erreur, des visiteurs contents, et pourtant une machine ne travaille jamais : c’est l’étourderie de la liste du tutoriel d’origine. Trouvez-la, réparez ce qui tourne, puis le fichier.',
  ),
  minutes: 10,
  machines: oldMachines,
  backends: ['webapp1', 'webapp2', 'webapp3'],
  proxy: { wrongAddresses: { webapp3: 'webapp2' } },
  visitors: {
    alice: { perSecond: 15, keepAlive: false },
    bob: { perSecond: 15, keepAlive: true },
  },
  throughout: ({ expect }) => [noVisitorGotAnError(expect), sameProxy(expect)],
  steps: kit => [oneIsIdle(kit), mendWhatRuns(kit), mendTheFile(kit)],
});
