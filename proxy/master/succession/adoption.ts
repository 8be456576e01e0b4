/**
 * Takes over from the workers of a main process that was killed: their configuration, which is the
 * latest there is, and their listening sockets. They serve on until the new workers do.
 */
import { lstat, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { EventBody } from '../../command/events.ts';
import type { StateRequest } from '../../command/requests.ts';
import type { Cut } from '../../command/worker-messages.ts';
import type { Logger } from '../../log/logger.ts';
import type { IdleClient } from '../../net/listener/listener.ts';
import { plural } from '../../shared/plural.ts';
import { describeCut } from '../answers/answer-stop.ts';
import type { ListeningSocket } from '../sockets/listening-sockets.ts';
import type { Heritage } from './heritage.ts';
import { Predecessor } from './predecessor.ts';

export interface AdoptionOptions {
  readonly commandSocket: string;
  /** Whoever changed the config file after the main process died wants that; milliseconds. */
  readonly configChangedAt: number;
  readonly logger: Logger;
  readonly emit: (event: EventBody) => void;
  readonly onClient: (client: IdleClient) => void;
  /** Lets the new workers take clients from the orphan that waits there; never rejects. */
  readonly receiveFrom: (place: string) => Promise<unknown>;
}

/** An orphan that is busy may take a moment to notice that it is one. */
const LOOK_AGAIN_AFTER_MS = [500, 2_000, 10_000];
const LOOK_LONGER_MS = 2_000;
const LOOK_INTERVAL_MS = 100;
const HAND_OVER_TIMEOUT_MS = 3_000;
/** As long as `relais upgrade` gives by default. */
const RETIRE_DEADLINE_MS = 60_000;

export class Adoption implements Heritage {
  readonly #options: AdoptionOptions;
  readonly #orphans: Predecessor[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #retiring = new Set<number>();
  readonly events = undefined;

  constructor(options: AdoptionOptions) {
    this.#options = options;
  }

  /** The highest number of a worker that was found. */
  get lastWorkerId(): number {
    return Math.max(0, ...this.#orphans.map(({ state }) => state.orphan?.workerId ?? 0));
  }

  /** Those that finish what they have, by their numbers. */
  get retiring(): readonly number[] {
    return [...this.#retiring];
  }

  /** Nothing is changed by it: the orphans serve as before. */
  async look(): Promise<void> {
    const { commandSocket, logger } = this.#options;
    for (const place of await placesBeside(commandSocket)) {
      try {
        this.#orphans.push(await Predecessor.take(place, HAND_OVER_TIMEOUT_MS));
      } catch (error) {
        logger.warn(error instanceof Error ? error.message : String(error));
        await removeSocket(place, error);
      }
    }
  }

  /**
   * A new listening socket cannot be bound: it may be that of orphans that did not wait yet for
   * anybody. True when some are found.
   */
  async lookLonger(): Promise<boolean> {
    const end = performance.now() + LOOK_LONGER_MS;
    while (this.#orphans.length === 0 && performance.now() < end) {
      await new Promise(resolve => setTimeout(resolve, LOOK_INTERVAL_MS));
      await this.look();
    }
    return this.#orphans.length > 0;
  }

  /** The configuration to begin with: theirs, unless the file was changed after they were left. */
  requests(ofFile: readonly StateRequest[]): readonly StateRequest[] {
    const { configChangedAt, logger } = this.#options;
    const [latest] = this.#orphans.toSorted((a, b) => sinceOf(b) - sinceOf(a));
    if (latest === undefined) return ofFile;
    const found = `${plural(this.#orphans.length, 'worker')} of a main process that died`;
    if (configChangedAt > sinceOf(latest)) {
      logger.warn(`${found}: the config file was changed since, so it counts, not what they have`);
      return ofFile;
    }
    logger.warn(`${found}: the configuration is theirs; "relais reload" would apply the file`);
    return latest.state.requests;
  }

  /** One of each address. */
  sockets(): ListeningSocket[] {
    const byAddress = new Map<string, ListeningSocket>();
    for (const socket of this.#orphans.flatMap(({ sockets }) => sockets.splice(0))) {
      if (byAddress.has(socket.address)) socket.handle.close();
      else byAddress.set(socket.address, socket);
    }
    return [...byAddress.values()];
  }

  /** New workers serve. Looks again for those that were not to be found before. */
  complete(): void {
    this.#retireAll();
    for (const delay of LOOK_AGAIN_AFTER_MS) {
      const timer = setTimeout(() => void this.look().then(() => this.#retireAll()), delay).unref();
      this.#timers.add(timer);
    }
  }

  /** This process cannot serve: they go on. */
  leave(message: string): void {
    for (const orphan of this.#orphans.splice(0)) orphan.leave(message);
    this.stop();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #retireAll(): void {
    const { emit } = this.#options;
    for (const orphan of this.#orphans.splice(0)) {
      for (const { handle } of orphan.sockets.splice(0)) handle.close();
      const { workerId = 0, pid } = orphan.state.orphan ?? {};
      const who = `process ${pid} of a main process that died`;
      emit({ kind: 'worker-adopted', workerId, cause: `${who} finishes what it has` });
      this.#retiring.add(workerId);
      void this.#retire(orphan).then(cut => {
        this.#retiring.delete(workerId);
        emit({ kind: 'worker-exited', workerId, cause: `${who} has finished${describeCut(cut)}` });
      });
    }
  }

  async #retire(orphan: Predecessor): Promise<Cut> {
    const { emit, onClient, receiveFrom } = this.#options;
    await receiveFrom(orphan.place);
    return orphan.retire(RETIRE_DEADLINE_MS, { onClient, onEvent: emit });
  }
}

function sinceOf({ state }: Predecessor): number {
  return state.orphan?.since ?? 0;
}

async function placesBeside(commandSocket: string): Promise<string[]> {
  const folder = path.dirname(commandSocket);
  const prefix = `${path.basename(commandSocket)}.w`;
  const entries = await readdir(folder).catch(() => []);
  return entries
    .filter(name => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .sort()
    .map(name => path.join(folder, name));
}

/** Nobody listens there: its process was killed. One that is only silent keeps it. */
async function removeSocket(place: string, error: unknown): Promise<void> {
  const isDead = error instanceof Error && 'code' in error && error.code === 'PROXY_UNREACHABLE';
  const found = await lstat(place).catch(() => undefined);
  if (isDead && found?.isSocket() === true) await unlink(place).catch(() => undefined);
}
