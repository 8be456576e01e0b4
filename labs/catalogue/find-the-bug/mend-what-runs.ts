/** The check names the slip; what runs is mended by two commands. */
import type { Check, Diagnosis, Mistake, Step } from '../../harness/lab.ts';
import { t } from '../../harness/text.ts';
import { noRequestFailedMeanwhile } from '../promises.ts';
import { aThird, type Words } from './shares.ts';

export function mendWhatRuns(kit: Words): Step {
  const { proxy, addressOf, expect } = kit;
  const expected = [addressOf('webapp1'), addressOf('webapp2'), addressOf('webapp3')];
  return {
    id: 'mend-what-runs',
    title: t('Mend what runs', 'Réparez ce qui tourne'),
    minutes: 4,
    say: t(
      'Tell `relais config check` which machines you have, and it names the slip: the address of webapp2 stands in the list twice, once under the name webapp3. Take the wrong entry out of the running proxy and put the right one in. Nobody may notice.',
      'Dites à `relais config check` quelles machines vous avez, et il nomme l’étourderie : l’adresse de webapp2 figure deux fois dans la liste, dont une sous le nom webapp3. Retirez la mauvaise entrée du proxy qui tourne et mettez la bonne. Personne ne doit rien remarquer.',
    ),
    act: [
      proxy.relais(['config', 'check', '--expect', ...expected], { replayed: false }),
      removeWrong(kit),
      proxy.relais([...entry('add'), addressOf('webapp3')]),
    ],
    check: [everyoneServes(expect), aThird(expect, [stillTwice(expect)])],
    during: [noRequestFailedMeanwhile(expect)],
    hints: [
      t(
        'The three names are right. One of the three addresses is not.',
        'Les trois noms sont justes. L’une des trois adresses ne l’est pas.',
      ),
      t(
        'Two entries share an address: `--backend-id` says which one you mean, in `relais backend remove` as in `relais backend add`.',
        'Deux entrées partagent une adresse : `--backend-id` dit laquelle vous visez, dans `relais backend remove` comme dans `relais backend add`.',
      ),
    ],
    mistakes: mistakes(kit),
    recap: t(
      'One wrong digit cost a third of the machines, for months perhaps. A check that knows what should be there finds it in a second.',
      'Un chiffre de travers coûtait un tiers des machines, depuis des mois peut-être. Une vérification qui sait ce qui devrait être là le trouve en une seconde.',
    ),
  };
}

/** The address of webapp3's entry follows. */
function entry(verb: 'add' | 'remove'): readonly string[] {
  return ['backend', verb, '--id', 'webapp', '--backend-id', 'webapp3', '--address'];
}

function removeWrong({ proxy, addressOf }: Words): ReturnType<Words['proxy']['relais']> {
  return proxy.relais([...entry('remove'), addressOf('webapp2')]);
}

function everyoneServes(expect: Words['expect']): Check {
  return {
    id: 'everyone-serves',
    claim: t('All three machines serve', 'Les trois machines servent'),
    probe: expect.served('every', 'webapp1', 'webapp2', 'webapp3'),
    window: { within: '15s' },
    because: [
      {
        when: expect.served('none', 'webapp2'),
        say: t(
          'Now nobody visits webapp2: both entries with its address are gone. `--backend-id` would have named one of them.',
          'Maintenant, c’est webapp2 que personne ne visite : les deux entrées à son adresse ont disparu. `--backend-id` en aurait désigné une seule.',
        ),
      },
      {
        when: expect.served('none', 'webapp3'),
        say: t(
          'Nobody visits webapp3 yet: its address is not in `relais backend list`.',
          'Personne ne visite encore webapp3 : son adresse n’est pas dans `relais backend list`.',
        ),
      },
    ],
  };
}

function stillTwice(expect: Words['expect']): Diagnosis {
  return {
    when: expect.addressMistake(),
    say: t(
      'The address of webapp2 is still in the list twice, so it gets the visits of two.',
      'L’adresse de webapp2 figure toujours deux fois dans la liste, elle reçoit donc les visites de deux.',
    ),
  };
}

function mistakes(kit: Words): readonly Mistake[] {
  const { proxy, addressOf } = kit;
  const plain = (verb: string, machine: 'webapp2' | 'webapp3') =>
    proxy.relais(['backend', verb, '--id', 'webapp', '--address', addressOf(machine)]);
  return [
    {
      id: 'added-only',
      act: [plain('add', 'webapp3')],
      diagnosis: { check: 'a-third', because: 0 },
    },
    {
      id: 'removed-only',
      act: [removeWrong(kit)],
      diagnosis: { check: 'everyone-serves', because: 1 },
    },
    {
      id: 'both-removed',
      act: [plain('remove', 'webapp2'), plain('add', 'webapp3')],
      diagnosis: { check: 'everyone-serves', because: 0 },
    },
  ];
}
