/** Opens the app's listening sockets: its own port, and those that the parent opened. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Settings, SettingsError } from './settings.ts';

/** Resolves with the port that is really used. `onServer` sees each server before it listens. */
export async function listen(
  settings: Settings,
  handler: RequestListener,
  onServer: (server: Server) => void,
): Promise<number> {
  const open = (at: { port: number; host?: string } | { fd: number }): Promise<Server> => {
    const server = createServer(handler);
    onServer(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, () => resolve(server));
    });
  };
  for (const fd of settings.inheritedFds) {
    await open({ fd }).catch(error => refuse(`LISTEN_FDS: descriptor ${fd}`, error));
  }
  for (const place of settings.alsoAt) {
    await open(place).catch(error => refuse(`LISTEN_ALSO: ${place.host}:${place.port}`, error));
  }
  const { port, host } = settings;
  const where = `port ${port}${host === undefined ? '' : ` of ${host}`}`;
  const server = await open(host === undefined ? { port } : { port, host }).catch(error =>
    refuse(where, error),
  );
  return (server.address() as AddressInfo).port;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is already in use: stop the program that holds it, or set PORT to another one',
  EACCES: 'needs more rights: set PORT to 1024 or more',
  EADDRNOTAVAIL: 'is not an address of this machine: set HOST to one that is, or leave it out',
  ENOTFOUND: 'is not an address of this machine: set HOST to one that is, or leave it out',
  EINVAL: 'is not a listening socket: the parent must open it and pass it on',
  EBADF: 'is not open: the parent must open it and pass it on',
  ENOTSOCK: 'is not a socket: the parent must open one and pass it on',
};

function refuse(what: string, error: unknown): never {
  const { code = '', message } = error as NodeJS.ErrnoException;
  throw new SettingsError(`${what} ${reasons[code] ?? `cannot be opened: ${message}`}`, {
    cause: error,
  });
}
