/** What may stand where the cursor is: verbs, options, and what the running proxy has. */
import type { Command, Option } from 'commander';
import { EVENT_KINDS } from '../command/events.ts';
import { LOAD_BALANCING } from '../command/schemas.ts';
import { LOG_LEVELS } from '../shared/log-level.ts';
import { visible } from './help.ts';

export interface Candidate {
  readonly word: string;
  /** One line; '' for none. */
  readonly meaning: string;
}

/** What the running proxy has; nothing when it cannot be asked. */
export interface Live {
  clusters(): Promise<readonly string[]>;
  listeners(): Promise<readonly string[]>;
  /** Of one cluster; undefined: of all. */
  backends(clusterId: string | undefined): Promise<readonly { id: string; address: string }[]>;
}

/** Where the words so far have led. */
class Place {
  command: Command;
  /** Whose value comes next. */
  pending: Option | undefined = undefined;
  /** How many words of the verb's own were given. */
  given = 0;
  /** Values of options so far, by their long name. */
  readonly values = new Map<string, string>();

  constructor(program: Command) {
    this.command = program;
  }

  take(word: string): void {
    if (this.pending !== undefined) {
      this.values.set(this.pending.long ?? '', word);
      this.pending = undefined;
    } else if (word.startsWith('-')) this.takeFlag(word);
    else {
      const next = this.command.commands.find(each => each.name() === word);
      if (next === undefined) this.given += 1;
      else this.command = next;
    }
  }

  private takeFlag(word: string): void {
    const [flag, value] = word.split('=', 2);
    const option = optionsOf(this.command).find(each => each.long === flag || each.short === flag);
    if (option === undefined) return;
    if (value !== undefined) this.values.set(option.long ?? '', value);
    else if (option.required || option.optional) this.pending = option;
  }
}

/** `words`: what stands behind the program's name; the last one is being typed and may be ''. */
export async function completeWords(
  program: Command,
  words: readonly string[],
  live: Live,
): Promise<readonly Candidate[]> {
  const typed = words.at(-1) ?? '';
  const place = new Place(program);
  for (const word of words.slice(0, -1)) place.take(word);
  const [, name, start] = /^(--[^=]+)=(.*)$/s.exec(typed) ?? [];
  if (place.pending !== undefined)
    return fitting(typed, await valuesOf(place.pending, place, live));
  if (name !== undefined) {
    const option = optionsOf(place.command).find(each => each.long === name);
    const values = option === undefined ? [] : await valuesOf(option, place, live);
    return fitting(start ?? '', values).map(each => ({ ...each, word: `${name}=${each.word}` }));
  }
  if (typed.startsWith('-')) return fitting(typed, optionsOf(place.command).map(optionCandidate));
  const verbs = visible(place.command).map(each => ({
    word: each.name(),
    meaning: each.description(),
  }));
  return fitting(typed, [...verbs, ...(await argumentsOf(place, live))]);
}

/** Those of the verb, then those that every verb takes. */
function optionsOf(command: Command): Option[] {
  const above = command.parent === null ? [] : optionsOf(command.parent);
  return [...command.options.filter(option => !option.hidden), ...above];
}

function optionCandidate(option: Option): Candidate {
  return { word: option.long ?? option.flags, meaning: option.description };
}

async function argumentsOf(place: Place, live: Live): Promise<Candidate[]> {
  const argument = place.command.registeredArguments[place.given];
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return plain(argument.argChoices);
  if (argument.name() === 'level') return plain(LOG_LEVELS);
  return argument.name() === 'cluster' ? plain(await live.clusters()) : [];
}

/** Nothing where the shell knows better, as for files. */
async function valuesOf(option: Option, place: Place, live: Live): Promise<Candidate[]> {
  if (option.argChoices !== undefined) return plain(option.argChoices);
  switch (option.long) {
    case '--id':
      return plain(await live.clusters());
    case '--kind':
      return plain(EVENT_KINDS);
    case '--load-balancing-policy':
      return plain(LOAD_BALANCING);
    case '--listener':
      return plain(await live.listeners());
    case '--address':
      if (!isOf('backend', place.command)) return plain(await live.listeners());
      return (await backendsOf(place, live)).map(({ id, address }) => ({
        word: address,
        meaning: id,
      }));
    case '--backend-id':
      return (await backendsOf(place, live)).map(({ id, address }) => ({
        word: id,
        meaning: address,
      }));
    default:
      return [];
  }
}

function backendsOf({ values }: Place, live: Live): ReturnType<Live['backends']> {
  return live.backends(values.get('--id'));
}

function isOf(group: string, command: Command): boolean {
  if (command.name() === group) return true;
  return command.parent !== null && isOf(group, command.parent);
}

function plain(words: readonly string[]): Candidate[] {
  return words.map(word => ({ word, meaning: '' }));
}

function fitting(typed: string, candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ word }) => {
    if (!word.startsWith(typed) || seen.has(word)) return false;
    seen.add(word);
    return true;
  });
}
