/** Gives idle clients to another process over a pipe. */
import type { ClientMessage } from '../../command/worker-messages.ts';
import type { HandlePipe } from '../socket/handle-pipe.ts';
import type { GiveClient } from './listener.ts';

/** What whoever dies has not received is still here. */
export function giverTo(pipe: HandlePipe): GiveClient {
  return ({ handle, address, kept }) => {
    const message: ClientMessage = { type: 'client', address, kept };
    return new Promise(resolve => {
      pipe.send({ ...message }, handle, arrived => {
        if (arrived) handle.close();
        resolve(arrived);
      });
    });
  };
}
