/** Prints the result of a scenario: a table, what did not count, and the promises. */
import { chalk } from 'zx';
import type { ScenarioResult, Table, Verdict } from './result.ts';

export function report(result: ScenarioResult): string {
  const { scenario, conditions, table, notes, verdicts } = result;
  return [
    `${chalk.bold(scenario)}: ${conditions}`,
    '',
    ...tableLines(table),
    '',
    ...notes.map(note => chalk.yellow(`! ${note}`)),
    ...verdicts.map(verdictLine),
    '',
  ].join('\n');
}

export function tableLines({ headings, rows }: Table): string[] {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0)));
  const [heading = '', ...body] = all.map(row =>
    row
      .map((cell, column) => align(cell, widths[column] ?? 0, column === 0))
      .join('   ')
      .trimEnd(),
  );
  return [chalk.bold(heading), ...body];
}

export function verdictLine({ text, measured, held }: Verdict): string {
  if (measured === undefined) return chalk.yellow(`? ${text}: not measured`);
  const line = `${text}: ${held ? 'held' : 'not held'} (${measured})`;
  return held ? chalk.green(`✔ ${line}`) : chalk.red(`✘ ${line}`);
}

function align(text: string, width: number, left: boolean): string {
  return left ? text.padEnd(width) : text.padStart(width);
}
