/** The command socket and everybody who is connected to it. */
import type { Logger } from '../../log/logger.ts';
import { CommandGate, type GateOptions } from './command-gate.ts';
import { type Claimed, claimCommandSocket, replaceCommandSocket } from './command-socket.ts';

/** How long a replaced process waits for requests of those who are connected to it. */
const LINGER_MS = 1_000;
/** And for answers to them. */
const LAST_ANSWERS_MS = 10_000;
const LOOK_INTERVAL_MS = 20;

export class CommandDoor {
  readonly #socketPath: string;
  readonly #logger: Logger;
  readonly #gate: CommandGate;
  #serving: Promise<void> = Promise.resolve();
  #claimed: Claimed | undefined;

  constructor(socketPath: string, logger: Logger, options: GateOptions) {
    this.#socketPath = socketPath;
    this.#logger = logger;
    this.#gate = new CommandGate({
      ...options,
      handle: async (request, asker) => {
        await this.#serving;
        await options.handle(request, asker);
      },
    });
  }

  /** How many are connected. */
  get clients(): number {
    return this.#gate.clients;
  }

  /** A proxy that did not end in order had the socket. */
  get wasStale(): boolean {
    return this.#claimed?.wasStale === true;
  }

  /** @throws {ProxyError} PROXY_ADDRESS_IN_USE when a proxy lives there. */
  async claim(): Promise<void> {
    this.#claimed = await claimCommandSocket(this.#socketPath);
  }

  /** From the process that lives there, which knows. */
  async takeOver(): Promise<void> {
    this.#claimed = await replaceCommandSocket(this.#socketPath);
  }

  /** Whoever connects while the proxy starts is answered when `serving` resolves. */
  open(serving: Promise<void>): void {
    const server = this.#claimed?.server;
    if (server === undefined) return;
    this.#serving = serving;
    server.on('error', error => this.#logger.error(`command socket: ${error.message}`));
    server.on('connection', socket => this.#gate.accept(socket));
  }

  /** Somebody else has the socket now; whoever connected before still gets an answer. */
  async lastAnswers(): Promise<void> {
    const begin = performance.now();
    for (;;) {
      const passed = performance.now() - begin;
      if (passed > LINGER_MS && (passed > LAST_ANSWERS_MS || !this.#gate.isBusy)) return;
      await new Promise(resolve => setTimeout(resolve, LOOK_INTERVAL_MS));
    }
  }

  close(): void {
    this.#claimed?.close();
    this.#gate.end();
  }
}
