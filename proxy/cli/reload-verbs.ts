/** `relais reload` and `relais diff`: a config file and what runs. */
import path from 'node:path';
import type { Command } from 'commander';
import type { PlanContent } from '../command/change-plan.ts';
import { ask, askFor, type GlobalOptions } from './ask.ts';
import { showPlan } from './show-plan.ts';
import { EXIT_USAGE, Exit, type Terminal } from './terminal.ts';

interface ReloadOptions extends GlobalOptions {
  readonly file?: string;
  readonly prune?: boolean;
}

/** Reading and comparing ten thousand clusters takes its time. */
const TIMEOUT_MS = 60_000;
const EXIT_DIFFERENT = 1;

export function addReloadVerbs(program: Command, terminal: Terminal): void {
  program
    .command('reload')
    .description('make the proxy what its config file says; all of it or nothing')
    .option('-f, --file <file>', 'another config file than the one of the start')
    .option('--prune', 'remove what the file does not have; without it, that stays')
    .option('--dry-run', 'only show what would change')
    .action((_options, command: Command) => {
      const options = command.optsWithGlobals<ReloadOptions>();
      const { prune = false } = options;
      const request = { kind: 'reload', ...fileOf(options), prune } as const;
      return ask(terminal, { ...options, defaultTimeoutMs: TIMEOUT_MS }, request, ({ content }) =>
        content === undefined ? '' : showPlan(content),
      );
    });
  program
    .command('diff')
    .description('compare what runs with the config file: exit code 0 same, 1 different, 2 trouble')
    .option('-f, --file <file>', 'another config file than the one of the start')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ReloadOptions>();
      const request = { kind: 'reload', ...fileOf(options), prune: true } as const;
      const asked = { ...options, dryRun: true, defaultTimeoutMs: TIMEOUT_MS };
      const { content } = await askFor(terminal, asked, request).catch(asTrouble);
      if (content === undefined) return;
      if (options.json === true) terminal.out(`${JSON.stringify(content, null, 2)}\n`);
      else terminal.out(showDifference(content));
      if (content.changes > 0) throw new Exit(EXIT_DIFFERENT);
    });
}

/** From what runs to what the file says. */
function showDifference(content: PlanContent): string {
  const { file, changes } = content;
  const same = `what runs is what ${file} says\n`;
  return (changes === 0 ? same : '') + showPlan({ ...content, applied: true });
}

/** As with diff(1): 1 means that there are differences. */
function asTrouble(error: unknown): never {
  throw error instanceof Exit ? new Exit(EXIT_USAGE) : error;
}

/** The proxy may have another working directory. */
export function fileOf({ file }: ReloadOptions): { file?: string } {
  return file === undefined ? {} : { file: path.resolve(file) };
}
