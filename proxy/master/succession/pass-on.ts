/** Requests that came to a main process which was replaced go to the one that serves now. */
import { connectCommand } from '../../command/client.ts';
import type { Reply } from '../../command/replies.ts';
import type { ProxyRequest } from '../../command/requests.ts';
import type { Asker } from '../command-socket/command-session.ts';

export async function passOn(
  commandSocket: string,
  request: ProxyRequest,
  asker: Asker,
): Promise<void> {
  const client = await connectCommand(commandSocket);
  asker.onClose(() => client.close());
  try {
    const reply = await client.send(request, {
      timeoutMs: 0,
      ...(asker.dryRun ? { dryRun: true } : {}),
      onProcessing: step => asker.reply(withoutId(step)),
    });
    asker.reply(withoutId(reply));
  } finally {
    client.close();
  }
}

/** The asker knows its own. */
function withoutId({ id: _, ...rest }: Reply): Omit<Reply, 'id'> {
  return rest;
}
