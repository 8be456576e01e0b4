/**
 * Follows backends that get no new request until no worker has one of theirs in progress, and says
 * then, once, that they may be stopped.
 *
 *     drain, maint, removal ─▶ watched ─▶ every worker asked ─▶ none in progress ─▶ safe to stop
 *                                 │              ▲    │
 *     ready again ─▶ given up ◀───┘              └────┴─ some: cut, once the deadline is over
 *
 * A worker that has ended has nothing in progress. One that does not answer may have.
 */
import type { EventBody } from '../../command/events.ts';
import {
  addCounts,
  type BackendPlace,
  type CutReport,
  type InFlight,
  NO_HOLDERS,
} from '../../command/holders.ts';
import type { Backend, StateRequest } from '../../command/requests.ts';
import { parseName } from '../../shared/address.ts';
import type { ConfigState } from '../../state/config-state.ts';
import type { WorkerAnswer } from '../workers/worker-answer.ts';
import { describeCut } from './drain-words.ts';

export interface DrainOptions {
  readonly state: ConfigState;
  /** What runs on backends that get no new request, in every worker alive. */
  readonly inFlight: () => Promise<readonly WorkerAnswer[]>;
  readonly cut: (place: BackendPlace) => Promise<readonly WorkerAnswer[]>;
  readonly emit: (event: EventBody) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
}

export type WatchedBackend = Pick<Backend, 'clusterId' | 'backendId' | 'address'>;

export type DrainEnd =
  | { readonly kind: 'safe'; readonly durationMs: number; readonly cut: CutReport }
  /** Somebody wanted something else of the backend; what, in one sentence. */
  | { readonly kind: 'given-up'; readonly why: string };

/** How it goes, for those who wait. */
export interface DrainView {
  /** Until what is left is cut; undefined: never. */
  readonly deadlineInMs: number | undefined;
  /** Workers that did not answer when they were asked last. */
  readonly silent: readonly number[];
}

interface Watch {
  readonly backend: WatchedBackend;
  readonly place: BackendPlace;
  readonly startedAt: number;
  rest: Rest;
  deadlineAt: number;
  cut: CutReport;
  silent: readonly number[];
  readonly waiting: Set<(end: DrainEnd) => void>;
}

type Rest = NonNullable<Backend['admin']> | 'removed';

/** Events tell sooner; this is for workers that end without one. */
const ASK_AGAIN_MS = 500;
/** Many removals at once make few questions. */
const GATHER_MS = 10;

export class DrainWatches {
  readonly #options: DrainOptions;
  readonly #watches = new Map<string, Watch>();
  /** The backends of the state that are not ready. */
  readonly #resting = new Map<string, Rest>();
  #cancel: (() => void) | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #isAsking = false;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  /** Those that rested already when this process began; a drain may have been under way. */
  resume(): void {
    for (const { backends } of this.#options.state.clusters.values()) {
      for (const backend of backends.values()) {
        if (backend.admin === undefined) continue;
        this.#resting.set(keyOf(backend), backend.admin);
        this.#watch(backend, backend.admin);
      }
    }
  }

  /** A change that all workers have done. */
  follow(effect: StateRequest): void {
    if (effect.kind === 'add-backend') {
      const { backend } = effect;
      if (backend.admin === undefined) this.#becameReady(backend);
      else this.#rests(backend, backend.admin);
    } else if (effect.kind === 'remove-backend' && effect.backendId !== undefined) {
      const { clusterId, backendId, address } = effect;
      this.#removed({ clusterId, backendId, address });
    }
  }

  /** Nobody waits for its end any more; for addresses of a name, which come and go by themselves. */
  isBack(backend: WatchedBackend): void {
    const watch = this.#watches.get(keyOf(backend));
    if (watch === undefined) return;
    this.#giveUp(watch, watch.rest === 'removed' ? 'it was added again' : 'it is ready again');
  }

  /** A worker has finished its last request of some backend. */
  lookAgain(): void {
    if (this.#watches.size > 0) this.#askIn(GATHER_MS);
  }

  /** What is left `afterMs` from now is cut. Nothing happens when nothing is left already. */
  setDeadline(backend: WatchedBackend, afterMs: number): void {
    const watch = this.#watches.get(keyOf(backend));
    if (watch === undefined) return;
    watch.deadlineAt = this.#options.now() + afterMs;
    this.#askIn(Math.max(GATHER_MS, Math.min(afterMs, ASK_AGAIN_MS)));
  }

  /** Undefined: it is not watched, because it is safe to stop or ready. */
  view(backend: WatchedBackend): DrainView | undefined {
    const watch = this.#watches.get(keyOf(backend));
    if (watch === undefined) return undefined;
    const left = watch.deadlineAt - this.#options.now();
    const deadlineInMs = Number.isFinite(left) ? Math.max(0, left) : undefined;
    return { deadlineInMs, silent: watch.silent };
  }

  /** `onEnd` is told once, unless the returned function is called first. */
  wait(backend: WatchedBackend, onEnd: (end: DrainEnd) => void): () => void {
    const watch = this.#watches.get(keyOf(backend));
    if (watch === undefined) {
      onEnd({ kind: 'safe', durationMs: 0, cut: NOTHING_CUT });
      return () => {};
    }
    watch.waiting.add(onEnd);
    return () => watch.waiting.delete(onEnd);
  }

  /** The proxy ends: nobody learns any more whether a backend is safe to stop. */
  stop(): void {
    this.#cancel?.();
    for (const watch of [...this.#watches.values()]) this.#giveUp(watch, 'the proxy is stopping');
  }

  #becameReady(backend: WatchedBackend): void {
    this.isBack(backend);
    if (this.#resting.delete(keyOf(backend))) this.#tell('backend-ready', backend, {});
  }

  #rests(backend: WatchedBackend, rest: 'drain' | 'maint'): void {
    const key = keyOf(backend);
    if (this.#resting.get(key) !== rest) {
      this.#resting.set(key, rest);
      const kind = rest === 'drain' ? 'backend-in-drain' : 'backend-in-maintenance';
      this.#tell(kind, backend, { cause: 'no new request goes there' });
    }
    const watch = this.#watches.get(key);
    if (watch === undefined) this.#watch(backend, rest);
    else watch.rest = rest;
  }

  #removed(backend: WatchedBackend): void {
    const key = keyOf(backend);
    this.#resting.delete(key);
    const watch = this.#watches.get(key);
    if (watch !== undefined) this.#giveUp(watch, 'it was removed');
    this.#watch(backend, 'removed');
  }

  #watch(backend: WatchedBackend, rest: Rest): void {
    const { clusterId, backendId, address } = backend;
    this.#watches.set(keyOf(backend), {
      backend: { clusterId, backendId, address },
      place: placeOf(backend),
      startedAt: this.#options.now(),
      rest,
      deadlineAt: Number.POSITIVE_INFINITY,
      cut: NOTHING_CUT,
      silent: [],
      waiting: new Set(),
    });
    this.#askIn(GATHER_MS);
  }

  #askIn(delayMs: number): void {
    const { now, schedule } = this.#options;
    const dueAt = now() + delayMs;
    if (dueAt >= this.#dueAt) return;
    this.#cancel?.();
    this.#dueAt = dueAt;
    this.#cancel = schedule(() => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      void this.#ask();
    }, delayMs);
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) {
      this.#askIn(GATHER_MS);
      return;
    }
    this.#isAsking = true;
    const asked = [...this.#watches.values()].filter(watch => this.#isMeant(watch));
    const answers = await this.#options.inFlight();
    const silent = silentOf(answers);
    const busy = new Map<string, InFlight[]>();
    for (const each of answers.flatMap(({ answer }) => inFlightOf(answer))) {
      const key = shortKeyOf(each);
      busy.set(key, [...(busy.get(key) ?? []), each]);
    }
    await Promise.all(
      asked.map(watch => {
        // It may have been given up while the workers were asked.
        if (this.#watches.get(keyOf(watch.backend)) !== watch) return undefined;
        watch.silent = silent;
        const isBusy = busy.get(shortKeyOf(watch.place))?.some(each => isAt(watch.place, each));
        if (isBusy !== true && silent.length === 0) return this.#finish(watch);
        return this.#cutIfOver(watch);
      }),
    );
    this.#isAsking = false;
    this.#askAgain();
  }

  /**
   * The state changes before the workers are told, and they answer in order: as long as it is meant
   * to rest now, the question does not come behind a word that it is ready, though not yet done.
   */
  #isMeant({ backend, rest }: Watch): boolean {
    const { clusterId, backendId, address } = backend;
    const now = this.#options.state.clusters.get(clusterId)?.backends.get(backendId);
    const isThere = now?.address === address;
    return rest === 'removed' ? !isThere : isThere && now?.admin !== undefined;
  }

  #askAgain(): void {
    if (this.#watches.size === 0) return;
    const now = this.#options.now();
    let delayMs = ASK_AGAIN_MS;
    for (const { deadlineAt } of this.#watches.values()) {
      if (deadlineAt > now) delayMs = Math.min(delayMs, deadlineAt - now);
    }
    this.#askIn(Math.max(GATHER_MS, delayMs));
  }

  async #cutIfOver(watch: Watch): Promise<void> {
    if (this.#options.now() < watch.deadlineAt) return;
    for (const { answer } of await this.#options.cut(watch.place)) {
      const report = answer.kind === 'ok' ? answer.cutReport : undefined;
      if (report !== undefined) watch.cut = addCuts(watch.cut, report);
    }
    this.#askIn(GATHER_MS);
  }

  #finish(watch: Watch): void {
    const { backend, startedAt, cut, rest } = watch;
    const durationMs = this.#options.now() - startedAt;
    this.#watches.delete(keyOf(backend));
    const cause = [`${restWords[rest]}, and no request of it is in progress`, describeCut(cut)];
    this.#tell('backend-safe-to-stop', backend, {
      durationMs: Math.round(durationMs),
      cause: cause.filter(part => part !== '').join('; '),
    });
    for (const tell of watch.waiting) tell({ kind: 'safe', durationMs, cut });
  }

  #giveUp(watch: Watch, why: string): void {
    this.#watches.delete(keyOf(watch.backend));
    for (const tell of watch.waiting) tell({ kind: 'given-up', why });
  }

  #tell(kind: EventBody['kind'], backend: WatchedBackend, more: Partial<EventBody>): void {
    const { clusterId, backendId, address } = backend;
    this.#options.emit({ kind, clusterId, backendId, address, ...more });
  }
}

/** Workers know the addresses of a name, not the name. */
export function placeOf({ clusterId, backendId, address }: WatchedBackend): BackendPlace {
  const isNamed = parseName(address) !== undefined;
  return isNamed ? { clusterId, backendId } : { clusterId, backendId, address };
}

const NOTHING_CUT: CutReport = { counts: NO_HOLDERS, moved: 0 };

const restWords: Readonly<Record<Rest, string>> = {
  drain: 'in drain',
  maint: 'in maintenance',
  removed: 'removed',
};

function addCuts(left: CutReport, right: CutReport): CutReport {
  return { counts: addCounts(left.counts, right.counts), moved: left.moved + right.moved };
}

function silentOf(answers: readonly WorkerAnswer[]): number[] {
  return answers.flatMap(({ workerId, answer }) =>
    answer.kind === 'late' || answer.kind === 'refused' ? [workerId] : [],
  );
}

function inFlightOf(answer: WorkerAnswer['answer']): readonly InFlight[] {
  return answer.kind === 'ok' ? (answer.inFlight ?? []) : [];
}

function isAt({ address }: BackendPlace, each: InFlight): boolean {
  return (address ?? each.address) === each.address;
}

function keyOf({ clusterId, backendId, address }: WatchedBackend): string {
  return JSON.stringify([clusterId, backendId, address]);
}

function shortKeyOf({ clusterId, backendId }: BackendPlace): string {
  return JSON.stringify([clusterId, backendId]);
}
