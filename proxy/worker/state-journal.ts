/**
 * The configuration as the main process has it, kept by every worker for the case that the main
 * process dies. Text takes a fraction of the memory of the objects, and nobody reads it before.
 */
import type { StateRequest } from '../command/requests.ts';
import { apply } from '../state/apply.ts';
import { emptyState } from '../state/config-state.ts';
import { replay } from '../state/replay.ts';

/** That many changes on top of what was there. */
const FEWEST_TO_COMPACT = 20_000;

export class StateJournal {
  #lines: string[] = [];
  /** Not before the whole state has come: it holds nothing twice. */
  #compactAt = Number.POSITIVE_INFINITY;

  add(requests: readonly StateRequest[]): void {
    for (const request of requests) this.#lines.push(JSON.stringify(request));
    if (this.#lines.length > this.#compactAt) this.#compact();
  }

  /** What comes from now on are changes. */
  settled(): void {
    this.#compactAt = 2 * this.#lines.length + FEWEST_TO_COMPACT;
  }

  /** Requests that make the state, from an empty one. */
  requests(): StateRequest[] {
    const state = emptyState();
    for (const line of this.#lines) apply(state, JSON.parse(line) as StateRequest);
    return replay(state);
  }

  #compact(): void {
    this.#lines = this.requests().map(request => JSON.stringify(request));
    this.settled();
  }
}
