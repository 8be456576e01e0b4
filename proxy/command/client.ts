/** Speaks to a running proxy: one connection, any number of requests at once. */
import { connect, type Socket } from 'node:net';
import { ProxyError } from '../shared/errors.ts';
import { socketEndpoint } from '../shared/socket-path.ts';
import { type Actor, ownActor } from './actor.ts';
import type { SubscribeEvents } from './control-requests.ts';
import type { ProxyEvent } from './events.ts';
import { encodeFrame, FrameSplitter } from './frames.ts';
import type { Reply, ReplyTo } from './replies.ts';
import type { ProxyRequest } from './requests.ts';

export interface SendOptions {
  /** Default 10 s; 0 waits for ever. */
  readonly timeoutMs?: number;
  /** Only say what would happen. Default false. */
  readonly dryRun?: boolean;
  /** Told of every step before the end. */
  readonly onProcessing?: (reply: Reply) => void;
}

export interface EventsWanted extends Omit<SubscribeEvents, 'kind' | 'follow'> {
  /** Something beside the events, such as that some are lost. */
  readonly onNote?: (message: string) => void;
}

export interface CommandClient {
  /** Resolves with `ok` or `failure`; rejects when the proxy does not answer. */
  send<R extends ProxyRequest>(request: R, options?: SendOptions): Promise<ReplyTo<R>>;
  /** The last events first, then every new one. `onEnd` when the proxy went away. */
  events(
    onEvent: (event: ProxyEvent) => void,
    onEnd?: (error: ProxyError) => void,
    wanted?: EventsWanted,
  ): () => void;
  close(): void;
}

interface Pending {
  readonly onReply: (reply: Reply) => void;
  readonly onLost: (error: ProxyError) => void;
}

/** A reply carries lists of everything, so it may be much larger than a request. */
const MAX_REPLY_BYTES = 256 * 1024 * 1024;

/** `program`: how this one is called in the audit log. */
export function connectCommand(socketPath: string, program = 'relais'): Promise<CommandClient> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketEndpoint(socketPath));
    const refuse = (cause: NodeJS.ErrnoException): void => {
      reject(new ProxyError('PROXY_UNREACHABLE', unreachable(socketPath, cause), cause));
    };
    socket.once('error', refuse);
    socket.once('connect', () => {
      socket.off('error', refuse);
      resolve(new SocketClient(socket, socketPath, ownActor(program)));
    });
  });
}

class SocketClient implements CommandClient {
  readonly #socket: Socket;
  readonly #splitter = new FrameSplitter(MAX_REPLY_BYTES);
  readonly #pending = new Map<string | number | null, Pending>();
  readonly #path: string;
  readonly #by: Actor;
  #lastId = 0;
  #lost: ProxyError | undefined;

  constructor(socket: Socket, path: string, by: Actor) {
    this.#socket = socket;
    this.#path = path;
    this.#by = by;
    socket.on('data', chunk => this.#read(chunk));
    socket.on('error', cause => this.#lose(cause));
    socket.on('close', () => this.#lose());
  }

  send<R extends ProxyRequest>(request: R, options: SendOptions = {}): Promise<ReplyTo<R>> {
    const { timeoutMs = 10_000, dryRun = false, onProcessing } = options;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const end = this.#request(dryRun ? { ...request, dryRun } : request, {
        onReply: reply => {
          if (reply.status === 'processing') return onProcessing?.(reply);
          end();
          clearTimeout(timer);
          // The socket belongs to our own main process: its replies are what ReplyContents says.
          return resolve(reply as ReplyTo<R>);
        },
        onLost: error => {
          clearTimeout(timer);
          reject(error);
        },
      });
      if (timeoutMs === 0) return;
      timer = setTimeout(() => {
        end();
        const message = `the proxy did not answer "${request.kind}" within ${timeoutMs} ms`;
        reject(new ProxyError('PROXY_TIMEOUT', message));
      }, timeoutMs);
    });
  }

  events(
    onEvent: (event: ProxyEvent) => void,
    onEnd?: (error: ProxyError) => void,
    { onNote, ...wanted }: EventsWanted = {},
  ): () => void {
    return this.#request(
      { kind: 'subscribe-events', ...wanted },
      {
        onReply: ({ status, message, content }) => {
          if (status !== 'processing') onEnd?.(new ProxyError('PROXY_UNREACHABLE', message));
          else if (content === undefined) onNote?.(message);
          else onEvent(content as ProxyEvent);
        },
        onLost: error => onEnd?.(error),
      },
    );
  }

  close(): void {
    this.#socket.destroy();
  }

  #request(request: ProxyRequest & { dryRun?: boolean }, pending: Pending): () => void {
    this.#lastId += 1;
    const id = this.#lastId;
    if (this.#lost !== undefined) {
      const lost = this.#lost;
      queueMicrotask(() => pending.onLost(lost));
      return () => undefined;
    }
    this.#pending.set(id, pending);
    this.#socket.write(encodeFrame({ id, by: this.#by, ...request }));
    return () => this.#pending.delete(id);
  }

  #read(chunk: Buffer): void {
    const frames = this.#splitter.push(chunk);
    if (!frames.ok) {
      this.#lose(frames.error);
      return;
    }
    for (const frame of frames.value) {
      const reply = parseReply(frame);
      if (reply === undefined) {
        this.#lose(new Error('a reply is not JSON'));
        return;
      }
      // A reply without id is about a message that could not be read: it concerns everybody.
      if (reply.id === null && reply.status === 'failure') {
        this.#lose(new Error(reply.message));
        return;
      }
      this.#pending.get(reply.id)?.onReply(reply);
    }
  }

  #lose(cause?: Error): void {
    if (this.#lost !== undefined) return;
    const why = cause === undefined ? '' : ` (${cause.message})`;
    const message = `the proxy closed the connection on ${this.#path}${why}`;
    this.#lost = new ProxyError('PROXY_UNREACHABLE', message, cause);
    this.#socket.destroy();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const each of pending) each.onLost(this.#lost);
  }
}

function parseReply(frame: Buffer): Reply | undefined {
  try {
    return JSON.parse(frame.toString()) as Reply;
  } catch {
    return undefined;
  }
}

function unreachable(path: string, cause: NodeJS.ErrnoException): string {
  if (cause.code === 'EACCES') {
    return `${path} belongs to another user: run this as the user who started the proxy`;
  }
  if (cause.code === 'ECONNREFUSED') return `no proxy answers on ${path}: it has ended; start it`;
  if (cause.code === 'ENOENT')
    return `no proxy runs with the command socket ${path}: start it first`;
  return `no proxy answers on ${path}: ${cause.message}`;
}
