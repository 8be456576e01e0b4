/** `relais config fmt` and `relais config upgrade`: another text that says the same. */
import { realpathSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { TomlTable } from '../config/check-keys.ts';
import { showFinding } from '../config/findings.ts';
import { type Config, parseConfig, parseToml, readConfig } from '../config/load.ts';
import { modernize } from '../config/modern.ts';
import { formatToml } from '../config/toml-format.ts';
import { writeAtomically } from '../shared/atomic-file.ts';
import { EXIT_FAILURE, Exit, type Terminal } from './terminal.ts';
import { showTextChange } from './text-change.ts';

export async function formatConfig(
  terminal: Terminal,
  file: string,
  way: 'print' | 'check' | 'write',
): Promise<void> {
  const { text } = read(terminal, file);
  const formatted = formatToml(text);
  if (way === 'print') terminal.out(formatted);
  else if (way === 'write') await write(terminal, file, text, formatted);
  else if (formatted === text) terminal.out(`Success: ${file} is formatted\n`);
  else {
    terminal.out(showTextChange(file, text, formatted));
    fail(terminal, `${file} is not formatted; relais config fmt --write ${file}`);
  }
}

export async function upgradeConfig(
  terminal: Terminal,
  file: string,
  way: 'print' | 'write',
): Promise<void> {
  const { text, table } = read(terminal, file);
  const before = usable(terminal, text, file);
  if (before.dialect === 'today') {
    terminal.err(`${file} has the form of today already\n`);
    if (way === 'print') terminal.out(text);
    return;
  }
  const modern = modernize(text, table);
  if (!modern.ok) fail(terminal, `${file}: ${modern.error.message}`);
  const after = usable(terminal, modern.value, file);
  if (!isDeepStrictEqual(after.requests, before.requests)) {
    fail(terminal, `${file} would mean something else in the form of today; nothing is written`);
  }
  for (const note of before.notes) terminal.err(`left out: ${note}\n`);
  if (way === 'print') terminal.out(modern.value);
  else await write(terminal, file, text, modern.value);
}

function read(terminal: Terminal, file: string): { text: string; table: TomlTable } {
  const text = readConfig(file);
  if (!text.ok) fail(terminal, text.error.message);
  const table = parseToml(text.value, file);
  if (!table.ok) fail(terminal, showFinding(table.error));
  return { text: text.value, table: table.value };
}

function usable(terminal: Terminal, text: string, file: string): Config {
  const config = parseConfig(text, file);
  if (config.ok) return config.value;
  terminal.err(`${config.error.message}\n`);
  return fail(terminal, `${file} cannot be used; relais config check ${file}`);
}

async function write(
  terminal: Terminal,
  file: string,
  before: string,
  after: string,
): Promise<void> {
  if (before === after) {
    terminal.out(`Success: ${file} is formatted already\n`);
    return;
  }
  await writeAtomically(realpathSync(file), after);
  terminal.out(`Success: wrote ${file}\n`);
}

function fail(terminal: Terminal, message: string): never {
  terminal.err(`Failure: ${message}\n`);
  throw new Exit(EXIT_FAILURE);
}
