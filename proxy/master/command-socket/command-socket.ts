/** Takes possession of the path of a unix socket: exactly one living proxy per path. */
import { lstatSync, rmSync } from 'node:fs';
import { link, lstat, mkdir, rename, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { ProxyError } from '../../shared/errors.ts';
import { HERE, type Platform } from '../../shared/platform.ts';
import { socketEndpoint } from '../../shared/socket-path.ts';

/** Waits of this length tell a dead proxy's socket from a living one's. */
const ANSWER_TIMEOUT_MS = 1_000;

export interface Claimed<S extends Server = Server> {
  readonly server: S;
  /** Accepts no more; the path is left alone when somebody else has it by now. */
  readonly close: () => void;
  /** A proxy that did not end in order had left its own. */
  readonly wasStale: boolean;
}

/** How messages call the socket, and the key of the config file that names its path. */
interface Naming {
  readonly what: string;
  readonly key: string;
}

const commandNaming: Naming = { what: 'command socket', key: 'command_socket' };

/** The server is bound and closed to everybody but this user; nothing is listening for its events yet. */
export function claimCommandSocket(socketPath: string): Promise<Claimed> {
  return claimSocketPath(socketPath, commandNaming, createServer);
}

/** `create` makes the server that is bound. */
export async function claimSocketPath<S extends Server>(
  socketPath: string,
  naming: Naming,
  create: () => S,
  platform: Platform = HERE,
): Promise<Claimed<S>> {
  if (platform === 'win32') return claimPipe(socketPath, naming, create());
  await mkdir(path.dirname(socketPath), { recursive: true, mode: 0o700 }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw cannotCreate(socketPath, naming, cause);
    },
  );
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const server = await tryBind(socketPath, naming, create());
    if (server !== undefined) {
      return { server, wasStale: attempt > 0, close: closer(server, socketPath) };
    }
    await removeStale(socketPath, naming);
  }
  throw new ProxyError('PROXY_ADDRESS_IN_USE', `another proxy is just taking ${socketPath}`);
}

/** A pipe ends with the process that has it: there is no folder to make and nothing to clear away. */
async function claimPipe<S extends Server>(
  socketPath: string,
  naming: Naming,
  server: S,
): Promise<Claimed<S>> {
  const bound = await tryBind(socketEndpoint(socketPath, 'win32'), naming, server);
  if (bound === undefined) throw alreadyRunning(socketPath, naming);
  return { server: bound, wasStale: false, close: () => void bound.close() };
}

/** The path is another living process's, which expects that: no client finds nobody there. */
export async function replaceCommandSocket(socketPath: string): Promise<Claimed> {
  const aside = `${socketPath}.${process.pid}`;
  const server = await tryBind(aside, commandNaming, createServer());
  if (server === undefined) throw alreadyRunning(aside, commandNaming);
  await rename(aside, socketPath);
  return { server, wasStale: false, close: closer(server, socketPath) };
}

/** To close the server removes the path that it was bound to, whoever may have it by then. */
function closer(server: Server, socketPath: string): () => void {
  const own = lstatSync(socketPath, { bigint: true, throwIfNoEntry: false })?.ino;
  return () => {
    const now = lstatSync(socketPath, { bigint: true, throwIfNoEntry: false })?.ino;
    if (now === undefined || now !== own) return;
    server.close();
    rmSync(socketPath, { force: true });
  };
}

/** Undefined when something is there already. */
function tryBind<S extends Server>(
  socketPath: string,
  naming: Naming,
  server: S,
): Promise<S | undefined> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      if (cause.code === 'EADDRINUSE') resolve(undefined);
      else reject(cannotCreate(socketPath, naming, cause));
    };
    server.once('error', refuse);
    // A unix socket is bound inside listen(): born with mode 0600, there is no moment in which
    // another user could connect.
    const before = process.umask(0o177);
    try {
      server.listen(socketPath, () => {
        server.off('error', refuse);
        resolve(server);
      });
    } finally {
      process.umask(before);
    }
  });
}

/**
 * Moves the socket aside, then asks it for a sign of life once more: whoever took the path in
 * between gets it back. Without this, two starts that both find a dead socket could end with one
 * deleting the other's new one.
 */
async function removeStale(socketPath: string, naming: Naming): Promise<void> {
  const found = await lstat(socketPath).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) {
    const message = `${socketPath} is not a socket; move it away or choose another ${naming.key}`;
    throw new ProxyError('PROXY_ADDRESS_IN_USE', message);
  }
  if (await answers(socketPath)) throw alreadyRunning(socketPath, naming);
  const aside = `${socketPath}.${process.pid}`;
  try {
    await rename(socketPath, aside);
  } catch {
    return;
  }
  if (await answers(aside)) {
    await link(aside, socketPath).catch(() => undefined);
    await unlink(aside);
    throw alreadyRunning(socketPath, naming);
  }
  await unlink(aside);
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(socketPath);
    const end = (alive: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(alive);
    };
    // A process that is stopped accepts nothing, but the kernel connects: that counts as alive.
    const timer = setTimeout(() => end(true), ANSWER_TIMEOUT_MS);
    socket.once('connect', () => end(true));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'EAGAIN'));
  });
}

function alreadyRunning(socketPath: string, { what, key }: Naming): ProxyError {
  const message =
    `a proxy is already running with the ${what} ${socketPath}: ` +
    `stop it with "relais shutdown" or choose another ${key}`;
  return new ProxyError('PROXY_ADDRESS_IN_USE', message);
}

function cannotCreate(
  socketPath: string,
  { what }: Naming,
  cause: NodeJS.ErrnoException,
): ProxyError {
  const message = `cannot create the ${what} ${socketPath}: ${cause.message}`;
  return new ProxyError('PROXY_ADDRESS_INVALID', message, cause);
}
