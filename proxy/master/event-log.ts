/** Numbers and dates events, and keeps the last ones for those who come later. */
import type { EventBody, ProxyEvent } from '../command/events.ts';

const KEPT = 256;

export class EventLog {
  readonly #recent: ProxyEvent[] = [];
  readonly #subscribers = new Set<(event: ProxyEvent) => void>();
  #seq = 0;

  add(body: EventBody): ProxyEvent {
    this.#seq += 1;
    const event = { ...body, seq: this.#seq, time: new Date().toISOString() };
    this.#recent.push(event);
    if (this.#recent.length > KEPT) this.#recent.shift();
    for (const tell of this.#subscribers) tell(event);
    return event;
  }

  /** The last events at once, then each new one, until the returned function is called. */
  subscribe(tell: (event: ProxyEvent) => void): () => void {
    for (const event of this.#recent) tell(event);
    this.#subscribers.add(tell);
    return () => this.#subscribers.delete(tell);
  }
}
