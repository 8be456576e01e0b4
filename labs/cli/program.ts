/** The command line `lab`: its commands, their flags, and how each one ends. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { cleanCommand } from './clean-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { EXIT, exitCodeOfError } from './exit-codes.ts';
import { type FlagName, type Flags, flagOption } from './flags.ts';
import { execCommand, logsCommand } from './inside-commands.ts';
import { statusCommand, visitCommand } from './look-commands.ts';
import { downCommand, healCommand, measureCommand, upCommand } from './machine-commands.ts';
import { listCommand, runCommand } from './run-command.ts';
import { openSession, type Session, type World } from './session.ts';

type Work = (session: Session) => number | Promise<number>;

const DEFAULT_VISITS = 6;
const MOST_VISITS = 1_000;

/** Resolves with the exit code; whatever is thrown is told on `complain` and becomes one. */
export async function runProgram(
  argv: readonly string[],
  world: World,
  complain: (message: string) => void,
): Promise<number> {
  let code: number = EXIT.pass;
  const perform = (flags: Flags, work: Work): Promise<void> =>
    Promise.resolve(work(openSession(world, flags))).then(result => {
      code = result;
    });
  try {
    const words = argv.length === 0 ? ['--help'] : argv;
    await createProgram(world, perform, complain).parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
    const exitCode = exitCodeOfError(error, world.signal.aborted);
    if (exitCode !== EXIT.interrupted) complain(sentence(error));
    return exitCode;
  }
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = error.name === 'LabError' || error.name === 'MachineError';
  return known ? error.message : (error.stack ?? error.message);
}

type Perform = (flags: Flags, work: Work) => Promise<void>;

function createProgram(world: World, perform: Perform, complain: (text: string) => void): Command {
  const program = new Command('lab')
    .description('Reverse-proxy labs on real machines, checked in a real browser.')
    .version(world.version)
    .exitOverride()
    .configureOutput({
      writeOut: text => world.terminal.write(text),
      writeErr: text => complain(text.trimEnd()),
    })
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
Begin with:
  lab run load-balance

Exit codes: 0 passed, 1 a check failed, 2 wrong command, 3 undecided,
            4 something is missing here, 130 interrupted.`,
    );
  addLabCommands(program, world, perform);
  addMachineCommands(program, world, perform);
  addInsideCommands(program, world, perform);
  addHouseCommands(program, world, perform);
  return program;
}

function command(
  program: Command,
  world: World,
  usage: string,
  about: string,
  flags: readonly FlagName[],
): Command {
  const one = program.command(usage).description(about);
  const shared: readonly FlagName[] = ['lang', 'instance', 'json'];
  for (const name of [...new Set([...flags, ...shared])]) one.addOption(flagOption(name, world));
  return one;
}

function addLabCommands(program: Command, world: World, perform: Perform): void {
  command(program, world, 'list', 'the labs', []).action((flags: Flags) =>
    perform(flags, listCommand),
  );
  const forRun: readonly FlagName[] = [
    'machines',
    'headed',
    'slow',
    'keep',
    'browser',
    'quiet',
    'seed',
    'proxyEntry',
  ];
  command(program, world, 'run <lab>', 'run a lab from nothing to nothing', forRun)
    .option('--until <step>', 'end after this step')
    .action((lab: string, flags: Flags & { readonly until?: string }) =>
      perform(flags, session => runCommand(session, lab, flags.until)),
    );
}

function addMachineCommands(program: Command, world: World, perform: Perform): void {
  const forUp: readonly FlagName[] = ['machines', 'seed', 'proxyEntry'];
  command(
    program,
    world,
    'up [machines...]',
    'bring machines and proxy up and leave them',
    forUp,
  ).action((machines: readonly string[], flags: Flags) =>
    perform(flags, session => upCommand(session, machines)),
  );
  command(program, world, 'down <machine>', 'make a machine fail', [])
    .option('--how <failure>', 'crash, power-off, blackhole, freeze, slow or error', 'power-off')
    .action((machine: string, flags: Flags & { readonly how: string }) =>
      perform(flags, session => downCommand(session, machine, flags.how)),
    );
  command(
    program,
    world,
    'heal [machine]',
    'end the failures of one machine, or of all',
    [],
  ).action((machine: string | undefined, flags: Flags) =>
    perform(flags, session => healCommand(session, machine)),
  );
  command(
    program,
    world,
    'measure [machines...]',
    'connect to machines and time what comes',
    [],
  ).action((machines: readonly string[], flags: Flags) =>
    perform(flags, session => measureCommand(session, machines)),
  );
}

function addInsideCommands(program: Command, world: World, perform: Perform): void {
  command(program, world, 'exec <machine> <command...>', 'run a command on a machine', [])
    .passThroughOptions()
    .action((machine: string, argv: readonly string[], flags: Flags) =>
      perform(flags, session => execCommand(session, machine, argv)),
    );
  command(program, world, 'logs <machine>', 'what the app of a machine printed', []).action(
    (machine: string, flags: Flags) => perform(flags, session => logsCommand(session, machine)),
  );
}

function addHouseCommands(program: Command, world: World, perform: Perform): void {
  command(program, world, 'status', 'what runs', []).action((flags: Flags) =>
    perform(flags, statusCommand),
  );
  command(program, world, 'visit', 'visit the site a few times and see who answers', [])
    .option('--times <number>', 'how often', parseTimes, DEFAULT_VISITS)
    .action((flags: Flags & { readonly times: number }) =>
      perform(flags, session => visitCommand(session, flags.times)),
    );
  const clean = command(program, world, 'clean', 'remove what the kit left running', []).option(
    '--yes',
    'do not ask',
    false,
  );
  clean.action((flags: Flags & { readonly yes: boolean }) => {
    const only = clean.getOptionValueSource('instance') === 'cli' ? flags.instance : undefined;
    return perform(flags, session => cleanCommand(session, { yes: flags.yes, only }));
  });
  command(program, world, 'doctor', 'is everything there that labs need?', []).action(
    (flags: Flags) => perform(flags, doctorCommand),
  );
}

function parseTimes(text: string): number {
  const times = Number(text);
  if (/^\d+$/.test(text) && times >= 1 && times <= MOST_VISITS) return times;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_VISITS}.`);
}
