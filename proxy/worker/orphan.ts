/**
 * A worker whose main process died serves on, and waits for a new one on a socket beside the
 * command socket: gives it the configuration and the listening sockets, and when that serves,
 * finishes what it has.
 */
import { lstatSync, unlinkSync } from 'node:fs';
import type { EventBody } from '../command/events.ts';
import {
  HAND_OVER_VERSION,
  orphanSocket,
  type ToPredecessor,
  type ToSuccessor,
} from '../command/hand-over.ts';
import type { StateRequest } from '../command/requests.ts';
import type { Cut } from '../command/worker-messages.ts';
import { ClientPassing } from '../net/listener/client-passing.ts';
import { giverTo } from '../net/listener/give-client.ts';
import type { GiveClient } from '../net/listener/listener.ts';
import { type HandlePipe, serveHandles } from '../net/socket/handle-pipe.ts';
import type { SocketHandle } from '../net/socket/wire.ts';

export interface OrphanOptions {
  readonly workerId: number;
  readonly commandSocket: string;
  /** Ends by itself after this time; 0: never. */
  readonly timeoutMs: number;
  readonly requests: () => readonly StateRequest[];
  readonly listeners: () => Iterable<{ readonly address: string; readonly handle: SocketHandle }>;
  /** Resolves when nothing is left. */
  readonly drain: (deadlineMs: number | undefined, give: GiveClient | undefined) => Promise<Cut>;
  readonly exit: () => void;
}

/** What it has in hand when it ends without a successor. */
const LAST_DEADLINE_MS = 30_000;
/** How soon an orphan whom nobody can find any more notices that. */
const LOOK_INTERVAL_MS = 1_000;

export class Orphan {
  readonly #options: OrphanOptions;
  readonly #place: string;
  readonly #since = Date.now();
  readonly #pipes = new Set<HandlePipe>();
  /** Workers of a successor. */
  readonly #receivers = new Map<HandlePipe, GiveClient>();
  #isEnding = false;

  constructor(options: OrphanOptions) {
    this.#options = options;
    this.#place = orphanSocket(options.commandSocket, process.pid);
  }

  async begin(): Promise<void> {
    const { timeoutMs } = this.#options;
    if (timeoutMs > 0) setTimeout(() => void this.#end(LAST_DEADLINE_MS), timeoutMs).unref();
    try {
      await serveHandles(this.#place, pipe => this.#meet(pipe));
    } catch {
      await this.#end(LAST_DEADLINE_MS);
      return;
    }
    setInterval(() => {
      if (!exists(this.#place)) void this.#end(LAST_DEADLINE_MS);
    }, LOOK_INTERVAL_MS).unref();
  }

  /** Whoever is about to take over wants to know. */
  tell(event: EventBody): void {
    for (const pipe of this.#pipes) say(pipe, { type: 'event', event });
  }

  #meet(pipe: HandlePipe): void {
    this.#pipes.add(pipe);
    pipe.user = {
      onMessage: received => this.#obey(pipe, received as unknown as ToPredecessor),
      onEnd: () => {
        this.#pipes.delete(pipe);
        this.#receivers.delete(pipe);
      },
    };
  }

  #obey(pipe: HandlePipe, message: ToPredecessor): void {
    if (message.type === 'take' && message.version === HAND_OVER_VERSION) this.#give(pipe);
    else if (message.type === 'receive' && message.version === HAND_OVER_VERSION) {
      this.#pipes.delete(pipe);
      this.#receivers.set(pipe, giverTo(pipe));
      say(pipe, { type: 'end' });
    } else if (message.type === 'retire') void this.#end(message.deadlineMs, pipe);
    else pipe.close();
  }

  #give(pipe: HandlePipe): void {
    const { workerId, requests, listeners } = this.#options;
    const orphan = { workerId, pid: process.pid, since: this.#since };
    say(pipe, { type: 'state', requests: requests(), orphan });
    for (const { address, handle } of listeners()) say(pipe, { type: 'listener', address }, handle);
    say(pipe, { type: 'end' });
  }

  async #end(deadlineMs: number | undefined, pipe?: HandlePipe): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const cut = await this.#options.drain(deadlineMs, pipe && this.#giver(pipe));
    remove(this.#place);
    if (pipe === undefined) this.#options.exit();
    else pipe.send({ type: 'retired', cut }, undefined, () => this.#options.exit());
  }

  #giver(main: HandlePipe): GiveClient {
    const passing = new ClientPassing({
      takers: () => [...this.#receivers.values()],
      otherwise: giverTo(main),
    });
    return client => passing.pass(client);
  }
}

function say(pipe: HandlePipe, message: ToSuccessor, handle?: SocketHandle): void {
  pipe.send({ ...message }, handle);
}

function exists(place: string): boolean {
  try {
    return lstatSync(place).isSocket();
  } catch {
    return false;
  }
}

function remove(place: string): void {
  try {
    unlinkSync(place);
  } catch {
    // Somebody else was tidy.
  }
}
