/** `relais upgrade`: new processes from the code on disk, without a failed request. */
import { type Command, Option } from 'commander';
import type { ProxyRequest } from '../command/requests.ts';
import { deadlineOf, parseCount, parseSeconds } from './arguments.ts';
import { ask, type GlobalOptions } from './ask.ts';
import type { Terminal } from './terminal.ts';

interface UpgradeOptions extends GlobalOptions {
  readonly worker?: number;
  readonly workers?: boolean;
  readonly deadline: number;
}

/** Long enough for nearly every download; a tunnel may live for ever. */
const DEFAULT_DEADLINE_S = 60;

export function addUpgradeVerb(program: Command, terminal: Terminal): void {
  program
    .command('upgrade')
    .description('replace the main process and all workers by new ones from the code on disk')
    .addOption(
      new Option('--worker <id>', 'only this worker').argParser(parseCount).conflicts('workers'),
    )
    .option('--workers', 'all workers, one after the other, but not the main process')
    .option(
      '--deadline <seconds>',
      'cut what an old process still has in hand after this time; 0 waits for ever',
      parseSeconds,
      DEFAULT_DEADLINE_S,
    )
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<UpgradeOptions>();
      await ask(terminal, { ...options, defaultTimeoutMs: 0 }, toRequest(options));
    });
}

function toRequest({ worker, workers, deadline }: UpgradeOptions): ProxyRequest {
  const limit = deadline === 0 ? {} : deadlineOf({ deadline });
  if (worker !== undefined) return { kind: 'upgrade-worker', workerId: worker, ...limit };
  return { kind: workers === true ? 'upgrade-workers' : 'upgrade-main', ...limit };
}
