/**
 * Every change of the configuration goes through here, one after the other: one order for the
 * state and for all workers. While the workers are at one group of changes, those that come are
 * gathered for the next.
 *
 *     submit ─▶ waiting ─▶ group ─▶ apply to the state ─▶ all workers ─▶ ok: told, events
 *                  ▲                                         │
 *                  └──────── those behind it, again ◀── undo ┘ one refused: that change fails
 *
 * A worker that is late or gone refuses nothing: it is brought up to date by being replaced.
 */
import type { ChangeRequest, StateRequest } from '../../command/requests.ts';
import { ProxyError } from '../../shared/errors.ts';
import type { ConfigState } from '../../state/config-state.ts';
import type { ChangeSockets } from '../sockets/listener-sockets.ts';
import { addressInUse } from '../sockets/listening-sockets.ts';
import { type ChangePlan, planChange } from './change-plan.ts';
import { ChangeRound, type Fleet, type Refusal } from './change-round.ts';

export interface ChangeOrder {
  readonly requests: readonly ChangeRequest[];
  /** Say what would happen, change nothing. Default false. */
  readonly dryRun?: boolean;
  /** Why, in plain words, for the events. Default: that it was asked for. */
  readonly cause?: string;
}

export interface ChangeDone {
  readonly effects: readonly StateRequest[];
  /** One sentence per request. */
  readonly changes: readonly string[];
  /** Workers that have done it; 0 in a dry run. */
  readonly workers: number;
  /** Workers that had not answered in time. */
  readonly late: readonly number[];
}

export interface ChangeQueueOptions {
  readonly state: ConfigState;
  readonly sockets: ChangeSockets;
  readonly fleet: Fleet;
  /** Why no change is taken any more; undefined as long as they are. */
  readonly closed: () => string | undefined;
  /** All workers have done these. */
  readonly onCommitted: (effects: readonly StateRequest[], cause: string) => void;
}

interface Ticket {
  readonly order: ChangeOrder;
  readonly resolve: (done: ChangeDone) => void;
  readonly reject: (error: unknown) => void;
}

/** A ticket that the state has taken. */
interface Planned extends ChangePlan {
  readonly ticket: Ticket;
}

type Entry = Ticket | { readonly quiet: () => Promise<void> };

/** More would make one message long and what a refusal takes back large. */
const GROUP_SIZE = 256;

export class ChangeQueue {
  readonly #options: ChangeQueueOptions;
  readonly #waiting: Entry[] = [];
  #isRunning = false;
  #changes = 0;

  constructor(options: ChangeQueueOptions) {
    this.#options = options;
  }

  /** Grows with every change of the state. */
  get changes(): number {
    return this.#changes;
  }

  /** Rejects with the reason when it cannot be done; then nothing has changed, anywhere. */
  submit(order: ChangeOrder): Promise<ChangeDone> {
    return new Promise((resolve, reject) => this.#enqueue({ order, resolve, reject }));
  }

  /**
   * Asks what to do when it is its turn, so that what it sees is what it changes. Undefined when
   * there is nothing to do.
   */
  submitPlanned(plan: () => ChangeOrder | undefined): Promise<ChangeDone | undefined> {
    return new Promise((resolve, reject) => {
      const quiet = async (): Promise<void> => {
        try {
          const order = plan();
          if (order === undefined) resolve(undefined);
          else this.#waiting.unshift({ order, resolve, reject });
        } catch (error) {
          reject(error);
        }
      };
      this.#enqueue({ quiet });
    });
  }

  /** Runs `action` while no change is under way; those that come wait for its end. */
  whenQuiet<T>(action: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) =>
      this.#enqueue({ quiet: () => action().then(resolve, reject) }),
    );
  }

  #enqueue(entry: Entry): void {
    this.#waiting.push(entry);
    if (this.#isRunning) return;
    this.#isRunning = true;
    // Those that were read together from a socket make one group.
    queueMicrotask(() => void this.#run());
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if ('quiet' in next) {
        this.#waiting.shift();
        await next.quiet();
      } else await this.#commit(await this.#nextGroup());
    }
    this.#isRunning = false;
  }

  /** Binding sockets takes its time: a change that needs some is a group of its own. */
  async #nextGroup(): Promise<Planned[]> {
    const group: Planned[] = [];
    while (group.length < GROUP_SIZE) {
      const next = this.#waiting[0];
      if (next === undefined || 'quiet' in next) break;
      const alone = needsSockets(next);
      if (alone && group.length > 0) break;
      this.#waiting.shift();
      group.push(...(alone ? await this.#planWithSockets(next) : this.#plan(next)));
      if (alone) break;
    }
    return group;
  }

  async #planWithSockets(ticket: Ticket): Promise<Planned[]> {
    const { sockets, state } = this.#options;
    try {
      const planned = this.#plan(ticket, await sockets.open(ticket.order.requests, state));
      if (planned.length === 0) sockets.closeUnused(state);
      return planned;
    } catch (error) {
      ticket.reject(error);
      return [];
    }
  }

  /** Nothing when it has failed, or was only asked about. */
  #plan(ticket: Ticket, requests: readonly ChangeRequest[] = ticket.order.requests): Planned[] {
    const { state, closed } = this.#options;
    const why = closed();
    if (why !== undefined) {
      ticket.reject(new ProxyError('PROXY_REQUEST_INVALID', why));
      return [];
    }
    const plan = planChange(state, requests);
    if (!plan.ok) ticket.reject(plan.error);
    else if (ticket.order.dryRun === true) {
      const { effects, changes, undo } = plan.value;
      undo();
      ticket.resolve({ effects, changes, workers: 0, late: [] });
    } else {
      this.#changes += 1;
      return [{ ticket, ...plan.value }];
    }
    return [];
  }

  async #commit(group: readonly Planned[]): Promise<void> {
    if (group.length === 0) return;
    const { fleet, sockets, state, onCommitted } = this.#options;
    const parts = group.map(({ effects }) => effects);
    const started = sockets.startedBy(parts.flat(), state);
    const round = await ChangeRound.send(fleet, parts, started);
    const { refusal } = round;
    const done = refusal === undefined ? group : group.slice(0, refusal.at);
    if (refusal !== undefined) await this.#takeBack(group, round, refusal);
    for (const { ticket, effects, changes } of done) {
      onCommitted(effects, ticket.order.cause ?? 'it was asked for');
      ticket.resolve({ effects, changes, workers: round.done, late: round.late });
    }
    sockets.closeUnused(state);
  }

  async #takeBack(
    group: readonly Planned[],
    round: ChangeRound,
    { at, taken, why }: Refusal,
  ): Promise<void> {
    const { state, sockets } = this.#options;
    const [failed, ...again] = group.slice(at);
    for (const { undo } of group.slice(at).toReversed()) undo();
    this.#changes += 1;
    await round.takeBack(at, state, requests => sockets.startedBy(requests, state));
    const reason = taken === undefined ? why : (await addressInUse(taken)).message;
    const message = `${reason}; nothing was changed`;
    failed?.ticket.reject(new ProxyError('PROXY_WORKER_FAILED', message));
    this.#waiting.unshift(...again.map(({ ticket }) => ticket));
  }
}

function needsSockets({ order }: Ticket): boolean {
  return order.requests.some(({ kind }) => kind === 'add-listener' || kind === 'activate-listener');
}
