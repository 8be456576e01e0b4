/**
 * Replaces the main process by a new one from the code on disk: that gets the state, the sockets
 * and the numbers of events, starts its own workers, and takes the command socket. Until it says
 * that it serves, nothing has changed here; if it never does, this one goes on and says why.
 *
 *     relais upgrade ─▶ this one ─ launches ─▶ new one
 *                          │◀── take ─────────────┤   changes wait from here on
 *                          ├── state, sockets ───▶│   workers, command socket
 *                          │◀── retire ───────────┤   new one serves
 *         workers finish what they have; idle clients go over
 */
import type { EventBody } from '../../command/events.ts';
import {
  HAND_OVER_VERSION,
  type HandedState,
  type ToPredecessor,
  type ToSuccessor,
} from '../../command/hand-over.ts';
import type { Cut } from '../../command/worker-messages.ts';
import { giverTo } from '../../net/listener/give-client.ts';
import type { GiveClient } from '../../net/listener/listener.ts';
import { type HandlePipe, serveHandles } from '../../net/socket/handle-pipe.ts';
import type { SocketHandle } from '../../net/socket/wire.ts';
import { ProxyError } from '../../shared/errors.ts';
import { describeCut } from '../answers/answer-stop.ts';
import type { Asker } from '../command-socket/command-session.ts';
import type { ListeningSocket } from '../sockets/listening-sockets.ts';

/** A process that was started to take over. */
export interface Launched {
  readonly pid: number;
  /** Resolves with the way it ended. */
  readonly ended: Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** It serves; whoever waits for the end of this process waits for that one's now. */
  follow(): void;
}

export interface MainUpgradeOptions {
  readonly commandSocket: string;
  /** Absent: this process cannot be started again as it was. */
  readonly launch: ((place: string) => Promise<Launched>) | undefined;
  readonly whenQuiet: <T>(action: () => Promise<T>) => Promise<T>;
  readonly state: () => Omit<HandedState, 'type'>;
  readonly sockets: () => Iterable<ListeningSocket>;
  /** From now on this process numbers no events, until `resume`. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Resolves when nothing is left to do here. */
  readonly retire: (deadlineMs: number | undefined, successor: SuccessorHooks) => Promise<Cut>;
  /** The last word is said. */
  readonly end: () => void;
}

export interface SuccessorHooks {
  readonly give: GiveClient;
  readonly tell: (event: EventBody) => void;
}

interface Successor {
  readonly pipe: HandlePipe;
  readonly launched: Launched;
}

const READY_TIMEOUT_MS = 60_000;

export class MainUpgrade {
  readonly #options: MainUpgradeOptions;
  #meeting: Meeting | undefined;

  constructor(options: MainUpgradeOptions) {
    this.#options = options;
  }

  /** Rejects with the reason when the new process does not come to serve. */
  async answer(asker: Asker, deadlineMs: number | undefined): Promise<void> {
    const { whenQuiet, retire, end } = this.#options;
    let result: Promise<Cut> | undefined;
    const { pipe, launched } = await whenQuiet(async () => {
      const successor = await this.#start(asker);
      const message = `main process ${successor.launched.pid} serves; this one finishes what it has`;
      asker.reply({ status: 'processing', message });
      successor.launched.follow();
      // Before the changes that waited have their turn.
      result = retire(deadlineMs, hooksOf(successor.pipe));
      return successor;
    });
    const cut = (await result) ?? { requests: 0, tunnels: 0 };
    // Behind all idle clients, which take their time.
    await new Promise<boolean>(resolve => pipe.send({ type: 'retired', cut }, undefined, resolve));
    const message = `the main process is ${launched.pid} now${describeCut(cut)}`;
    asker.reply({ status: 'ok', message });
    end();
  }

  async #start(asker: Asker): Promise<Successor> {
    const { commandSocket, launch } = this.#options;
    if (launch === undefined) {
      throw refused('this proxy was not started from a config file: upgrade its workers only');
    }
    const place = `${commandSocket}.h${process.pid}`;
    const meeting = new Meeting(this.#options);
    this.#meeting = meeting;
    const server = await serveHandles(place, pipe => meeting.meet(pipe));
    let launched: Launched | undefined;
    try {
      launched = await launch(place);
      asker.reply({ status: 'processing', message: `main process ${launched.pid} is starting` });
      return { launched, pipe: await meeting.succeeded(launched) };
    } catch (error) {
      launched?.kill('SIGKILL');
      this.#options.resume();
      throw error;
    } finally {
      this.#meeting = undefined;
      server.close();
    }
  }

  /** This process is told to stop: there will be no other one. */
  abort(): void {
    this.#meeting?.abort();
  }
}

/** From the launch of the new process to its word that it serves. */
class Meeting {
  readonly #options: MainUpgradeOptions;
  readonly #done: Promise<HandlePipe>;
  #resolve: (pipe: HandlePipe) => void = () => {};
  #reject: (why: string) => void = () => {};
  #fail: (error: ProxyError) => void = () => {};

  constructor(options: MainUpgradeOptions) {
    this.#options = options;
    this.#done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#fail = reject;
      this.#reject = why => reject(refused(`${why}; this main process serves on`));
    });
    this.#done.catch(() => {});
  }

  succeeded(launched: Launched): Promise<HandlePipe> {
    const limit = setTimeout(
      () => this.#reject(`the new main process did not serve within ${READY_TIMEOUT_MS / 1000} s`),
      READY_TIMEOUT_MS,
    );
    // What it said before its end is more to the point, and may still be on its way.
    void launched.ended.then(how =>
      setTimeout(() => this.#reject(`the new main process ended: ${how}`), LAST_WORDS_MS),
    );
    return this.#done.finally(() => clearTimeout(limit));
  }

  abort(): void {
    this.#fail(refused('the proxy is told to stop: there is no new main process'));
  }

  meet(pipe: HandlePipe): void {
    pipe.user = {
      onEnd: () => {},
      onMessage: received => {
        const message = received as unknown as ToPredecessor;
        if (message.type === 'retire') this.#resolve(pipe);
        else if (message.type === 'failed') {
          this.#reject(`the new main process cannot serve: ${message.message}`);
        } else if (message.version === HAND_OVER_VERSION) this.#give(pipe);
        else this.#reject(`the new program speaks another version of the hand-over`);
      },
    };
  }

  #give(pipe: HandlePipe): void {
    const { state, sockets, pause } = this.#options;
    pause();
    say(pipe, { type: 'state', ...state() });
    for (const { address, handle } of sockets()) {
      say(pipe, { type: 'listener', address }, handle);
    }
    say(pipe, { type: 'end' });
  }
}

const LAST_WORDS_MS = 100;

function hooksOf(pipe: HandlePipe): SuccessorHooks {
  return {
    give: giverTo(pipe),
    tell: event => say(pipe, { type: 'event', event }),
  };
}

function say(pipe: HandlePipe, message: ToSuccessor, handle?: SocketHandle): void {
  pipe.send({ ...message }, handle);
}

function refused(message: string): ProxyError {
  return new ProxyError('PROXY_REQUEST_INVALID', message);
}
