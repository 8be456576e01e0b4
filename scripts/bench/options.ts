/** The flags of the bench. */
import { Command, InvalidArgumentError } from 'commander';

export interface BenchOptions {
  readonly scenarios: readonly string[];
  readonly list: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** Bytes of an answer. */
  readonly sizes: readonly number[];
  /** Undefined: all of them. */
  readonly peers: readonly string[] | undefined;
  readonly install: boolean;
  /** A file for the result, `-` for standard output. */
  readonly json: string | undefined;
  readonly assert: boolean;
}

interface Flags {
  readonly scenario: string;
  readonly list?: true;
  readonly quick?: true;
  readonly rounds?: number;
  readonly seconds?: number;
  readonly connections: number;
  readonly sizes: readonly number[];
  readonly peers?: string;
  readonly install?: true;
  readonly json?: string;
  readonly assert?: true;
}

/** Prints and exits by itself for `--help` (0) and for wrong flags (2). */
export function parseOptions(
  args: readonly string[],
  scenarioNames: readonly string[],
  peerNames: readonly string[],
): BenchOptions {
  const command = new Command('npm run bench --')
    .description('Measures Relais beside other proxies, in the same minutes on the same machine.')
    .option('--scenario <names>', 'what to measure, with commas; or "all"', 'throughput')
    .option('--list', 'print the scenarios, and measure nothing')
    .option('--quick', '2 rounds of 2 seconds: a first impression')
    .option('--rounds <n>', 'rounds per peer (default: 3)', wholeNumber(1, 100))
    .option('--seconds <n>', 'length of a round (default: 4)', wholeNumber(1, 60))
    .option('--connections <n>', 'keep-alive connections', wholeNumber(1, 1_000), 64)
    .option('--sizes <bytes>', 'lengths of answers (throughput)', sizes, [100, 1_024, 65_536])
    .option('--peers <names>', `only these, with commas: ${peerNames.join(',')}`)
    .option('--install', 'install what is missing (Debian, as root)')
    .option('--json <file>', 'write the result to a file too; "-" prints it, and nothing else')
    .option('--assert', 'exit 1 when a promise is not held')
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse(args, { from: 'user' });
  const flags = command.opts<Flags>();
  const peers = flags.peers?.split(',');
  const scenarios = flags.scenario === 'all' ? scenarioNames : flags.scenario.split(',');
  refuseUnknown(command, 'peer', peers ?? [], peerNames);
  refuseUnknown(command, 'scenario', scenarios, scenarioNames);
  return {
    scenarios,
    list: flags.list === true,
    rounds: flags.rounds ?? (flags.quick ? 2 : 3),
    seconds: flags.seconds ?? (flags.quick ? 2 : 4),
    warmUpSeconds: 1,
    connections: flags.connections,
    sizes: flags.sizes,
    peers,
    install: flags.install === true,
    json: flags.json,
    assert: flags.assert === true,
  };
}

function refuseUnknown(
  command: Command,
  what: string,
  names: readonly string[],
  known: readonly string[],
): void {
  const unknown = names.find(name => !known.includes(name));
  if (unknown === undefined) return;
  command.error(`error: there is no ${what} "${unknown}": there are ${known.join(', ')}`);
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

function sizes(text: string): number[] {
  return text.split(',').map(wholeNumber(1, 2 ** 24));
}
