/** Prints the result of the bench: a table, what did not count, and the promises. */
import { chalk } from 'zx';
import { judge, type PeerResult, ratio, summarize, throughput, validRounds } from './result.ts';

const headings = ['peer', 'req/s (min–max)', '× haproxy', '× http-proxy', 'CPU µs/req', 'RSS MiB'];

export function report(results: readonly PeerResult[]): string {
  const rows = [headings, ...results.map(result => cells(result, results))];
  const widths = headings.map((_, column) =>
    Math.max(...rows.map(row => row[column]?.length ?? 0)),
  );
  const lines = rows.map(row =>
    row
      .map((cell, column) => align(cell, widths[column] ?? 0, column === 0))
      .join('   ')
      .trimEnd(),
  );
  const [heading = '', ...body] = lines;
  return [chalk.bold(heading), ...body, '', ...notes(results), ...verdicts(results), ''].join('\n');
}

function cells(result: PeerResult, results: readonly PeerResult[]): string[] {
  if (result.state !== 'measured') return [result.name, result.state];
  const speed = throughput(result);
  if (speed === undefined) return [result.name, 'no valid round'];
  const rounds = validRounds(result);
  const cpu = summarize(rounds.flatMap(round => round.cpuMicrosPerRequest ?? []));
  const rss = summarize(rounds.flatMap(round => round.rssBytes ?? []));
  const [median, min, max] = [speed.median, speed.min, speed.max].map(thousands);
  return [
    result.name,
    `${median} (${min}–${max})`,
    decimals(ratio(results, result.name, 'haproxy'), 2),
    decimals(ratio(results, result.name, 'http-proxy'), 2),
    decimals(cpu?.median, 1),
    decimals(rss && rss.median / 2 ** 20, 0),
  ];
}

function notes(results: readonly PeerResult[]): string[] {
  return results.flatMap(result => {
    if (result.state === 'missing') return `${result.name} is missing: ${result.fix}`;
    if (result.state === 'failed') return chalk.red(`${result.name} failed: ${result.reason}`);
    return result.rounds.flatMap((round, index) =>
      round.invalid === undefined
        ? []
        : chalk.red(`${result.name}: round ${index + 1} does not count: ${round.invalid}`),
    );
  });
}

function verdicts(results: readonly PeerResult[]): string[] {
  return judge(results).map(({ text, ratio: measured, held }) => {
    if (measured === undefined) return chalk.yellow(`? ${text}: not measured`);
    const line = `${text}: ${held ? 'held' : 'not held'} (${measured.toFixed(2)})`;
    return held ? chalk.green(`✔ ${line}`) : chalk.red(`✘ ${line}`);
  });
}

function align(text: string, width: number, left: boolean): string {
  return left ? text.padEnd(width) : text.padStart(width);
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function decimals(value: number | undefined, digits: number): string {
  return value === undefined ? '–' : value.toFixed(digits);
}
