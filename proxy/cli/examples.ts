/** Examples of a verb: printed below its help, and there for whoever wants to check that it has some. */
import type { Command } from 'commander';

const known = new WeakMap<Command, readonly string[]>();

export function withExamples(command: Command, ...examples: readonly string[]): Command {
  known.set(command, examples);
  const lines = examples.map(example => `  ${example}`).join('\n');
  const heading = examples.length === 1 ? 'Example:' : 'Examples:';
  return command.addHelpText('after', `\n${heading}\n${lines}`);
}

export function examplesOf(command: Command): readonly string[] {
  return known.get(command) ?? [];
}
