/** The file still has the slip: the next start would bring it back. */
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';
import { aThird, type Words } from './shares.ts';

export function mendTheFile({ proxy, shell, addressOf, expect }: Words): Step {
  const [wrong, right] = [addressOf('webapp2'), addressOf('webapp3')];
  return {
    id: 'mend-the-file',
    title: t('Mend the file', 'Réparez le fichier'),
    minutes: 3,
    say: t(
      'What runs is right, the file is not: at the next start the bug would be back. Correct the address in relais.toml, with the editor that you like. `relais diff` then finds that the file says what runs.',
      'Ce qui tourne est juste, le fichier ne l’est pas : au prochain démarrage, le bug reviendrait. Corrigez l’adresse dans relais.toml, avec l’éditeur de votre choix. `relais diff` constate alors que le fichier dit ce qui tourne.',
    ),
    act: [
      shell([`sed -i.bak '/"webapp3"/s/`, wrong, '/', right, "/' relais.toml"]),
      proxy.relais(['diff'], { replayed: false }),
    ],
    check: [
      {
        id: 'file-says-so',
        claim: t('The file says what runs', 'Le fichier dit ce qui tourne'),
        probe: expect.file('what-runs'),
        window: { within: '15s' },
        because: [
          {
            when: expect.file('something-else'),
            say: t(
              '`relais diff` shows what differs. If only a name does, `relais reload --prune` makes what runs what the file says.',
              '`relais diff` montre ce qui diffère. Si ce n’est qu’un nom, `relais reload --prune` fait de ce qui tourne ce que dit le fichier.',
            ),
          },
        ],
      },
      aThird(expect, [
        {
          when: expect.addressMistake(),
          say: t(
            'You have made what runs like the file, with its bug. Correct the file first, then reload.',
            'Vous avez rendu ce qui tourne semblable au fichier, bug compris. Corrigez d’abord le fichier, puis rechargez.',
          ),
        },
      ]),
    ],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t(
        'Two things have to agree: the file and the proxy. Which of them is wrong?',
        'Deux choses doivent concorder : le fichier et le proxy. Lequel des deux a tort ?',
      ),
      t(
        'Open relais.toml and find the line of webapp3; `relais reload --dry-run` tells what the file would change.',
        'Ouvrez relais.toml et cherchez la ligne de webapp3 ; `relais reload --dry-run` dit ce que le fichier changerait.',
      ),
    ],
    mistakes: [
      {
        id: 'the-bug-reloaded',
        act: [proxy.relais(['reload', '--prune'])],
        diagnosis: { check: 'a-third', because: 0 },
      },
      {
        id: 'another-line-edited',
        act: [shell([`sed -i.bak '/"webapp1"/s/ }/, weight = 50 }/' relais.toml`])],
        diagnosis: { check: 'file-says-so', because: 0 },
      },
    ],
    recap: t(
      'Commands mend what runs, the file mends the next start. You need both, and `relais diff` tells whether they agree.',
      'Les commandes réparent ce qui tourne, le fichier répare le prochain démarrage. Il faut les deux, et `relais diff` dit s’ils concordent.',
    ),
  };
}
