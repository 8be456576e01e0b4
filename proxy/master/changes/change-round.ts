/** One group of changes on its way through all workers, and the way back when one refuses. */
import type { StateRequest } from '../../command/requests.ts';
import { apply } from '../../state/apply.ts';
import { type ConfigState, copyState } from '../../state/config-state.ts';
import { diff } from '../../state/diff.ts';
import type { ListeningSocket } from '../sockets/listening-sockets.ts';
import type { WorkerAnswer } from '../workers/worker-answer.ts';
import type { Answer } from '../workers/worker-process.ts';

/** The workers, as changes need them. */
export interface Fleet {
  /** As workers are told; names become addresses. */
  expand(requests: readonly StateRequest[]): StateRequest[];
  /** All workers alive, in this very turn of the event loop; then they accept on the sockets. */
  tell(
    requests: readonly StateRequest[],
    sockets: readonly ListeningSocket[],
  ): Promise<readonly WorkerAnswer[]>;
  /** Those alive now; some may have come after the last `tell`. */
  workerIds(): readonly number[];
  correct(
    workerId: number,
    requests: readonly StateRequest[],
    sockets: readonly ListeningSocket[],
  ): Promise<Answer>;
  /** What this worker serves is not what it should: it is replaced. */
  distrust(workerId: number, cause: string): void;
}

export interface Refusal {
  /** The first part that somebody refused. */
  readonly at: number;
  /** Who and why. */
  readonly why: string;
  /** The address that another program took between the binding and the listening. */
  readonly taken?: string;
}

/** An effect, its part, and how many orders have been carried out once it is done. */
interface Step {
  readonly effect: StateRequest;
  readonly part: number;
  readonly end: number;
}

export class ChangeRound {
  readonly #fleet: Fleet;
  readonly #steps: readonly Step[];
  readonly #sockets: readonly ListeningSocket[];
  readonly #answers: readonly WorkerAnswer[];

  private constructor(
    fleet: Fleet,
    steps: readonly Step[],
    sockets: readonly ListeningSocket[],
    answers: readonly WorkerAnswer[],
  ) {
    this.#fleet = fleet;
    this.#steps = steps;
    this.#sockets = sockets;
    this.#answers = answers;
  }

  /** Of each part, all effects are done or none. */
  static async send(
    fleet: Fleet,
    parts: readonly (readonly StateRequest[])[],
    sockets: readonly ListeningSocket[],
  ): Promise<ChangeRound> {
    const steps: Step[] = [];
    const orders: StateRequest[] = [];
    for (const [part, effects] of parts.entries()) {
      for (const effect of effects) {
        orders.push(...fleet.expand([effect]));
        steps.push({ effect, part, end: orders.length });
      }
    }
    return new ChangeRound(fleet, steps, sockets, await fleet.tell(orders, sockets));
  }

  /** How many workers have done it. */
  get done(): number {
    return this.#answers.filter(({ answer }) => answer.kind === 'ok').length;
  }

  get late(): number[] {
    return this.#answers.flatMap(each => (each.answer.kind === 'late' ? [each.workerId] : []));
  }

  get refusal(): Refusal | undefined {
    const refused = this.#answers.flatMap(({ workerId, answer }) =>
      answer.kind === 'refused' ? [{ ...answer, workerId, at: this.#partAt(answer.applied) }] : [],
    );
    if (refused.length === 0) return undefined;
    const at = Math.min(...refused.map(each => each.at));
    const first = refused.filter(each => each.at === at);
    const why = first.map(each => `worker ${each.workerId} refused: ${each.message}`).join(', ');
    const taken = first.some(({ errno }) => errno === 'EADDRINUSE') && this.#sockets[0]?.address;
    return typeof taken === 'string' ? { at, why, taken } : { at, why };
  }

  /**
   * Brings every worker to `state`, in which the refused part and those behind it are undone.
   * Resolves when all have answered.
   */
  async takeBack(
    from: number,
    state: ConfigState,
    socketsFor: (requests: readonly StateRequest[]) => readonly ListeningSocket[],
  ): Promise<void> {
    const steps = this.#steps.filter(({ part }) => part >= from);
    await Promise.all(
      this.#fleet.workerIds().map(async id => {
        const answer = this.#answers.find(each => each.workerId === id)?.answer;
        // One that came later was told the state as it was then, all of it.
        const applied = answer?.kind === 'refused' ? answer.applied : undefined;
        const carriedOut = steps.filter(({ end }) => applied === undefined || end <= applied);
        const way = wayBack(carriedOut, state);
        const orders = this.#fleet.expand(way);
        const corrected = await this.#fleet.correct(id, orders, socketsFor(way));
        if (answer?.kind === 'late') this.#fleet.distrust(id, 'it did not answer to a change');
        else if (corrected.kind === 'refused') this.#fleet.distrust(id, corrected.message);
      }),
    );
  }

  /** Undefined: all requests were carried out, but a socket was refused. */
  #partAt(applied: number | undefined): number {
    const step = this.#steps.find(({ end }) => end > (applied ?? Number.POSITIVE_INFINITY));
    return (step ?? this.#steps.at(-1))?.part ?? 0;
  }
}

function wayBack(steps: readonly Step[], state: ConfigState): readonly StateRequest[] {
  const served = copyState(state);
  for (const { effect } of steps) apply(served, effect);
  return diff(served, state);
}
