/** `relais config …`: work on config files; no proxy needs to run. */
import type { Command } from 'commander';
import { parseAddresses } from './arguments.ts';
import type { GlobalOptions } from './ask.ts';
import { checkConfig } from './config-check.ts';
import type { Terminal } from './terminal.ts';

export const EXPECT_OPTION = '--expect <address...>';
export const EXPECT_TEXT = 'warn when one of these machines is a backend of no cluster';

interface CheckFlags extends GlobalOptions {
  readonly expect?: string[];
  readonly strict?: boolean;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
}

export function addConfigVerbs(program: Command, terminal: Terminal): void {
  const config = program.command('config').description('work on config files');
  config
    .command('check [file]')
    .description('say everything that start would say about a file, and how to mend it')
    .option(EXPECT_OPTION, EXPECT_TEXT, parseAddresses)
    .option('--strict', 'fail on warnings too')
    .option('--fix', 'mend what has one obvious fix, in the file and in its answer files')
    .option('--dry-run', 'with --fix: only show what would be written')
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      const { expect = [], ...flags } = command.optsWithGlobals<CheckFlags>();
      if (flags.dryRun === true && flags.fix !== true) {
        command.error('error: --dry-run goes with --fix');
      }
      await checkConfig(terminal, fileOf(command, file), {
        expected: expect,
        json: flags.json === true,
        strict: flags.strict === true,
        fix: flags.fix === true,
        dryRun: flags.dryRun === true,
      });
    });
}

function fileOf(command: Command, file: string | undefined): string {
  const path = file ?? command.optsWithGlobals<GlobalOptions>().config;
  if (path === undefined) {
    command.error(`error: which file? relais config ${command.name()} FILE`);
  }
  return path;
}
