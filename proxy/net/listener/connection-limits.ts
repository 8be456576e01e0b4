/**
 * How many client connections a worker takes: as many as each listener allows, as descriptors are
 * enough for, and as the limit over all workers leaves. At a limit it stops to accept, and the
 * next clients wait in the kernel's queue, where a worker with room takes them; or the connections
 * that were idle longest make room.
 */
import type { EventBody } from '../../command/events.ts';
import type { DataPlaneSettings } from '../../command/requests.ts';
import { ConnectionPermits } from '../../limits/connection-permits.ts';
import { clientsThatFit } from '../../limits/descriptor-budget.ts';
import type { SharedLimits } from '../../limits/shared-limits.ts';
import { evictionRound, Watermark } from '../../limits/watermark.ts';
import type { Counters } from '../../metrics/counters.ts';
import type { AcceptGate } from './accept-gate.ts';

/** One connection. */
export interface Evictable {
  /** Its last request, or its beginning. */
  readonly exchange: { readonly active: boolean; readonly startedAt: number };
  close(): void;
}

export interface LimitedListener {
  readonly address: string;
  /** Most connections of this worker. */
  readonly maxConnections: number;
  readonly sessions: ReadonlySet<Evictable>;
  readonly gate: AcceptGate | undefined;
  readonly watermark: Watermark;
}

export interface ConnectionLimitOptions {
  readonly shared: SharedLimits;
  readonly counters: Counters;
  readonly emit: (event: EventBody) => void;
  readonly descriptorLimit: () => number;
  readonly isDraining: () => boolean;
}

export class ConnectionLimits {
  private readonly options: ConnectionLimitOptions;
  private readonly listeners = new Set<LimitedListener>();
  private readonly permits: ConnectionPermits;
  private readonly descriptors = new Watermark();
  private descriptorMax = Number.POSITIVE_INFINITY;
  private evicts = false;
  private live = 0;
  private toldExhausted = false;

  constructor(options: ConnectionLimitOptions) {
    this.options = options;
    this.permits = new ConnectionPermits(options.shared, () => this.update());
  }

  /** Some listener accepts no more for now. */
  get paused(): boolean {
    return [...this.listeners].some(({ gate }) => gate?.isOpen === false);
  }

  configure({ maxConnections = 0, evictOnFull = false }: DataPlaneSettings): void {
    this.evicts = evictOnFull;
    this.permits.configure(maxConnections);
    this.update();
  }

  add(listener: LimitedListener): void {
    this.listeners.add(listener);
    this.tick();
  }

  remove(listener: LimitedListener): void {
    this.listeners.delete(listener);
  }

  /** A connection was accepted. False: there is no room for it. */
  admit(listener: LimitedListener): boolean {
    const { maxConnections, sessions } = listener;
    const room =
      (sessions.size < maxConnections || this.evict([listener], maxConnections)) &&
      (this.live < this.descriptorMax || this.evict(this.listeners, this.descriptorMax)) &&
      (this.permits.hasSpare || this.evict(this.listeners, this.permits.max));
    if (room) this.live++;
    else this.options.counters.connectionsRefused++;
    return room;
  }

  /** The session of an admitted connection is now in its listener's set. */
  opened(listener: LimitedListener): void {
    this.observe(listener);
  }

  closed(listener: LimitedListener): void {
    this.live--;
    this.observe(listener);
  }

  /** Now and then: descriptors or permits may have come free elsewhere. */
  tick(): void {
    this.descriptorMax = clientsThatFit(this.options.descriptorLimit());
    // The limit of a listener may be another one than before.
    for (const listener of this.listeners) this.mark(listener);
    this.update();
  }

  private observe(listener: LimitedListener): void {
    this.mark(listener);
    this.update();
  }

  private mark({ address, sessions, maxConnections, watermark }: LimitedListener): void {
    if (watermark.update(sessions.size, maxConnections)) {
      this.tell(watermark.full, `listener ${address} has ${sessions.size} of ${maxConnections}`);
    }
  }

  private update(): void {
    const { permits, descriptors, live, descriptorMax } = this;
    if (descriptors.update(live, descriptorMax)) {
      this.tell(descriptors.full, `open files (ulimit -n) leave ${live} of ${descriptorMax}`);
    }
    permits.update(live, this.evicts, this.evicts || this.takesMore());
    if (permits.exhausted !== this.toldExhausted) {
      this.toldExhausted = permits.exhausted;
      this.tell(permits.exhausted, `${live} here, of ${permits.max} over all workers`);
    }
    this.turnGates();
  }

  /** As far as this worker's own limits go. */
  private takesMore(): boolean {
    if (this.descriptors.full) return false;
    for (const { watermark } of this.listeners) if (!watermark.full) return true;
    return false;
  }

  private turnGates(): void {
    const { permits } = this;
    // Where nobody is, nobody can make room.
    const evicts = this.evicts && this.live > 0;
    const room = !this.descriptors.full && !permits.exhausted;
    const open = (evicts || room) && !permits.asking;
    for (const { gate, watermark } of this.listeners) {
      if (open && (evicts || !watermark.full)) gate?.open();
      else gate?.close();
    }
  }

  /** Ends what was idle longest. False when nobody may be ended, or nobody is there. */
  private evict(listeners: Iterable<LimitedListener>, limit: number): boolean {
    if (!this.evicts || this.options.isDraining()) return false;
    const sessions = [...listeners].flatMap(listener => [...listener.sessions]);
    const idle = sessions.filter(({ exchange }) => !exchange.active);
    // Of those with a request only as many as the newcomer needs.
    const [candidates, count] = idle.length > 0 ? [idle, evictionRound(limit)] : [sessions, 1];
    for (const session of oldest(candidates, count)) {
      this.options.counters.connectionsEvicted++;
      session.close();
    }
    return candidates.length > 0;
  }

  private tell(full: boolean, what: string): void {
    if (full && !this.evicts) this.options.counters.acceptPauses++;
    const consequence = this.evicts
      ? 'those that were idle longest make room'
      : 'no more are accepted, the next ones wait';
    this.options.emit(
      full
        ? { kind: 'connection-limit-reached', cause: `client connections: ${what}; ${consequence}` }
        : { kind: 'connection-limit-left', cause: `client connections: ${what}; accepting again` },
    );
  }
}

/** Thousands are looked at for each new client of a flood: numbers sort faster than records. */
function oldest(sessions: readonly Evictable[], count: number): readonly Evictable[] {
  const times = Float64Array.from(sessions, ({ exchange }) => exchange.startedAt).sort();
  const limit = times[Math.min(count, times.length) - 1] ?? 0;
  return sessions.filter(({ exchange }) => exchange.startedAt <= limit).slice(0, count);
}
