/** For each kind of machines: can they be made here, did one really start, and who needs them? */
import type { FailureVerb } from '../../../vms/machine.ts';
import { type Text, t } from '../../harness/text.ts';
import type { Facts, MachinesFact } from '../facts.ts';
import { type Finding, type Fix, same, seconds } from '../finding.ts';
import { NOTES } from './engine-reasons.ts';
import { knownReason } from './known-reasons.ts';
import { findPhrase } from './phrase.ts';

export function judgeMachines(facts: Facts): readonly Finding[] {
  return facts.machines.map(fact => judgeOne(facts, fact));
}

/** What labs would use here: the first of which one machine really worked. */
export function bestMachines({ machines }: Facts): MachinesFact | undefined {
  return machines.find(({ trial }) => trial.outcome === 'works');
}

function judgeOne(facts: Facts, fact: MachinesFact): Finding {
  const { name, readiness, trial } = fact;
  const what = t(`machines: ${name}`, `machines : ${name}`);
  const one = { id: `machines.${name.replace(' ', '.')}`, what };
  if (!readiness.ready) return { ...one, ...notReady(facts, fact, readiness) };
  const note = readiness.note === undefined ? same('') : noteText(readiness.note);
  const ready = t(`ready${note.en}`, `prêt${note.fr}`);
  switch (trial.outcome) {
    case 'works': {
      const took = seconds(trial.tookMs);
      const found = t(
        `${ready.en}; one was made, answered and is gone again, in ${took.en}`,
        `${ready.fr} ; une machine a été créée, a répondu et a disparu, en ${took.fr}`,
      );
      return { ...one, state: 'ready', found };
    }
    case 'fails':
      return { ...one, ...trialFailed(facts, fact, trial.said) };
    case 'untried':
      return {
        ...one,
        state: 'untried',
        found: t(
          `${ready.en}; not tried: ${cost(name).en}`,
          `${ready.fr} ; pas essayé : ${cost(name).fr}`,
        ),
        fix: { command: `lab doctor --try ${name.split(' ').at(-1)}` },
        without: others(facts, fact),
      };
  }
}

function cost(name: string): Text {
  return name === 'docker'
    ? t('it takes some ten seconds', 'cela prend une dizaine de secondes')
    : t('it takes 15 s to a minute', 'cela prend de 15 s à une minute');
}

type Rest = Omit<Finding, 'id' | 'what'>;

function notReady(
  facts: Facts,
  fact: MachinesFact,
  { reason, fix }: { readonly reason: string; readonly fix: string },
): Rest {
  const known = knownReason(reason, facts);
  const state = stateWithout(facts, fact);
  return {
    state,
    found: known?.reason ?? same(reason),
    ...(state !== 'optional' && { why: purpose(fact.name) }),
    fix: wslFix(facts, fact) ?? known?.fix ?? { say: same(fix) },
    without: others(facts, fact),
  };
}

function trialFailed(facts: Facts, fact: MachinesFact, said: string): Rest {
  return {
    state: stateWithout(facts, fact),
    found: t(
      `one machine was tried and did not work: ${said}`,
      `une machine a été essayée et n’a pas fonctionné : ${said}`,
    ),
    why: purpose(fact.name),
    fix: {
      command: 'lab doctor --bundle',
      say: t('Report it with that file.', 'Signalez-le avec ce fichier.'),
    },
    without: others(facts, fact),
  };
}

/** Without namespaces, failures are imitated: less. Without the others nothing is lost. */
function stateWithout(facts: Facts, { name }: MachinesFact): Finding['state'] {
  if (bestMachines(facts) === undefined) return 'missing';
  return name === 'netns' && facts.linux !== undefined ? 'limited' : 'optional';
}

function wslFix({ linux }: Facts, { name }: MachinesFact): Fix | undefined {
  if (linux?.wsl !== 1 || name !== 'netns') return undefined;
  return {
    command: `wsl --set-version ${linux.distribution.id} 2`,
    say: t(
      'In Windows; `wsl --list` tells the exact name. WSL 1 has no kernel of its own.',
      'Dans Windows ; `wsl --list` donne le nom exact. WSL 1 n’a pas de noyau à lui.',
    ),
  };
}

function purpose(name: string): Text {
  switch (name) {
    case 'netns':
      return t(
        'With namespaces, each machine has its own address, and failures are those of a real network.',
        'Avec des espaces de noms, chaque machine a sa propre adresse, et les pannes sont celles d’un vrai réseau.',
      );
    case 'process':
      return t(
        'Machines as processes are what works nearly everywhere.',
        'Des machines qui sont des processus : ce qui marche presque partout.',
      );
    case 'docker':
      return t('Each machine is a container.', 'Chaque machine est un conteneur.');
    default:
      return t(
        'Each machine is what Vagrant makes: a virtual machine or a container.',
        'Chaque machine est ce que crée Vagrant : une machine virtuelle ou un conteneur.',
      );
  }
}

/** Which labs work without these machines, and how. */
function others(facts: Facts, fact: MachinesFact): Text {
  const best = bestMachines({ ...facts, machines: facts.machines.filter(one => one !== fact) });
  if (best === undefined) return t('No lab runs without it here.', 'Aucun lab ne tourne sans ici.');
  const poorer = facts.labs.filter(lab => lab.failures.some(verb => best.imitated.includes(verb)));
  const count = facts.labs.length;
  if (fact.name !== 'netns' || poorer.length === 0) {
    return t(
      `All ${count} labs run without it, on ${best.name}.`,
      `Les ${count} labs tournent sans, sur ${best.name}.`,
    );
  }
  const verbs = imitatedVerbs(poorer, best.imitated).join(', ');
  const names = poorer.map(({ id }) => id).join(', ');
  return t(
    `All ${count} labs run on ${best.name}; in ${names}, these failures are imitated: ${verbs}.`,
    `Les ${count} labs tournent sur ${best.name} ; dans ${names}, ces pannes sont imitées : ${verbs}.`,
  );
}

function imitatedVerbs(
  labs: Facts['labs'],
  imitated: readonly FailureVerb[],
): readonly FailureVerb[] {
  return imitated.filter(verb => labs.some(({ failures }) => failures.includes(verb)));
}

function noteText(note: string): Text {
  const { en, fr } = findPhrase(NOTES, note)?.text ?? same(note);
  return t(` (${en})`, ` (${fr})`);
}
