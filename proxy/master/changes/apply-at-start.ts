/** What is served from the start: listening sockets are opened, then the state is made. */
import type { StateRequest } from '../../command/requests.ts';
import type { Logger } from '../../log/logger.ts';
import { apply } from '../../state/apply.ts';
import type { ConfigState } from '../../state/config-state.ts';
import type { ListenerSockets } from '../sockets/listener-sockets.ts';
import type { ListeningSocket } from '../sockets/listening-sockets.ts';

export interface StartParts {
  readonly state: ConfigState;
  readonly sockets: ListenerSockets;
  readonly inherited: ListeningSocket[];
  readonly logger: Logger;
}

/** The requests as they were applied: an address with port 0 has its real port. */
export async function applyAtStart(
  wanted: readonly StateRequest[],
  { state, sockets, inherited, logger }: StartParts,
): Promise<readonly StateRequest[]> {
  const requests = await sockets.open(wanted, state, inherited);
  for (const { address, inherited: given } of sockets.all()) {
    if (given) logger.info(`listener ${address} uses an inherited socket`);
  }
  for (const request of requests) {
    const applied = apply(state, request);
    if (!applied.ok) throw applied.error;
  }
  return requests;
}
