/** The flags of the bench. */
import { Command, InvalidArgumentError, Option } from 'commander';

export interface BenchOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** Undefined: all of them. */
  readonly peers: readonly string[] | undefined;
  readonly install: boolean;
  readonly json: boolean;
  readonly assert: boolean;
}

interface Flags {
  readonly quick?: true;
  readonly rounds?: number;
  readonly seconds?: number;
  readonly connections: number;
  readonly peers?: string;
  readonly install?: true;
  readonly json?: true;
  readonly assert?: true;
}

/** Prints and exits by itself for `--help` (0) and for wrong flags (2). */
export function parseOptions(args: readonly string[], peerNames: readonly string[]): BenchOptions {
  const command = new Command('npm run bench --')
    .description('Measures Relais beside other proxies, in the same minutes on the same machine.')
    .option('--quick', '2 rounds of 2 seconds: a first impression')
    .option('--rounds <n>', 'rounds per peer (default: 3)', wholeNumber(1, 100))
    .option('--seconds <n>', 'length of a round (default: 4)', wholeNumber(1, 60))
    .option('--connections <n>', 'keep-alive connections', wholeNumber(1, 1_000), 64)
    .addOption(new Option('--peers <names>', `only these, with commas: ${peerNames.join(',')}`))
    .option('--install', 'install what is missing (Debian, as root)')
    .option('--json', 'print the result as JSON, and nothing else on stdout')
    .option('--assert', 'exit 1 when a promise is not held')
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse(args, { from: 'user' });
  const flags = command.opts<Flags>();
  const peers = flags.peers?.split(',');
  const unknown = peers?.find(name => !peerNames.includes(name));
  if (unknown !== undefined) {
    command.error(`error: there is no peer "${unknown}": there are ${peerNames.join(', ')}`);
  }
  return {
    rounds: flags.rounds ?? (flags.quick ? 2 : 3),
    seconds: flags.seconds ?? (flags.quick ? 2 : 4),
    warmUpSeconds: 1,
    connections: flags.connections,
    peers,
    install: flags.install === true,
    json: flags.json === true,
    assert: flags.assert === true,
  };
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}
