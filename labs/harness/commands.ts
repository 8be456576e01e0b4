/** An action as the commands a learner would type for it. */
import type { Knobs } from '../../vms/machine.ts';
import type { Deed } from '../../vms/native-words.ts';
import type { Room } from '../../vms/provider.ts';
import type { Action, AddressBook, Word } from './actions.ts';

/** Cluster of every lab, as in the tutorial. */
export const CLUSTER = 'webapp';

export function commandOf(action: Action, addressOf: AddressBook): string {
  switch (action.kind) {
    case 'machine-up':
      return `lab up ${action.machines.join(' ')}`;
    case 'machine-down':
      return `lab down ${action.machine} --how ${action.how}`;
    case 'machine-heal':
      return `lab heal ${action.machine}`;
    case 'machine-deploy':
      return `lab deploy ${action.machine} ${action.version}`;
    case 'machine-knobs':
      return `lab knobs ${action.machine} ${pairs(action.knobs)}`;
    case 'measure':
      return `lab measure ${action.machines.join(' ')}`;
    case 'backend-add':
      return `relais backend add --id ${CLUSTER} --address ${addressOf(action.machine)}`;
    case 'backend-remove':
      return `relais backend remove --id ${CLUSTER} --address ${addressOf(action.machine)}`;
    case 'backend-weight':
      return `relais backend weight --id ${CLUSTER} --address ${addressOf(action.machine)} ${action.weight}`;
    case 'relais':
      return ['relais', ...spelled(action.words, addressOf).map(quoted)].join(' ');
    case 'shell':
      return spelled(action.words, addressOf).join('');
  }
}

/** The same, machine by machine, for the program that makes the machines; what it has no words for is left out. */
export function nativeLinesOf(action: Action, room: Pick<Room, 'nativeLine'>): readonly string[] {
  return deedsOf(action).flatMap(([deed, machine]) => room.nativeLine(deed, machine) ?? []);
}

function deedsOf(action: Action): readonly (readonly [Deed, string])[] {
  switch (action.kind) {
    case 'machine-up':
      return action.machines.map(machine => ['up', machine]);
    case 'machine-down':
      return [[action.how, action.machine]];
    case 'machine-heal':
      return [['heal', action.machine]];
    default:
      return [];
  }
}

function pairs(knobs: Knobs): string {
  return Object.entries(knobs)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** The words with every address filled in. */
export function spelled(words: readonly Word[], addressOf: AddressBook): readonly string[] {
  return words.map(word =>
    typeof word === 'string' ? word : addressOf(word.addressOf, word.from),
  );
}

/** As a POSIX shell takes it; most words need nothing. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
