/** The sockets that a service manager or a launcher opened for this process (LISTEN_FDS). */
import { ProxyError } from '../../shared/errors.ts';
import { adoptSocket, type ListeningSocket } from './listening-sockets.ts';

const FIRST_FD = 3;

/**
 * How many there are, from descriptor 3 on (sd_listen_fds(3)). The variables are taken out of the
 * environment: a child process must not think that they speak to it.
 */
export function countInheritedSockets(
  environment: Record<string, string | undefined>,
  pid: number,
): number {
  const { LISTEN_FDS: count, LISTEN_PID: owner } = environment;
  for (const name of ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES']) {
    Reflect.deleteProperty(environment, name);
  }
  if (owner !== undefined && Number(owner) !== pid) return 0;
  return count !== undefined && /^\d{1,3}$/.test(count) ? Number(count) : 0;
}

export function adoptSockets(count: number): ListeningSocket[] {
  return Array.from({ length: count }, (_, index) => {
    const socket = adoptSocket(FIRST_FD + index);
    if (socket !== undefined) return socket;
    const message = `LISTEN_FDS promises ${count} sockets, but descriptor ${FIRST_FD + index} is no TCP socket`;
    throw new ProxyError('PROXY_ADDRESS_INVALID', message);
  });
}
