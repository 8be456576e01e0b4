/**
 * Lets clients to the command socket, as many as there is room for. When there is none, the client
 * that has been idle longest makes room; when nobody is idle, the new one is told so.
 */
import type { Socket } from 'node:net';
import { encodeFrame } from '../../command/frames.ts';
import { CommandSession, type SessionOptions } from './command-session.ts';
import { lastWords } from './last-words.ts';

export interface GateOptions extends Omit<SessionOptions, 'clientId'> {
  /** Default 256. */
  readonly maxClients?: number;
}

const MAX_CLIENTS = 256;
/** Who is turned away holds a descriptor until the reason is read. */
const MAX_PARTING = 512;
/** Who has just come may be about to ask. */
const IDLE_AFTER_MS = 5_000;

export class CommandGate {
  readonly #options: GateOptions;
  readonly #max: number;
  readonly #sessions = new Set<CommandSession>();
  #lastId = 0;
  #parting = 0;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#max = options.maxClients ?? MAX_CLIENTS;
  }

  get clients(): number {
    return this.#sessions.size;
  }

  /** Somebody waits for an answer. */
  get isBusy(): boolean {
    return [...this.#sessions].some(session => session.isBusy);
  }

  accept(socket: Socket): void {
    if (this.#sessions.size >= this.#max && !this.#makeRoom()) {
      const message = `there are ${this.#max} clients on the command socket already; try again`;
      this.#turnAway(socket, encodeFrame({ id: null, status: 'failure', message }));
      return;
    }
    this.#lastId += 1;
    const session = new CommandSession(socket, {
      ...this.#options,
      clientId: `socket-${this.#lastId}`,
    });
    this.#sessions.add(session);
    socket.once('close', () => this.#sessions.delete(session));
  }

  end(): void {
    for (const session of this.#sessions) session.end();
  }

  #turnAway(socket: Socket, text: string): void {
    if (this.#parting >= MAX_PARTING) {
      socket.destroy();
      return;
    }
    this.#parting += 1;
    socket.once('close', () => {
      this.#parting -= 1;
    });
    lastWords(socket, text);
  }

  #makeRoom(): boolean {
    const latest = performance.now() - IDLE_AFTER_MS;
    let longest: CommandSession | undefined;
    let since = latest;
    for (const session of this.#sessions) {
      const { idleSince } = session;
      if (idleSince === undefined || idleSince > since) continue;
      longest = session;
      since = idleSince;
    }
    if (longest === undefined) return false;
    this.#sessions.delete(longest);
    longest.refuse('closed to make room for others: this connection was idle longest');
    return true;
  }
}
