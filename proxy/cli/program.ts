/** The command line `relais`: every verb, its options, what it sends. */
import { Command, CommanderError, Option } from 'commander';
import type { Environment } from '../config/colours.ts';
import { deadlineOf, parseAddresses, parseCount, parseSeconds } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { addBackendVerbs } from './backend-verbs.ts';
import { addClusterVerbs } from './cluster-verbs.ts';
import { addCompletionVerb, answerShell, askedWords } from './completion-verb.ts';
import { addConfigVerbs, EXPECT_OPTION, EXPECT_TEXT } from './config-verbs.ts';
import { addEnvVerb, withTwoDashes } from './env-verb.ts';
import { addEventsVerb } from './events-verb.ts';
import { addExplainVerb } from './explain-verb.ts';
import { addFrontends2017 } from './frontend-2017.ts';
import { addFrontendVerbs } from './frontend-verbs.ts';
import { withCheckTimeout } from './health-check-verbs.ts';
import { finishHelp, shapeHelp } from './help.ts';
import { Launcher, TAKE_OVER_OPTION } from './launcher.ts';
import { addListenerVerbs } from './listener-verbs.ts';
import { addMetricsVerbs } from './metrics-verbs.ts';
import { readOldWords } from './old-words.ts';
import { addRecordVerbs } from './record-verbs.ts';
import { addReloadVerbs } from './reload-verbs.ts';
import { addConnectionLimitVerbs, addLoggingVerb } from './setting-verbs.ts';
import { showStatus } from './show.ts';
import { showWaiting } from './show-holders.ts';
import type { StartOptions } from './start.ts';
import { addStateVerbs } from './state-verbs.ts';
import { EXIT_FAILURE, EXIT_OK, EXIT_USAGE, Exit, type Terminal } from './terminal.ts';
import { addTopVerb } from './top/top-verb.ts';
import { addUpgradeVerb } from './upgrade-verb.ts';

export interface Surroundings {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly version: string;
  readonly inheritedSockets: number;
  /** Of the terminal; absent: it is none. */
  readonly columns?: number | undefined;
  /** Of this file, as it was called. */
  readonly program: string;
}

/** Returns the exit code: 0 ok, 1 failure, 2 wrong usage. */
export async function run(
  argumentsGiven: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const asked = askedWords(argumentsGiven);
  if (asked !== undefined) {
    const program = createProgram(surroundings, () => undefined);
    await answerShell(program, surroundings.terminal, surroundings.environment, asked);
    return EXIT_OK;
  }
  const { words, refusal } = readOldWords(withTwoDashes(argumentsGiven));
  if (refusal !== undefined) {
    surroundings.terminal.err(`error: ${refusal}\n`);
    return EXIT_USAGE;
  }
  let exitCode = EXIT_OK;
  const program = createProgram(surroundings, code => {
    exitCode = code;
  });
  try {
    await program.parseAsync(withCheckTimeout([...words]), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    // commander has printed its own message by now.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    surroundings.terminal.err(`relais: ${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT_FAILURE;
  }
}

/** All verbs; `onExit` is told the exit code of those that have one of their own. */
export function createProgram(surroundings: Surroundings, onExit: (code: number) => void): Command {
  const { terminal, version } = surroundings;
  const program = new Command('relais')
    .description('A reverse proxy that is reconfigured while it runs.')
    .version(version, '-V, --version', 'print the version')
    .option('-c, --config <file>', 'config file of the proxy')
    .option('-s, --socket <path>', 'command socket of the proxy, instead of --config')
    .option('-t, --timeout <ms>', 'how long to wait for an answer; 0 waits for ever', parseCount)
    .option('-j, --json', 'print the answer as JSON')
    .option('--dry-run', 'of a change, only say what would happen')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .hook('preAction', root => useEnvironment(root, surroundings.environment));
  shapeHelp(program, surroundings.columns);
  addStart(program, surroundings, onExit);
  addConfigVerbs(program, terminal);
  addEnvVerb(program, surroundings, onExit);
  addReads(program, terminal);
  addReloadVerbs(program, terminal);
  addStateVerbs(program, terminal);
  addBackendVerbs(program, terminal);
  addClusterVerbs(program, terminal);
  addFrontendVerbs(program, terminal);
  addListenerVerbs(program, terminal);
  addConnectionLimitVerbs(program, terminal);
  addLoggingVerb(program, terminal);
  addFrontends2017(program, terminal);
  addExplainVerb(program, terminal);
  addTopVerb(program, terminal, surroundings.environment);
  addEventsVerb(program, terminal);
  addMetricsVerbs(program, terminal);
  addRecordVerbs(program, terminal);
  addUpgradeVerb(program, terminal);
  program
    .command('shutdown')
    .description('stop the proxy; requests in progress end first')
    .option('--hard', 'end at once')
    .addOption(
      new Option('--deadline <seconds>', 'cut what is left after this time')
        .argParser(parseSeconds)
        .conflicts('hard'),
    )
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<
        GlobalOptions & { hard?: boolean; deadline?: number }
      >();
      const soft = { kind: 'soft-stop', ...deadlineOf(options) } as const;
      const request = options.hard === true ? ({ kind: 'hard-stop' } as const) : soft;
      const patience = { ...options, defaultTimeoutMs: 0 };
      await ask(terminal, patience, request, undefined, showWaiting);
    });
  addCompletionVerb(program, terminal);
  finishHelp(program);
  return program;
}

/** What the command line says wins, even if it says less. */
function useEnvironment(root: Command, environment: Environment): void {
  const { config, socket } = root.opts<GlobalOptions>();
  if (config !== undefined || socket !== undefined) return;
  const { RELAIS_CONFIG: file, RELAIS_SOCKET: path } = environment;
  if (path !== undefined && path !== '') root.setOptionValueWithSource('socket', path, 'env');
  if (file !== undefined && file !== '') root.setOptionValueWithSource('config', file, 'env');
}

interface StartWords extends GlobalOptions {
  readonly expect?: string[];
  readonly takeOver?: string;
}

/** What systemd says to the service that it starts (sd_notify(3), sd_watchdog_enabled(3)). */
function notifyOf({ NOTIFY_SOCKET, WATCHDOG_USEC }: Environment): StartOptions['notify'] & object {
  return { notifySocket: NOTIFY_SOCKET, watchdogUsec: WATCHDOG_USEC };
}

function addStart(
  commands: Command,
  { terminal, version, inheritedSockets, program, environment }: Surroundings,
  onExit: (code: number) => void,
): void {
  commands
    .command('start')
    .description('start the proxy in the foreground (needs --config)')
    .option(EXPECT_OPTION, EXPECT_TEXT, parseAddresses)
    .addOption(new Option(`${TAKE_OVER_OPTION} <socket>`, 'used by upgrade').hideHelp())
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<StartWords>();
      const { config, takeOver } = options;
      if (config === undefined) command.error('error: start needs a config file: -c FILE');
      const expect = options.expect ?? [];
      const notify = notifyOf(environment);
      const words = ['start', '-c', config, ...expect.flatMap(each => ['--expect', each])];
      const launcher = new Launcher({
        program,
        words,
        standsIn: notify.notifySocket === undefined,
      });
      const { RUST_LOG: rustLog } = environment;
      const given = {
        config,
        expect,
        version,
        inheritedSockets,
        takeOver,
        launcher,
        rustLog,
        notify,
      };
      const { start } = await import('./start.ts');
      onExit(await start(terminal, given));
    });
}

function addReads(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description('show the main process and the workers')
    .action((_options, command: Command) =>
      ask(terminal, command.optsWithGlobals(), { kind: 'status' }, reply =>
        reply.content === undefined ? '' : showStatus(reply.content),
      ),
    );
}
