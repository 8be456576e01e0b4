/** `relais env`: a proxy between colours, configured by environment variables alone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  type ColourOptions,
  type Colours,
  type Environment,
  readColours,
} from '../config/colours.ts';
import { type Config, parseConfig } from '../config/load.ts';
import { parseCount, parseOneAddress } from './arguments.ts';
import type { GlobalOptions } from './ask.ts';
import type { ServeOptions } from './start.ts';
import { EXIT_FAILURE, EXIT_OK, type Terminal } from './terminal.ts';

interface EnvOptions extends GlobalOptions {
  readonly addr: string;
  readonly stripPath?: boolean;
  readonly sticky?: boolean;
  readonly keepalive: boolean;
  readonly accessLog: boolean;
  readonly workers: number;
  readonly printConfig?: boolean;
}

export interface EnvSurroundings extends Omit<ServeOptions, 'configChangedAt'> {
  readonly terminal: Terminal;
  readonly environment: Environment;
}

export function addEnvVerb(
  program: Command,
  surroundings: EnvSurroundings,
  onExit: (code: number) => void,
): void {
  program
    .command('env')
    .description('start a proxy that is configured by environment variables: BLUE, GREEN, …')
    .argument('[colors...]', 'more colours; each has a variable of its name in capitals')
    .option('--addr <address>', 'where to listen: [IP]:PORT', parseListenAddress, '0.0.0.0:8080')
    .option('--strip-path', "ask for the path of the colour's URL instead of the client's")
    .option('--sticky', 'a visitor stays with the colour that served them first')
    .option('--no-keepalive', 'connect anew for every request, so that a virtual IP balances them')
    .option('--no-access-log', 'no line for each request')
    .option('--workers <n>', 'with 1 the weights are exact in every run of requests', parseCount, 1)
    .option('--print-config', 'print the config file that says the same, and end')
    .addHelpText('after', help)
    .action(async (more: string[], _options: unknown, command: Command) => {
      onExit(await runEnv(surroundings, command.optsWithGlobals<EnvOptions>(), more));
    });
}

const help = `
Variables:
  BLUE, GREEN, …               URL of a backend: http://HOST:PORT
  BLUE_WEIGHT, GREEN_WEIGHT, … share of the requests; default 1, 0 for standby

The backend is told its colour in the field Color. Weights can be changed while the proxy runs:
  relais -s SOCKET backend weight -i colors -a HOST:PORT 20   (start with -s SOCKET to name it)
`;

async function runEnv(
  surroundings: EnvSurroundings,
  options: EnvOptions,
  more: readonly string[],
): Promise<number> {
  const { terminal, environment } = surroundings;
  const read = (socket: string): Colours =>
    readColours(environment, optionsOf(options, socket, more));
  if (options.printConfig === true) return print(terminal, read(options.socket ?? './relais.sock'));
  if (options.socket !== undefined) {
    return start(surroundings, read(path.resolve(options.socket)));
  }
  // Nobody else may put a socket there.
  const folder = await mkdtemp(path.join(tmpdir(), 'relais-env-'));
  try {
    return await start(surroundings, read(path.join(folder, 'sock')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(surroundings: EnvSurroundings, colours: Colours): Promise<number> {
  const { terminal } = surroundings;
  const config = parseConfig(colours.toml, 'environment');
  if (config.ok) {
    const timeless = { ...surroundings, configChangedAt: 0 };
    const { serve } = await import('./start.ts');
    return await serve(terminal, told(config.value, colours), timeless, 'choose with --addr');
  }
  terminal.err(`relais: cannot start\n${config.error.message}\n`);
  return EXIT_FAILURE;
}

function optionsOf(
  options: EnvOptions,
  commandSocket: string,
  more: readonly string[],
): ColourOptions {
  return {
    address: options.addr,
    commandSocket,
    workerCount: options.workers,
    more,
    stripPath: options.stripPath === true,
    sticky: options.sticky === true,
    keepAlive: options.keepalive,
    accessLog: options.accessLog,
  };
}

function print(terminal: Terminal, { toml, warnings }: Colours): number {
  for (const warning of warnings) terminal.err(`warning: ${warning}\n`);
  terminal.out(`${toml}\n`);
  return EXIT_OK;
}

/** The file was made here: what is odd in it is said in the words of the environment. */
function told(config: Config, { colours, warnings, notes }: Colours): Config {
  const lines = colours.map(
    ({ name, url, weight }) => `color ${JSON.stringify({ color: name, url, weight })}`,
  );
  const { commandSocket } = config.settings;
  return { ...config, warnings, notes: [...notes, ...lines, `command socket ${commandSocket}`] };
}

/** `:8080` is Go's word for every address of the machine. */
function parseListenAddress(text: string): string {
  const address = text.replace(/^:/, '0.0.0.0:').replace(/^localhost:/i, '127.0.0.1:');
  if (/^[^:]*$/.test(address)) {
    throw new InvalidArgumentError('Write it as :PORT or IP:PORT, such as :8080.');
  }
  return parseOneAddress(address);
}

/** Go's flags have one dash: `-addr :80` and `-addr=:80` are `--addr`. */
export function withTwoDashes(argumentsGiven: readonly string[]): string[] {
  return argumentsGiven.map(word => (/^-addr(?:=|$)/.test(word) ? `-${word}` : word));
}
