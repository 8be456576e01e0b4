/** What every command has: its flags, where it writes, and the signal that ends it early. */

import { type Narrator, silentNarrator } from '../harness/narrator/narration.ts';
import { createNarrator, type Terminal } from '../harness/narrator/narrator.ts';
import type { RunOptions } from '../harness/run/lab-parts.ts';
import type { Text } from '../harness/text.ts';
import type { LearnerTerminal } from '../learn/learner-terminal.ts';
import type { Environment, Flags } from './flags.ts';

export interface World {
  readonly env: Environment;
  readonly terminal: Terminal;
  /** For a screen, and for keys. */
  readonly streams: LearnerTerminal;
  /** Can somebody be asked? */
  readonly canAsk: boolean;
  /** Folder of runs and instances. */
  readonly home: string;
  readonly version: string;
  readonly proxyEntry: string;
  readonly signal: AbortSignal;
}

export interface Session extends World {
  readonly flags: Flags;
  readonly options: RunOptions;
  print(...lines: readonly string[]): void;
  say(text: Text): string;
  json(value: unknown): void;
}

export function openSession(world: World, flags: Flags): Session {
  const { lang, machines, engine, box, instance, seed, proxyEntry } = flags;
  const { browser = true, headed = false, slow = false, keep = false } = flags;
  const { home, version, terminal } = world;
  return {
    ...world,
    flags,
    options: {
      language: lang,
      machines,
      engine,
      box,
      browser,
      headed,
      slow,
      keep,
      instance,
      seed,
      home,
      proxyEntry,
      version,
    },
    print: (...lines) => {
      for (const line of lines) terminal.write(`${line}\n`);
    },
    say: text => text[lang],
    json: value => terminal.write(`${JSON.stringify(value, null, 2)}\n`),
  };
}

/** With `--json` nothing but JSON may be printed; `--quiet` keeps the last lines. */
export function narratorOf({ flags, terminal }: Session): Narrator {
  if (flags.json) return silentNarrator;
  const narrator = createNarrator(terminal, flags.lang);
  if (!flags.quiet) return narrator;
  return { ...silentNarrator, summary: (result, folder) => narrator.summary(result, folder) };
}
