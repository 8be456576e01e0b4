/**
 * Takes the idle clients of an orphan from it directly: they are on no way through the main
 * process, which may be killed meanwhile.
 */
import { HAND_OVER_VERSION, type ToSuccessor } from '../command/hand-over.ts';
import type { IdleClient } from '../net/listener/listener.ts';
import { connectHandles } from '../net/socket/handle-pipe.ts';

export interface ClientReceiverOptions {
  /** Where the orphan waits. */
  readonly place: string;
  /** False: it cannot be served here, and stays the orphan's. */
  readonly take: (client: IdleClient) => boolean;
}

/**
 * Resolves when the orphan knows of this worker.
 * @throws {ProxyError} PROXY_UNREACHABLE when nobody waits there.
 */
export async function receiveClients({ place, take }: ClientReceiverOptions): Promise<void> {
  const pipe = await connectHandles(place);
  await new Promise<void>(resolve => {
    pipe.user = {
      // An orphan of an older version of the program does not know this: the main process takes them.
      onEnd: resolve,
      onMessage: (received, handle, arrived) => {
        const message = received as unknown as ToSuccessor;
        if (message.type === 'end') resolve();
        else if (message.type !== 'client' || handle === undefined) return;
        else if (take({ ...message, handle })) arrived();
        else {
          handle.close();
          pipe.close();
        }
      },
    };
    pipe.send({ type: 'receive', version: HAND_OVER_VERSION });
  });
}
