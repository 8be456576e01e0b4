/**
 * Opens listening sockets for a program that is started right after, which inherits them
 * (systemd's LISTEN_FDS convention: descriptors from 3 on).
 *
 * `net.Server` opens its socket in a later turn of the event loop, and a loop that turns accepts:
 * connections that arrive before the program starts would end here. Node's own cluster module
 * opens sockets with `net._createServerHandle`, which is immediate. So: open, spawn and close
 * within one turn, and no connection is ever accepted by the wrong process.
 */
import net from 'node:net';
import { getSystemErrorName } from 'node:util';
import { MachineError } from '../errors.ts';

export interface ListeningSocket {
  readonly fd: number;
  readonly host: string;
  readonly port: number;
  /** Closes this process's copy; again does nothing. */
  close(): void;
}

interface ServerHandle {
  readonly fd: number;
  listen(backlog: number): number;
  getsockname(out: { port?: number }): number;
  close(): void;
}

type CreateServerHandle = (
  host: string,
  port: number,
  family: 4 | 6,
  fd: -1,
) => ServerHandle | number;

/** Throws an error with the system's `code` (EADDRINUSE, EADDRNOTAVAIL, EACCES…). */
export function openListeningSocket(host: string, port: number, backlog = 511): ListeningSocket {
  const address = host === 'localhost' ? '127.0.0.1' : host;
  const create = Reflect.get(net, '_createServerHandle') as CreateServerHandle | undefined;
  if (typeof create !== 'function') {
    const message = `Node ${process.version} has no net._createServerHandle; use Node 20 to 24.`;
    throw new MachineError('VM_PROVIDER_UNREADY', message);
  }
  const handle = create(address, port, net.isIPv6(address) ? 6 : 4, -1);
  if (typeof handle === 'number') throw systemError(handle, address, port);
  const failed = handle.listen(backlog);
  if (failed !== 0) {
    handle.close();
    throw systemError(failed, address, port);
  }
  const name: { port?: number } = {};
  handle.getsockname(name);
  let isOpen = true;
  const close = (): void => {
    if (isOpen) handle.close();
    isOpen = false;
  };
  return { fd: handle.fd, host: address, port: name.port ?? port, close };
}

function systemError(code: number, host: string, port: number): NodeJS.ErrnoException {
  const name = getSystemErrorName(code);
  return Object.assign(new Error(`${name}: cannot listen on ${host}:${port}`), { code: name });
}
