/** How help looks: verbs in groups, one line each, examples, and `relais help VERB …`. */
import { styleText } from 'node:util';
import { type Command, Help } from 'commander';
import { suggest } from '../shared/nearest.ts';
import { examplesOf, withExamples } from './examples.ts';
import { AFTERWORD, EXAMPLES, GROUPS, OTHER_GROUP } from './help-texts.ts';

/** Wider lines are hard to read. */
const MAX_WIDTH = 100;

/** Verbs that are added afterwards inherit it. */
export function shapeHelp(program: Command, columns: number | undefined): void {
  const width = (): number => Math.min(columns ?? MAX_WIDTH, MAX_WIDTH);
  program
    .configureOutput({ getOutHelpWidth: width, getErrHelpWidth: width })
    .configureHelp({
      styleTitle: title => styleText('bold', title),
      subcommandTerm: termOf,
      subcommandDescription: describe,
    })
    .showHelpAfterError('Try "relais help", or "relais help VERB" for examples.')
    .helpCommand(false)
    .helpOption('-h, --help', 'show how it is used')
    .addHelpText('after', AFTERWORD);
}

/** To be called when all verbs are there. */
export function finishHelp(program: Command): void {
  addHelpVerb(program);
  // Groups are shown in the order of their first verb, and commander has no other way to say it.
  (program.commands as Command[]).sort((one, other) => placeOf(one) - placeOf(other));
  for (const command of program.commands) {
    command.helpGroup(GROUPS[placeOf(command)]?.[0] ?? OTHER_GROUP);
  }
  for (const command of leaves(program)) {
    const examples = EXAMPLES[pathOf(command)];
    if (examples === undefined || examplesOf(command).length > 0) continue;
    withExamples(command, ...examples.map(example => `relais ${example}`));
  }
}

function placeOf(command: Command): number {
  const place = GROUPS.findIndex(([, names]) => names.includes(command.name()));
  return place < 0 ? GROUPS.length : place;
}

/** The verbs that do something, as far as help shows them. */
export function leaves(command: Command): Command[] {
  const verbs = visible(command);
  return verbs.length === 0 ? [command] : verbs.flatMap(leaves);
}

/** `backend add` */
export function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
}

/** What help shows. */
export function visible(command: Command): Command[] {
  const isRoot = command.parent === null;
  return new Help().visibleCommands(command).filter(each => isRoot || each.name() !== 'help');
}

/** Without the word "[options]", which nearly every verb has. */
function termOf(command: Command): string {
  const names = command.registeredArguments.map(argument => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...names].join(' ');
}

/** A group of verbs names them. */
function describe(command: Command): string {
  const verbs = visible(command).map(each => each.name());
  const own = command.description();
  return verbs.length === 0 ? own : `${own}: ${verbs.join(', ')}`;
}

function addHelpVerb(program: Command): void {
  withExamples(
    program
      .command('help')
      .description('show how a verb is used, with examples')
      .argument('[verb...]', 'such as: backend add'),
    'relais help',
    'relais help backend add',
  ).action((words: readonly string[]) => {
    let found: Command = program;
    for (const word of words) {
      const next: Command | undefined = found.commands.find(each => each.name() === word);
      if (next === undefined) {
        const names = visible(found).map(each => each.name());
        return found.error(`error: there is no verb "${word}"${suggest(word, names)}`);
      }
      found = next;
    }
    found.outputHelp();
  });
}
