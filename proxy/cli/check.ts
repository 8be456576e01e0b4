/** `relais config check`: everything that `start` would say about a file, without starting. */
import { loadConfig } from '../config/load.ts';
import { plural } from '../shared/plural.ts';
import { EXIT_FAILURE, Exit, type Terminal } from './terminal.ts';

export function checkConfig(terminal: Terminal, file: string, expected: readonly string[]): void {
  const config = loadConfig(file, { expected });
  if (!config.ok) {
    terminal.err(`${config.error.message}\nFailure: ${file} cannot be used\n`);
    throw new Exit(EXIT_FAILURE);
  }
  const { warnings, notes, dialect } = config.value;
  for (const note of notes) terminal.out(`note: ${note}\n`);
  for (const warning of warnings) terminal.out(`warning: ${warning}\n`);
  const shape = dialect === '2017' ? ' (in the shape of 2017)' : '';
  terminal.out(`Success: ${file} is valid${shape}, ${plural(warnings.length, 'warning')}\n`);
}
