/**
 * A connection between two processes of this computer that carries messages and, beside them,
 * sockets. Node has that between parent and child only; but its native pipe can connect to any
 * unix socket. That part of Node is not documented, so it is looked at before it is used.
 *
 * A message is a line of JSON; one that a socket belongs to says so. The kernel allows few sockets
 * to be on their way at once: the next message waits until the last socket has arrived.
 */
import { createServer, type Server } from 'node:net';
import { ProxyError } from '../../shared/errors.ts';
import { HERE, type Platform } from '../../shared/platform.ts';
import { handOverBinding, type PipeHandle } from './pipe-binding.ts';
import type { SocketHandle } from './wire.ts';

export type HandleMessage = Readonly<Record<string, unknown>>;

export interface PipeUser {
  /**
   * `handle` is the receiver's to close. `arrived` tells the sender so; until then it may take the
   * handle back when this process ends, and sends no other one.
   */
  onMessage(message: HandleMessage, handle: SocketHandle | undefined, arrived: () => void): void;
  /** The other side is gone, or has talked nonsense. */
  onEnd(): void;
}

/**
 * The message has left, and its handle has arrived: the sender's own may be closed. False: it did
 * not, and nobody there has looked at it.
 */
export type OnSent = (arrived: boolean) => void;

interface Outgoing {
  readonly text: string;
  readonly handle: SocketHandle | undefined;
  readonly onSent: OnSent | undefined;
}

const ARRIVED = 'arrived';
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

export class HandlePipe {
  user: PipeUser = { onMessage: () => {}, onEnd: () => {} };
  readonly #pipe: PipeHandle;
  readonly #queue: Outgoing[] = [];
  readonly #handles: SocketHandle[] = [];
  /** Whose socket is on its way. */
  #travelling: Outgoing | undefined;
  #text: string[] = [];
  #size = 0;
  #isClosed = false;

  constructor(pipe: PipeHandle) {
    this.#pipe = pipe;
    pipe.read(
      (bytes, handle) => this.#onRead(bytes, handle),
      () => this.#end(),
    );
  }

  send(message: HandleMessage, handle?: SocketHandle, onSent?: OnSent): void {
    if (this.#isClosed) {
      onSent?.(false);
      return;
    }
    const marked = handle === undefined ? message : { ...message, carries: true };
    this.#queue.push({ text: `${JSON.stringify(marked)}\n`, handle, onSent });
    this.#flush();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pipe.close();
    const unsent = [this.#travelling, ...this.#queue.splice(0)].filter(each => !!each);
    this.#travelling = undefined;
    for (const { onSent } of unsent) onSent?.(false);
    for (const handle of this.#handles.splice(0)) handle.close();
  }

  #flush(): void {
    while (this.#travelling === undefined && !this.#isClosed) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      if (next.handle !== undefined) this.#travelling = next;
      const isWritten = this.#pipe.write(next.text, next.handle);
      if (!isWritten) this.#end();
      // What carries a handle hears of it when that has arrived, or from the end.
      if (next.handle === undefined) setImmediate(() => next.onSent?.(isWritten));
    }
  }

  #onRead(bytes: Buffer, handle: SocketHandle | undefined): void {
    if (handle !== undefined) this.#handles.push(handle);
    const lines = bytes.toString('latin1').split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      const whole = this.#text.join('') + line;
      this.#text = [];
      this.#size = 0;
      if (!this.#isClosed) this.#onLine(Buffer.from(whole, 'latin1').toString());
    }
    if (rest === '') return;
    this.#text.push(rest);
    this.#size += rest.length;
    if (this.#size > MAX_MESSAGE_BYTES) this.#end();
  }

  #onLine(line: string): void {
    const message = parse(line);
    if (message === undefined) this.#end();
    else if (message['type'] === ARRIVED) {
      this.#travelling?.onSent?.(true);
      this.#travelling = undefined;
      this.#flush();
    } else {
      const handle = message['carries'] === true ? this.#handles.shift() : undefined;
      this.user.onMessage(message, handle, () => this.#tellArrived());
    }
  }

  #tellArrived(): void {
    if (!this.#isClosed) this.#pipe.write(`{"type":"${ARRIVED}"}\n`, undefined);
  }

  #end(): void {
    if (this.#isClosed) return;
    this.close();
    this.user.onEnd();
  }
}

/**
 * Listens for such connections, on a socket that is this user's only from its first moment.
 * @throws {ProxyError} PROXY_ADDRESS_INVALID when the socket cannot be made.
 */
export function serveHandles(path: string, onPipe: (pipe: HandlePipe) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const binding = handOverBinding();
    const server = createServer({ pauseOnConnect: true }, socket => {
      const pipe = binding?.accepted(socket);
      if (pipe === undefined) socket.destroy();
      else onPipe(new HandlePipe(pipe));
    });
    const fail = (cause: Error): void => {
      const message = `cannot create the socket ${path}: ${cause.message}`;
      reject(new ProxyError('PROXY_ADDRESS_INVALID', message, cause));
    };
    if (binding === undefined) {
      fail(new Error(whyNoHandOver()));
      return;
    }
    server.once('error', fail);
    const before = process.umask(0o177);
    try {
      server.listen(path, () => {
        server.off('error', fail);
        server.on('error', () => {});
        resolve(server);
      });
    } finally {
      process.umask(before);
    }
  });
}

/** Told by `relais upgrade`, which changes nothing then. */
export function whyNoHandOver(platform: Platform = HERE): string {
  return platform === 'win32'
    ? 'Windows hands sockets to child processes only: stop this proxy and start it again'
    : 'this version of Node has no way to hand sockets over';
}

/** @throws {ProxyError} PROXY_UNREACHABLE when nobody listens there. */
export async function connectHandles(path: string): Promise<HandlePipe> {
  const pipe = await handOverBinding()?.connect(path);
  if (pipe !== undefined) return new HandlePipe(pipe);
  throw new ProxyError('PROXY_UNREACHABLE', `no process hands sockets over on ${path}`);
}

function parse(line: string): HandleMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as HandleMessage) : undefined;
  } catch {
    return undefined;
  }
}
