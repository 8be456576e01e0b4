/** One client of the command socket: bounded in what it sends, in what it asks, in what it leaves unread. */
import type { Socket } from 'node:net';
import { decodeEnvelope } from '../command/decode.ts';
import { encodeFrame, encodeOldFrame, FrameSplitter } from '../command/frames.ts';
import type { Reply } from '../command/replies.ts';
import type { ProxyRequest } from '../command/requests.ts';

/** What a handler may do with the client that asked. */
export interface Asker {
  /** Wants to know what would happen; nothing may change. */
  readonly dryRun: boolean;
  /** Sends a reply under the request's own id. */
  reply(reply: Omit<Reply, 'id'>): void;
  onClose(then: () => void): void;
  /** Bytes that wait for the client to read them. Absent: none ever do. */
  readonly unread?: () => number;
}

export type CommandHandler = (request: ProxyRequest, asker: Asker) => Promise<void>;

const MAX_AT_ONCE = 32;
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;
const MESSAGE_DEADLINE_MS = 10_000;

export class CommandSession {
  readonly #socket: Socket;
  readonly #handle: CommandHandler;
  readonly #splitter = new FrameSplitter();
  readonly #queue: Buffer[] = [];
  #running = 0;
  #deadline: NodeJS.Timeout | undefined;

  constructor(socket: Socket, handle: CommandHandler) {
    this.#socket = socket;
    this.#handle = handle;
    socket.on('data', chunk => this.#read(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(this.#deadline);
      this.#queue.length = 0;
    });
  }

  /** Somebody waits for an answer. */
  get isBusy(): boolean {
    return this.#running > 0 || this.#queue.length > 0 || this.#splitter.isPartial;
  }

  /** Lets what is written arrive, then closes. */
  end(): void {
    this.#socket.destroySoon();
  }

  #read(chunk: Buffer): void {
    const frames = this.#splitter.push(chunk);
    if (!frames.ok) {
      this.#refuse(frames.error.message);
      return;
    }
    this.#queue.push(...frames.value);
    this.#watchPartial();
    this.#pump();
  }

  /** A message that is begun must end: half a message would keep its memory for ever. */
  #watchPartial(): void {
    clearTimeout(this.#deadline);
    if (!this.#splitter.isPartial) return;
    this.#deadline = setTimeout(
      () => this.#refuse(`the message did not end within ${MESSAGE_DEADLINE_MS} ms`),
      MESSAGE_DEADLINE_MS,
    );
  }

  #pump(): void {
    while (this.#running < MAX_AT_ONCE) {
      const frame = this.#queue.shift();
      if (frame === undefined) {
        this.#socket.resume();
        return;
      }
      this.#start(frame);
    }
    this.#socket.pause();
  }

  #start(frame: Buffer): void {
    const { id, dryRun, isOld, request } = decodeEnvelope(frame);
    const encode = isOld ? encodeOldFrame : encodeFrame;
    if (!request.ok) {
      this.#send({ id, status: 'failure', message: request.error.message }, encode);
      return;
    }
    const asker: Asker = {
      dryRun,
      reply: reply => this.#send({ id, ...reply }, encode),
      onClose: then => this.#socket.once('close', then),
      unread: () => this.#socket.writableLength,
    };
    this.#running += 1;
    this.#handle(request.value, asker)
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        asker.reply({ status: 'failure', message });
      })
      .finally(() => {
        this.#running -= 1;
        this.#pump();
      });
  }

  #send(reply: Reply, encode = encodeFrame): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) this.#socket.destroy();
    else this.#socket.write(encode(reply));
  }

  #refuse(message: string): void {
    this.#send({ id: null, status: 'failure', message });
    this.#socket.destroySoon();
  }
}
