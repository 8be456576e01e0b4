/** Where events go: to the log of this process, or, when it is replaced, to its successor's. */
import type { EventBody } from '../../command/events.ts';

export class EventRoute {
  #to: (event: EventBody) => void;
  #held: EventBody[] | undefined;

  constructor(to: (event: EventBody) => void) {
    this.#to = to;
  }

  take(event: EventBody): void {
    if (this.#held === undefined) this.#to(event);
    else this.#held.push(event);
  }

  /** Another process may be about to number them: they wait. */
  pause(): void {
    this.#held ??= [];
  }

  /** Those that waited too. */
  turn(to: (event: EventBody) => void): void {
    this.#to = to;
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) to(event);
  }
}
