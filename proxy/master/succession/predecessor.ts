/** Whoever served before this main process: gives what it has, and goes when it is told to. */
import type { EventBody } from '../../command/events.ts';
import {
  HAND_OVER_VERSION,
  type HandedState,
  type ToPredecessor,
  type ToSuccessor,
} from '../../command/hand-over.ts';
import type { Cut } from '../../command/worker-messages.ts';
import type { IdleClient } from '../../net/listener/listener.ts';
import { connectHandles, type HandlePipe } from '../../net/socket/handle-pipe.ts';
import type { SocketHandle } from '../../net/socket/wire.ts';
import { ProxyError } from '../../shared/errors.ts';
import type { ListeningSocket, TcpHandle } from '../sockets/listening-sockets.ts';

export interface PredecessorUser {
  readonly onClient: (client: IdleClient) => void;
  readonly onEvent: (event: EventBody) => void;
}

const NOTHING: Cut = { requests: 0, tunnels: 0 };

export class Predecessor {
  /** Where it waits. */
  readonly place: string;
  readonly state: HandedState;
  /** Those that it accepts on; whoever takes them out closes them. */
  readonly sockets: ListeningSocket[];
  readonly #pipe: HandlePipe;

  private constructor(
    pipe: HandlePipe,
    place: string,
    state: HandedState,
    sockets: ListeningSocket[],
  ) {
    this.#pipe = pipe;
    this.place = place;
    this.state = state;
    this.sockets = sockets;
  }

  /** @throws {ProxyError} PROXY_UNREACHABLE or PROXY_TIMEOUT when it cannot give what it has. */
  static async take(place: string, timeoutMs: number): Promise<Predecessor> {
    const pipe = await connectHandles(place);
    try {
      return await takeFrom(pipe, place, timeoutMs, (state, sockets) => {
        return new Predecessor(pipe, place, state, sockets);
      });
    } catch (error) {
      pipe.close();
      throw error;
    }
  }

  /** Resolves when it has nothing left; its idle clients come meanwhile. */
  retire(deadlineMs: number | undefined, user: PredecessorUser): Promise<Cut> {
    return new Promise(resolve => {
      this.#pipe.user = {
        onEnd: () => resolve(NOTHING),
        onMessage: (received, handle, arrived) => {
          const message = received as unknown as ToSuccessor;
          if (message.type === 'client' && handle !== undefined) {
            arrived();
            user.onClient({ ...message, handle });
          } else if (message.type === 'event') user.onEvent(message.event);
          else if (message.type === 'retired') resolve(message.cut);
        },
      };
      tell(
        this.#pipe,
        deadlineMs === undefined ? { type: 'retire' } : { type: 'retire', deadlineMs },
      );
    });
  }

  /** Says why there will be no successor to whoever waits for one there. */
  static async refuse(place: string, message: string): Promise<void> {
    const pipe = await connectHandles(place);
    pipe.send({ type: 'failed', message }, undefined, () => pipe.close());
  }

  /** It serves on; the reason goes to it where it has somebody to tell. */
  leave(message: string): void {
    tell(this.#pipe, { type: 'failed', message });
    for (const { handle } of this.sockets.splice(0)) handle.close();
    setImmediate(() => this.#pipe.close());
  }
}

function takeFrom<T>(
  pipe: HandlePipe,
  place: string,
  timeoutMs: number,
  done: (state: HandedState, sockets: ListeningSocket[]) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const sockets: ListeningSocket[] = [];
    let state: HandedState | undefined;
    const fail = (code: 'PROXY_UNREACHABLE' | 'PROXY_TIMEOUT', why: string): void => {
      clearTimeout(timer);
      for (const { handle } of sockets) handle.close();
      reject(new ProxyError(code, `what serves on ${place} ${why}`));
    };
    const timer = setTimeout(
      () => fail('PROXY_TIMEOUT', `did not hand over within ${timeoutMs} ms`),
      timeoutMs,
    );
    pipe.user = {
      onEnd: () => fail('PROXY_UNREACHABLE', 'did not hand over'),
      onMessage: (received, handle, arrived) => {
        const message = received as unknown as ToSuccessor;
        if (message.type === 'state') state = message;
        else if (message.type === 'listener' && handle !== undefined) {
          sockets.push(listening(message.address, handle));
          arrived();
        } else if (message.type === 'end' && state !== undefined) {
          clearTimeout(timer);
          resolve(done(state, sockets));
        }
      },
    };
    tell(pipe, { type: 'take', version: HAND_OVER_VERSION });
  });
}

function listening(address: string, handle: SocketHandle): ListeningSocket {
  // A socket that listens arrives as the handle that made it.
  return { address, handle: handle as TcpHandle, inherited: true };
}

function tell(pipe: HandlePipe, message: ToPredecessor): void {
  pipe.send({ ...message });
}
