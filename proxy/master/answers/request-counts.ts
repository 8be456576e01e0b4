/** How many requests of each kind have changed the state since the start. */
import type { StateRequest } from '../../command/requests.ts';

export class RequestCounts {
  readonly #counts = new Map<string, number>();

  add({ kind }: StateRequest): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** In the order in which the kinds came first. */
  read(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
