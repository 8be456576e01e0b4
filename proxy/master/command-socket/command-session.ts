/** One client of the command socket: bounded in what it sends, in what it asks, in what it leaves unread. */
import type { Socket } from 'node:net';
import { decodeEnvelope } from '../../command/decode.ts';
import { encodeFrame, encodeOldFrame, FrameSplitter } from '../../command/frames.ts';
import type { Reply } from '../../command/replies.ts';
import type { ProxyRequest } from '../../command/requests.ts';
import type { Origin } from '../admin/origin.ts';
import { lastWords } from './last-words.ts';

/** What a handler may do with the client that asked. */
export interface Asker {
  /** Wants to know what would happen; nothing may change. */
  readonly dryRun: boolean;
  readonly origin: Origin;
  /** Sends a reply under the request's own id. */
  reply(reply: Omit<Reply, 'id'>): void;
  onClose(then: () => void): void;
  /** Bytes that wait for the client to read them. Absent: none ever do. */
  readonly unread?: () => number;
}

export type CommandHandler = (request: ProxyRequest, asker: Asker) => Promise<void>;

export interface SessionOptions {
  readonly clientId: string;
  readonly handle: CommandHandler;
  /** A message that is no request. */
  readonly onInvalid: (origin: Origin, message: string) => void;
}

const MAX_AT_ONCE = 32;
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;
const MESSAGE_DEADLINE_MS = 10_000;

export class CommandSession {
  readonly #socket: Socket;
  readonly #options: SessionOptions;
  readonly #splitter = new FrameSplitter();
  readonly #queue: Buffer[] = [];
  #running = 0;
  #watching = false;
  #lastActive: number = performance.now();
  #deadline: NodeJS.Timeout | undefined;
  #nextTurn: NodeJS.Immediate | undefined;

  constructor(socket: Socket, options: SessionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('data', chunk => this.#read(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(this.#deadline);
      clearImmediate(this.#nextTurn);
      this.#queue.length = 0;
    });
  }

  /** Somebody waits for an answer. */
  get isBusy(): boolean {
    return this.#running > 0 || this.#queue.length > 0 || this.#splitter.isPartial;
  }

  /** Since when nothing is asked, half asked or awaited; undefined when something is. */
  get idleSince(): number | undefined {
    return this.isBusy || this.#watching ? undefined : this.#lastActive;
  }

  /** Lets what is written arrive, then closes. */
  end(): void {
    this.#socket.destroySoon();
  }

  /** Says why before it closes. */
  refuse(message: string): void {
    const socket = this.#socket;
    this.#queue.length = 0;
    clearTimeout(this.#deadline);
    if (socket.destroyed || socket.writableEnded) return;
    lastWords(socket, encodeFrame({ id: null, status: 'failure', message }));
  }

  #read(chunk: Buffer): void {
    this.#lastActive = performance.now();
    const frames = this.#splitter.push(chunk);
    if (!frames.ok) {
      this.#options.onInvalid(this.#origin(), frames.error.message);
      this.refuse(frames.error.message);
      return;
    }
    this.#watchPartial(frames.value.length > 0);
    for (const frame of frames.value) this.#queue.push(frame);
    this.#pump();
  }

  /** A message that is begun must end: half a message would keep its memory for ever. */
  #watchPartial(oneEnded: boolean): void {
    if (oneEnded || !this.#splitter.isPartial) {
      clearTimeout(this.#deadline);
      this.#deadline = undefined;
    }
    // Set once per message: one byte now and then must not put it off.
    if (this.#deadline !== undefined || !this.#splitter.isPartial) return;
    this.#deadline = setTimeout(
      () => this.refuse(`the message did not end within ${MESSAGE_DEADLINE_MS} ms`),
      MESSAGE_DEADLINE_MS,
    );
  }

  /** A few messages per turn of the event loop: thousands in one write must not hold up the others. */
  #pump(): void {
    clearImmediate(this.#nextTurn);
    for (let taken = 0; taken < MAX_AT_ONCE && this.#running < MAX_AT_ONCE; taken += 1) {
      const frame = this.#queue.shift();
      if (frame === undefined) break;
      this.#start(frame);
    }
    if (this.#queue.length === 0) {
      this.#socket.resume();
      return;
    }
    this.#socket.pause();
    if (this.#running < MAX_AT_ONCE) this.#nextTurn = setImmediate(() => this.#pump());
  }

  #start(frame: Buffer): void {
    const { id, by, dryRun, isOld, request } = decodeEnvelope(frame);
    const origin = this.#origin(by);
    const encode = isOld ? encodeOldFrame : encodeFrame;
    if (!request.ok) {
      this.#options.onInvalid(origin, request.error.message);
      this.#send({ id, status: 'failure', message: request.error.message }, encode);
      return;
    }
    const asker: Asker = {
      dryRun,
      origin,
      reply: reply => this.#send({ id, ...reply }, encode),
      onClose: then => {
        // Whoever wants to know of the end has more to say until then.
        this.#watching = true;
        this.#socket.once('close', then);
      },
      unread: () => this.#socket.writableLength,
    };
    this.#running += 1;
    this.#options
      .handle(request.value, asker)
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        asker.reply({ status: 'failure', message });
      })
      .finally(() => {
        this.#running -= 1;
        this.#lastActive = performance.now();
        this.#pump();
      });
  }

  #origin(by?: Origin['by']): Origin {
    const { clientId } = this.#options;
    return by === undefined ? { via: 'socket', clientId } : { via: 'socket', clientId, by };
  }

  #send(reply: Reply, encode = encodeFrame): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) this.#socket.destroy();
    else this.#socket.write(encode(reply));
  }
}
