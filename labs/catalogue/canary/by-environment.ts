/** The same shares from two variables, as the proxy did that this story comes from. */

import type { Word } from '../../harness/actions.ts';
import type { Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { newNames as v2 } from '../machines.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';
import type { Words } from './words.ts';

export function byEnvironment(kit: Words): Step {
  const { shell, expect } = kit;
  return {
    id: 'by-environment',
    title: t('The same by environment', 'La même chose par variables d’environnement'),
    minutes: 2,
    say: t(
      'sillyproxy, with which this story was told in 2016, had no commands: a variable for each colour says where its machines are, another one its share. To change them you start it anew. `relais env` does the same. Start one beside the first proxy, on another port; it reaches the machines by their own ports.',
      'sillyproxy, avec lequel on racontait cette histoire en 2016, n’avait pas de commandes : une variable par couleur dit où sont ses machines, une autre quelle est sa part. Pour en changer, on le redémarre. `relais env` fait de même. Démarrez-en un à côté du premier proxy, sur un autre port ; il atteint les machines par leurs propres ports.',
    ),
    act: [shell(twoColours(kit, { blue: 4, green: 1 }))],
    check: [
      {
        id: 'one-green-in-five',
        claim: t(
          'Of ten requests in a row to the second proxy, exactly two see v2',
          'Sur dix requêtes de suite au second proxy, exactement deux voient la v2',
        ),
        probe: expect.secondProxy('v2', 20),
        window: { within: '30s' },
        because: [
          {
            when: expect.secondProxy('v2', 50),
            say: t(
              'Both colours count the same: without BLUE_WEIGHT and GREEN_WEIGHT each has the share 1.',
              'Les deux couleurs comptent autant : sans BLUE_WEIGHT ni GREEN_WEIGHT, chacune a la part 1.',
            ),
          },
          {
            when: expect.secondProxy('v2', 80),
            say: t(
              'The other way round: four of five see v2. BLUE is version 1 here.',
              'C’est l’inverse : quatre sur cinq voient la v2. BLUE est ici la version 1.',
            ),
          },
          {
            when: expect.secondProxy('v2', 0),
            say: t(
              'Nobody sees v2: is GREEN the address of webapp-new1?',
              'Personne ne voit la v2 : GREEN est-elle bien l’adresse de webapp-new1 ?',
            ),
          },
        ],
      },
      {
        id: 'first-unmoved',
        claim: t(
          'The first proxy does not care: its visitors see v1 only',
          'Le premier proxy s’en moque : ses visiteurs ne voient que la v1',
        ),
        probe: expect.served('none', ...v2),
        window: { within: '10s', for: '500ms' },
      },
    ],
    during: [noRequestFailedMeanwhile(kit.expect)],
    hints: [
      t(
        'Four parts for blue, one part for green: that is one in five.',
        'Quatre parts pour le bleu, une pour le vert : cela fait une sur cinq.',
      ),
      t(
        '`relais help env` names the variables; `lab status` has the own port of each machine.',
        '`relais help env` donne les variables ; `lab status` donne le port propre de chaque machine.',
      ),
    ],
    mistakes: [
      {
        id: 'no-weights',
        act: [shell(twoColours(kit, { blue: 1, green: 1 }))],
        diagnosis: { check: 'one-green-in-five', because: 0 },
      },
      {
        id: 'swapped',
        act: [shell(twoColours(kit, { blue: 1, green: 4 }))],
        diagnosis: { check: 'one-green-in-five', because: 1 },
      },
    ],
    recap: t(
      'Two ways to say the same: a variable and a restart, or a command while the proxy works. The idea is older than both: little by little, counted, and with a way back.',
      'Deux façons de dire la même chose : une variable et un redémarrage, ou une commande pendant que le proxy travaille. L’idée est plus vieille que les deux : petit à petit, en comptant, et avec un chemin de retour.',
    ),
  };
}

/** In the background of the shell that it is typed in; its log lies beside the configuration. */
function twoColours(
  { addressOf, outsideOf }: Words,
  { blue, green }: Readonly<Record<'blue' | 'green', number>>,
): readonly Word[] {
  const colours: readonly Word[] = [
    'BLUE=http://',
    outsideOf('webapp1'),
    ` BLUE_WEIGHT=${blue} GREEN=http://`,
    outsideOf('webapp-new1'),
    ` GREEN_WEIGHT=${green} `,
  ];
  const listening: readonly Word[] = ['-addr ', addressOf('second-proxy')];
  return [...colours, 'relais -s ./env.sock env ', ...listening, ' >env.log 2>&1 &'];
}
