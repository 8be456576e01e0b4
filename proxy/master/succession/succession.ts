/** Takes over from the main process that has started this one in order to be replaced by it. */
import type { EventBody } from '../../command/events.ts';
import type { HandedState } from '../../command/hand-over.ts';
import type { StateRequest } from '../../command/requests.ts';
import type { IdleClient } from '../../net/listener/listener.ts';
import { ProxyError } from '../../shared/errors.ts';
import type { ListeningSocket } from '../sockets/listening-sockets.ts';
import type { Heritage } from './heritage.ts';
import { Predecessor } from './predecessor.ts';

export interface SuccessionOptions {
  /** Where the other one waits. */
  readonly place: string;
  readonly emit: (event: EventBody) => void;
  readonly onClient: (client: IdleClient) => void;
}

/** Changes that are under way there have to end first. */
const HAND_OVER_TIMEOUT_MS = 15_000;

export class Succession implements Heritage {
  readonly #options: SuccessionOptions;
  #predecessor: Predecessor | undefined;
  #isRetiring = false;

  constructor(options: SuccessionOptions) {
    this.#options = options;
  }

  /** One stands for all of them. */
  get retiring(): readonly number[] {
    return this.#isRetiring ? [this.lastWorkerId] : [];
  }

  get lastWorkerId(): number {
    return this.#predecessor?.state.lastWorkerId ?? 0;
  }

  get events(): HandedState['events'] {
    return this.#predecessor?.state.events;
  }

  async look(): Promise<void> {
    this.#predecessor = await Predecessor.take(this.#options.place, HAND_OVER_TIMEOUT_MS);
  }

  lookLonger(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** The file says how processes run; what they serve is what is served now. */
  requests(): readonly StateRequest[] {
    if (this.#predecessor !== undefined) return this.#predecessor.state.requests;
    throw new ProxyError('PROXY_UNREACHABLE', 'the main process did not hand over');
  }

  sockets(): ListeningSocket[] {
    return this.#predecessor?.sockets.splice(0) ?? [];
  }

  complete(): void {
    const { emit, onClient } = this.#options;
    if (this.#predecessor === undefined) return;
    this.#isRetiring = true;
    void this.#predecessor.retire(undefined, { onClient, onEvent: emit }).then(() => {
      this.#isRetiring = false;
    });
  }

  leave(why: string): void {
    this.#predecessor?.leave(why);
  }

  stop(): void {}
}
