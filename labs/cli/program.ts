/** The command line `lab`: its commands, their flags, and how each one ends. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { LabError } from '../harness/errors.ts';
import { LANGUAGES, type Language } from '../harness/text.ts';
import type { CheckWanted } from './check-command.ts';
import { cleanCommand } from './clean-command.ts';
import { crowdCommand } from './crowd-command.ts';
import { deployCommand } from './deploy-command.ts';
import { EXIT, exitCodeOfError } from './exit-codes.ts';
import type { TypedOptions } from './failure-options.ts';
import { type FlagName, type Flags, flagOption, parseLanguages } from './flags.ts';
import type { HandoutWanted } from './handout-command.ts';
import { execCommand, logsCommand } from './inside-commands.ts';
import { knobsCommand } from './knobs-command.ts';
import { statusCommand, visitCommand } from './look-commands.ts';
import { downCommand, healCommand, measureCommand, upCommand } from './machine-commands.ts';
import { proxyStartCommand } from './proxy-command.ts';
import type { ReportWanted } from './report-command.ts';
import { openSession, type Session, type World } from './session.ts';
import { envCommand, shellCommand } from './shell-command.ts';

/** What needs much code loads it when it is asked for, so that `lab down` has not to wait for it. */
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
  addLearnCommand(program, world, perform);
  addEvidenceCommands(program, world, perform);
  addAuthorCommands(program, world, perform);
  addMachineCommands(program, world, perform);
  addAppCommands(program, world, perform);
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
  for (const name of new Set([...flags, ...forEngine(flags), ...shared])) {
    one.addOption(flagOption(name, world));
  }
  return one;
}

/** Who chooses machines may choose what makes them. */
function forEngine(flags: readonly FlagName[]): readonly FlagName[] {
  return flags.includes('machines') ? ['engine', 'box'] : [];
}

interface RunWanted {
  readonly until?: string;
  readonly all: boolean;
}

function addLabCommands(program: Command, world: World, perform: Perform): void {
  command(program, world, 'list', 'the labs', []).action((flags: Flags) =>
    perform(flags, async session => (await import('./list-command.ts')).listCommand(session)),
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
  command(program, world, 'run [lab]', 'run a lab from nothing to nothing', forRun)
    .option('--until <step>', 'end after this step')
    .option('--all', 'run every lab, one after the other', false)
    .action((lab: string | undefined, flags: Flags & RunWanted) =>
      perform(flags, async session => {
        const { runAllCommand, runCommand } = await import('./run-command.ts');
        if (flags.all) return runAllCommand(session);
        if (lab !== undefined) return runCommand(session, lab, flags.until);
        throw new LabError('LAB_USAGE', 'Name a lab, or say --all. `lab list` shows them.');
      }),
    );
}

function addLearnCommand(program: Command, world: World, perform: Perform): void {
  const about = 'do a lab by hand, at your own pace (default: where you were)';
  const flags: readonly FlagName[] = [
    'machines',
    'headed',
    'browser',
    'plain',
    'seed',
    'proxyEntry',
  ];
  const learn = command(program, world, 'learn [lab]', about, flags).option(
    '--from <step>',
    'begin at this step, by name or number',
  );
  learn.action((lab: string | undefined, given: Flags & { readonly from?: string }) => {
    const saidLanguage = learn.getOptionValueSource('lang') === 'cli' || world.env['LAB_LANG'];
    const wanted = given.from === undefined ? {} : { from: given.from };
    return perform(given, async session =>
      (await import('./learn-command.ts')).learnCommand(session, lab, {
        ...wanted,
        anyLanguage: !saidLanguage,
      }),
    );
  });
}

function addEvidenceCommands(program: Command, world: World, perform: Perform): void {
  const about = 'judge a recorded run again, from its history (a folder, a name, or latest)';
  command(program, world, 'recheck <run>', about, []).action((run: string, flags: Flags) =>
    perform(flags, async session =>
      (await import('./recheck-command.ts')).recheckCommand(session, run),
    ),
  );
  command(program, world, 'report [run]', 'where the report of a run is (default: latest)', [])
    .option('--open', 'open it', false)
    .option('--index', 'a page that lists all runs', false)
    .action((run: string | undefined, flags: Flags & ReportWanted) =>
      perform(flags, async session =>
        (await import('./report-command.ts')).reportCommand(session, run ?? 'latest', flags),
      ),
    );
}

function addAuthorCommands(program: Command, world: World, perform: Perform): void {
  const forCheck: readonly FlagName[] = ['machines', 'browser', 'quiet', 'seed', 'proxyEntry'];
  command(program, world, 'check [labs...]', 'can learners rely on these labs?', forCheck)
    .option('--all', 'every lab', false)
    .option('--no-robot', 'leave out the learner who types into a terminal')
    .action((labs: readonly string[], flags: Flags & Omit<CheckWanted, 'labs'>) =>
      perform(flags, async session =>
        (await import('./check-command.ts')).checkCommand(session, { ...flags, labs }),
      ),
    );
  const forHandout: readonly FlagName[] = ['machines', 'quiet', 'seed', 'proxyEntry'];
  const languages = new Option('--lang <languages>', 'en, fr or both')
    .argParser(parseLanguages)
    .default([...LANGUAGES], LANGUAGES.join(','));
  program
    .command('handout [labs...]')
    .description('run labs and write them down, to be read and followed by hand')
    .addOption(languages)
    .option('--out <folder>', 'where the pages go', 'docs/handouts')
    .option('--check', 'only say what is stale', false)
    .option('--reuse', 'take the runs that are there where only words have changed', false);
  const handout = program.commands.at(-1);
  for (const name of [...forHandout, 'json'] as const) {
    handout?.addOption(flagOption(name, world));
  }
  handout?.action((labs: readonly string[], flags: HandoutFlags) => {
    const { lang, out, check, reuse, ...others } = flags;
    const wanted = { labs, languages: lang, out, check, reuse };
    const first = lang[0] ?? 'en';
    // Handouts show the addresses of the first instance, as every learner meets them.
    return perform({ ...others, lang: first, browser: true, instance: 0 }, async session =>
      (await import('./handout-command.ts')).handoutCommand(session, wanted),
    );
  });
}

type HandoutFlags = Omit<Flags, 'lang' | 'browser' | 'instance'> &
  Omit<HandoutWanted, 'labs' | 'languages'> & { readonly lang: readonly Language[] };

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
    .option('--delay <time>', 'with slow: how late, such as 500ms (default 2s)')
    .option('--rate <share>', 'with error: share of failing answers (default 1)')
    .action((machine: string, flags: Flags & TypedOptions & { readonly how: string }) => {
      const { how, delay, rate } = flags;
      return perform(flags, session => downCommand(session, machine, { how, delay, rate }));
    });
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

function addAppCommands(program: Command, world: World, perform: Perform): void {
  command(
    program,
    world,
    'deploy <machine> <version>',
    'put v1, v2 or v3 (a bad build) on a machine',
    [],
  ).action((machine: string, version: string, flags: Flags) =>
    perform(flags, session => deployCommand(session, machine, version)),
  );
  const about = 'show the faults and limits of an app, or set them: key=value, or reset';
  command(program, world, 'knobs <machine> [pairs...]', about, []).action(
    (machine: string, pairs: readonly string[], flags: Flags) =>
      perform(flags, session => knobsCommand(session, machine, pairs)),
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
  const inShell = 'a terminal in which the commands of the lab that runs work as printed';
  command(program, world, 'shell', inShell, []).action((flags: Flags) =>
    perform(flags, shellCommand),
  );
  command(program, world, 'env', 'the same for a shell: eval "$(lab env)"', []).action(
    (flags: Flags) => perform(flags, envCommand),
  );
  command(program, world, 'visit', 'visit the site a few times and see who answers', [])
    .option('--times <number>', 'how often', parseTimes, DEFAULT_VISITS)
    .action((flags: Flags & { readonly times: number }) =>
      perform(flags, session => visitCommand(session, flags.times)),
    );
  command(
    program,
    world,
    'crowd [people]',
    'so many people come to the site and stay; 0: none',
    [],
  ).action((people: string | undefined, flags: Flags) =>
    perform(flags, session => crowdCommand(session, people)),
  );
  const proxy = program.command('proxy').description('the proxy of the running lab');
  command(proxy, world, 'start', 'start it again after `relais shutdown`', []).action(
    (flags: Flags) => perform(flags, proxyStartCommand),
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
  addDoctorCommand(program, world, perform);
}

function addDoctorCommand(program: Command, world: World, perform: Perform): void {
  const about = 'is everything there that labs need? It is tried, not only looked up';
  command(program, world, 'doctor', about, ['browser', 'proxyEntry'])
    .option('--try <kind>', 'also try these machines, though it takes long; or all', collect, [])
    .option('--fix', 'offer to mend what can be mended', false)
    .option('--yes', 'with --fix: do not ask, do all that labs need', false)
    .option('--bundle [file]', 'write a report to paste, without names and secrets')
    .option('--online', 'also ask whether downloads would work', false)
    .action((flags: Flags & DoctorFlags) =>
      perform(flags, async session => {
        const { doctorCommand } = await import('./doctor-command.ts');
        const { try: tried, ...wanted } = flags;
        return doctorCommand(session, { ...wanted, tried });
      }),
    );
}

interface DoctorFlags {
  readonly try: readonly string[];
  readonly fix: boolean;
  readonly yes: boolean;
  readonly online: boolean;
  /** `true`: without a name. */
  readonly bundle?: string | true;
}

/** An option that may be given several times. */
function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function parseTimes(text: string): number {
  const times = Number(text);
  if (/^\d+$/.test(text) && times >= 1 && times <= MOST_VISITS) return times;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_VISITS}.`);
}
