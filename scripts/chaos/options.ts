/** The flags of a chaos run. */
import { Command, InvalidArgumentError } from 'commander';
import { OWN_ENTRY } from './proxy.ts';

export interface ChaosOptions {
  /** Names of faults, in the order of the list. */
  readonly only: readonly string[];
  readonly list: boolean;
  /** Measure figures instead of performing faults. */
  readonly numbers: boolean;
  readonly isShort: boolean;
  readonly seconds: number;
  readonly perSecond: number;
  readonly json: boolean;
  /** The program of the proxy. */
  readonly entry: string;
}

interface Flags {
  readonly only?: string;
  readonly list?: true;
  readonly numbers?: true;
  readonly short?: true;
  readonly seconds?: number;
  readonly rate?: number;
  readonly json?: true;
  readonly proxy: string;
}

const MEANING = `
Columns: requests and failed are counted apart for connections that are kept, for new ones, and for
what is long (downloads, WebSockets). Failed is whoever was refused, cut, answered 5xx, answered wrong
or in part, or not within 20 s. Excused are only requests on connections that a killed worker held;
that is read from /proc while the worker stands still, before it is killed. The longest pause is the
longest that a short request waited for its answer.

Exit code 0: every promise was held. 1: one was broken. 2: wrong usage. 130: interrupted.`;

/** Prints and exits by itself for `--help` (0) and for wrong flags (2). */
export function parseOptions(args: readonly string[], faults: readonly string[]): ChaosOptions {
  const command = new Command('npm run test:chaos --')
    .description('Does everything to a proxy under load that must not cost a request.')
    .option('--only <faults>', 'only these, with commas')
    .option('--list', 'print the faults, and do nothing')
    .option('--numbers', 'measure how quick changes and recoveries are, instead')
    .option('--short', 'each a few times, at a low rate: what runs with the tests')
    .option('--seconds <n>', 'spread the repetitions of each over so long (default: 10)', above0)
    .option('--rate <n>', 'short requests per second (default: 1000)', above0)
    .option('--json', 'print the result as JSON, and nothing else')
    .option('--proxy <file>', 'program of the proxy, for node', OWN_ENTRY)
    .addHelpText('after', MEANING)
    .allowExcessArguments(false)
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse(args, { from: 'user' });
  const flags = command.opts<Flags>();
  const only = flags.only?.split(',') ?? faults;
  const unknown = only.find(name => !faults.includes(name));
  if (unknown !== undefined) {
    command.error(`error: there is no fault "${unknown}": there are ${faults.join(', ')}`);
  }
  const isShort = flags.short === true;
  return {
    only: faults.filter(name => only.includes(name)),
    list: flags.list === true,
    numbers: flags.numbers === true,
    isShort,
    seconds: flags.seconds ?? (isShort ? 1 : 10),
    perSecond: flags.rate ?? (isShort ? 100 : 1_000),
    json: flags.json === true,
    entry: flags.proxy,
  };
}

function above0(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number above 0.');
}
