/** `relais why`: what became of one request. */
import type { Command } from 'commander';
import { tellStory } from '../log/failure-words.ts';
import { ask, type GlobalOptions } from './ask.ts';
import type { Terminal } from './terminal.ts';

export function addRecordVerbs(program: Command, terminal: Terminal): void {
  program
    .command('why [request-id]')
    .description('tell why a request failed: which backends were tried, what happened to each')
    .option('-l, --last', 'the latest request that failed')
    .action(async (requestId: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { last?: boolean }>();
      if ((requestId === undefined) === (options.last !== true)) {
        command.error('error: which request? relais why REQUEST-ID, or relais why --last');
      }
      const kind = 'why';
      const request =
        requestId === undefined ? ({ kind } as const) : ({ kind, requestId } as const);
      await ask(terminal, options, request, reply =>
        reply.content === undefined ? '' : tellStory(reply.content.story),
      );
    });
}
