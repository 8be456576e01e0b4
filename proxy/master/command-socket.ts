/** Takes possession of the path of the command socket: exactly one living proxy per path. */
import { lstatSync, rmSync } from 'node:fs';
import { link, lstat, mkdir, rename, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { ProxyError } from '../shared/errors.ts';

/** Waits of this length tell a dead proxy's socket from a living one's. */
const ANSWER_TIMEOUT_MS = 1_000;

export interface Claimed {
  readonly server: Server;
  /** Accepts no more; the path is left alone when somebody else has it by now. */
  readonly close: () => void;
  /** A proxy that did not end in order had left its own. */
  readonly wasStale: boolean;
}

/** The server is bound and closed to everybody but this user; nothing is listening for its events yet. */
export async function claimCommandSocket(socketPath: string): Promise<Claimed> {
  await mkdir(path.dirname(socketPath), { recursive: true, mode: 0o700 }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw cannotCreate(socketPath, cause);
    },
  );
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const server = await tryBind(socketPath);
    if (server !== undefined) {
      return { server, wasStale: attempt > 0, close: closer(server, socketPath) };
    }
    await removeStale(socketPath);
  }
  throw new ProxyError('PROXY_ADDRESS_IN_USE', `another proxy is just taking ${socketPath}`);
}

/** The path is another living process's, which expects that: no client finds nobody there. */
export async function replaceCommandSocket(socketPath: string): Promise<Claimed> {
  const aside = `${socketPath}.${process.pid}`;
  const server = await tryBind(aside);
  if (server === undefined) throw alreadyRunning(aside);
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
function tryBind(socketPath: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') resolve(undefined);
      else reject(cannotCreate(socketPath, cause));
    });
    // A unix socket is bound inside listen(): born with mode 0600, there is no moment in which
    // another user could connect.
    const before = process.umask(0o177);
    try {
      server.listen(socketPath, () => resolve(server));
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
async function removeStale(socketPath: string): Promise<void> {
  const found = await lstat(socketPath).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) {
    const message = `${socketPath} is not a socket; move it away or choose another command_socket`;
    throw new ProxyError('PROXY_ADDRESS_IN_USE', message);
  }
  if (await answers(socketPath)) throw alreadyRunning(socketPath);
  const aside = `${socketPath}.${process.pid}`;
  try {
    await rename(socketPath, aside);
  } catch {
    return;
  }
  if (await answers(aside)) {
    await link(aside, socketPath).catch(() => undefined);
    await unlink(aside);
    throw alreadyRunning(socketPath);
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

function alreadyRunning(socketPath: string): ProxyError {
  const message =
    `a proxy is already running with the command socket ${socketPath}: ` +
    'stop it with "relais shutdown" or choose another command_socket';
  return new ProxyError('PROXY_ADDRESS_IN_USE', message);
}

function cannotCreate(socketPath: string, cause: NodeJS.ErrnoException): ProxyError {
  const message = `cannot create the command socket ${socketPath}: ${cause.message}`;
  return new ProxyError('PROXY_ADDRESS_INVALID', message, cause);
}
