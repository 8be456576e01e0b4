/** `relais config …`: work on config files; no proxy needs to run. */
import type { Command } from 'commander';
import { parseAddresses } from './arguments.ts';
import type { GlobalOptions } from './ask.ts';
import { checkConfig } from './config-check.ts';
import { formatConfig, upgradeConfig } from './config-layout.ts';
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
  config
    .command('fmt [file]')
    .description('print a file in the one layout; comments and order stay')
    .option('--check', 'print what would change and fail when something would')
    .option('--write', 'write it into the file')
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      const { check, write } = command.optsWithGlobals<{ check?: boolean; write?: boolean }>();
      if (check === true && write === true) {
        command.error('error: give either --check or --write');
      }
      const way = check === true ? 'check' : write === true ? 'write' : 'print';
      await formatConfig(terminal, fileOf(command, file), way);
    });
  config
    .command('upgrade [file]')
    .description('print a file of 2017 in the form of today, with its comments')
    .option('--write', 'write it into the file')
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      const { write } = command.optsWithGlobals<{ write?: boolean }>();
      await upgradeConfig(terminal, fileOf(command, file), write === true ? 'write' : 'print');
    });
}

function fileOf(command: Command, file: string | undefined): string {
  const path = file ?? command.optsWithGlobals<GlobalOptions>().config;
  if (path === undefined) {
    command.error(`error: which file? relais config ${command.name()} FILE`);
  }
  return path;
}
