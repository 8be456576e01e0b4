/** Numbers and dates events, and keeps the last ones for those who come later. */
import type { EventBody, ProxyEvent, ProxyEventKind } from '../../command/events.ts';
import type { HandedState } from '../../command/hand-over.ts';
import { OpenBreakers } from '../workers/open-breakers.ts';

export const KEPT_EVENTS = 1000;

export interface EventFilter {
  /** Only those behind this one. */
  readonly since?: number;
  /** Of those that are kept. */
  readonly last?: number;
  readonly kinds?: readonly ProxyEventKind[];
}

export class EventLog {
  readonly #recent: ProxyEvent[] = [];
  readonly #counts = new Map<string, number>();
  readonly #subscribers = new Set<(event: ProxyEvent) => void>();
  /** As the events tell. */
  readonly openBreakers: OpenBreakers = new OpenBreakers();
  #seq = 0;

  /** Since the start, by kind. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  add(body: EventBody): ProxyEvent {
    this.#seq += 1;
    const event = { ...body, seq: this.#seq, time: new Date().toISOString() };
    this.#counts.set(body.kind, (this.#counts.get(body.kind) ?? 0) + 1);
    this.#recent.push(event);
    this.openBreakers.see(event);
    if (this.#recent.length > KEPT_EVENTS) this.#recent.shift();
    for (const tell of this.#subscribers) tell(event);
    return event;
  }

  /** Goes on where another main process was. */
  continueFrom({ seq, recent }: NonNullable<HandedState['events']>): void {
    this.#seq = seq;
    this.#recent.push(...recent);
    for (const event of recent) this.openBreakers.see(event);
  }

  /** The number of the latest event. */
  get seq(): number {
    return this.#seq;
  }

  /** How many events behind `since` are no longer kept. */
  missing(since: number): number {
    return Math.max(0, this.#seq - this.#recent.length - since);
  }

  kept({ since = 0, last = KEPT_EVENTS, kinds }: EventFilter = {}): ProxyEvent[] {
    const fitting = this.#recent.filter(
      event => event.seq > since && (kinds === undefined || kinds.includes(event.kind)),
    );
    return last === 0 ? [] : fitting.slice(-last);
  }

  /** Each new one from now on, until the returned function is called. */
  follow(tell: (event: ProxyEvent) => void): () => void {
    this.#subscribers.add(tell);
    return () => this.#subscribers.delete(tell);
  }
}
