/** Asks the handler of the command socket on behalf of somebody who wants one answer. */
import type { Reply } from '../../command/replies.ts';
import type { ProxyRequest } from '../../command/requests.ts';
import type { Asker, CommandHandler } from '../command-socket/command-session.ts';
import type { Origin } from './origin.ts';

export type Told = Omit<Reply, 'id'> & {
  /** What was said on the way. */
  readonly steps?: readonly string[];
};

export interface AskOptions {
  readonly origin: Origin;
  readonly dryRun?: boolean;
}

/** Resolves with `ok` or `failure`, whatever happens. */
export async function askHandler(
  handle: CommandHandler,
  request: ProxyRequest,
  options: AskOptions,
): Promise<Told> {
  const steps: string[] = [];
  let last: Omit<Reply, 'id'> | undefined;
  let resolveLast: () => void = () => undefined;
  // A stop answers before its handler is through, and there may be no "after".
  const answered = new Promise<void>(resolve => {
    resolveLast = resolve;
  });
  const asker: Asker = {
    origin: options.origin,
    dryRun: options.dryRun ?? false,
    reply: reply => {
      if (reply.status === 'processing') {
        steps.push(reply.message);
        return;
      }
      last = reply;
      resolveLast();
    },
    onClose: () => undefined,
    unread: () => 0,
  };
  try {
    await Promise.race([answered, handle(request, asker)]);
  } catch (error) {
    last = { status: 'failure', message: error instanceof Error ? error.message : String(error) };
  }
  const told = last ?? { status: 'failure', message: `"${request.kind}" has no answer` };
  return steps.length === 0 ? told : { ...told, steps };
}
