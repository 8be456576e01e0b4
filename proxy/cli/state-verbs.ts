/** `relais state …`: the configuration as it is now; to a file and back. */
import path from 'node:path';
import type { Command } from 'commander';
import type { RequestCounts } from '../command/replies.ts';
import { ask, type GlobalOptions } from './ask.ts';
import { fileOf } from './reload-verbs.ts';
import { showPlan } from './show-plan.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

interface FileOptions extends GlobalOptions {
  readonly file?: string;
  readonly prune?: boolean;
}

const TIMEOUT_MS = 60_000;

export function addStateVerbs(program: Command, terminal: Terminal): void {
  const state = program.command('state').description('configuration as it is now');
  state
    .command('dump')
    .description('print the requests that make the present state')
    .action((_options, command: Command) =>
      ask(
        terminal,
        command.optsWithGlobals(),
        { kind: 'dump-state' },
        reply => `Proxy state:\n${JSON.stringify(reply.content, null, 2)}\n`,
      ),
    );
  state
    .command('save')
    .description('write it to a file')
    .option('-f, --file <file>', 'default: saved_state of the config file')
    .action((_options, command: Command) => {
      const options = command.optsWithGlobals<FileOptions>();
      return ask(terminal, slow(options), { kind: 'save-state', ...fileOf(options) });
    });
  state
    .command('load')
    .description('make the proxy what a saved state says; all of it or nothing')
    .requiredOption('-f, --file <file>', 'that was saved')
    .option('--prune', 'remove what it does not have; without it, that stays')
    .option('--dry-run', 'only show what would change')
    .action((_options, command: Command) => {
      const options = command.optsWithGlobals<FileOptions & { file: string }>();
      const { file, prune = false } = options;
      const request = { kind: 'load-state', file: path.resolve(file), prune } as const;
      return ask(terminal, slow(options), request, ({ content }) =>
        content === undefined ? '' : showPlan(content),
      );
    });
  state
    .command('stats')
    .description('count the requests that changed it since the start')
    .action((_options, command: Command) =>
      ask(terminal, command.optsWithGlobals(), { kind: 'count-requests' }, ({ content }) =>
        content === undefined ? '' : showCounts(content),
      ),
    );
}

function slow(options: FileOptions): FileOptions & { defaultTimeoutMs: number } {
  return { ...options, defaultTimeoutMs: TIMEOUT_MS };
}

function showCounts({ counts }: RequestCounts): string {
  const rows = Object.entries(counts).map(([kind, count]) => [kind, String(count)]);
  return formatTable([['request', 'count'], ...rows]);
}
