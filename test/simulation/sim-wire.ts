/**
 * A TCP connection in memory: two ends, latency, pieces of any size, back-pressure, order, FIN and
 * RST. What `net.Socket` would forbid or lose is forbidden or lost here too.
 */

import type { Wire } from '../../proxy/net/socket/wire.ts';
import type { WireUser } from '../../proxy/net/upstream/dialer.ts';
import type { Chance } from './chance.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What the kernels between two ends hold before a writer has to wait. */
const IN_FLIGHT_BYTES = 48 * 1024;
/** As `net.Socket`: more than this waiting in user space makes `write` return false. */
const HIGH_WATER_BYTES = 16 * 1024;

export type EndUser = Omit<WireUser, 'onConnect'>;

/** How long it may take until the other side sends something: what got lost, or a probe. */
const LONGEST_TO_RESET_MS = 3_000;

/** Every read is lent: what somebody keeps of it turns to this. */
const GARBAGE = 0xa5;

export class SimWire implements Wire {
  peer: SimWire | undefined = undefined;
  user: EndUser;
  private readonly time: VirtualTime;
  private readonly chance: Chance;
  private readonly latencyMs: number;
  /** Ends its own side when the other side has ended, as a socket does without `allowHalfOpen`. */
  private readonly endsWithPeer: boolean;
  /** Written and not yet taken by the kernel. */
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  /** Arrived and not yet read. */
  private inbox: Buffer[] = [];
  private inboxBytes = 0;
  /** Sent and neither read nor lost. */
  private flyingBytes = 0;
  private paused = false;
  private needsDrain = false;
  private endWritten = false;
  private finArrived = false;
  private endTold = false;
  private destroyed = false;
  private reading = false;
  /** Nothing written arrives any more, and nobody is told. */
  private swallowing = false;

  constructor(
    time: VirtualTime,
    chance: Chance,
    latencyMs: number,
    user: EndUser,
    endsWithPeer: boolean,
  ) {
    this.time = time;
    this.chance = chance;
    this.latencyMs = latencyMs;
    this.user = user;
    this.endsWithPeer = endsWithPeer;
  }

  get writableLength(): number {
    return this.waitingBytes;
  }

  get isClosed(): boolean {
    return this.destroyed;
  }

  write(data: Buffer | string): boolean {
    if (this.destroyed) return false;
    if (this.endWritten) throw new Error('write after end');
    // Lent: what waits here is a copy.
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data);
    if (bytes.length === 0) return true;
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    this.flush();
    if (this.waitingBytes < HIGH_WATER_BYTES) return true;
    this.needsDrain = true;
    return false;
  }

  end(): void {
    if (this.destroyed || this.endWritten) return;
    this.endWritten = true;
    this.flush();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.time.after(0, () => this.readInbox());
  }

  /** What the other side sent and nobody read makes the kernel answer with a reset. */
  destroy(): void {
    if (this.destroyed) return;
    const reset = this.inboxBytes > 0 || this.flyingBytes > 0;
    const { waiting } = this;
    this.closeOwnSide();
    if (this.swallowing) return;
    if (reset || waiting.length > 0) this.arrive(() => this.peer?.reset());
    else this.arrive(() => this.peer?.onFin());
  }

  resetAndDestroy(): void {
    if (this.destroyed) return;
    this.closeOwnSide();
    if (!this.swallowing) this.arrive(() => this.peer?.reset());
  }

  get isLost(): boolean {
    return this.swallowing;
  }

  /** The network between both ends is gone. */
  loseTouch(): void {
    this.swallowing = true;
    if (this.peer !== undefined) this.peer.swallowing = true;
  }

  /**
   * This end's machine is there again and knows nothing of the connection: whatever is sent to it is
   * answered with a reset (RFC 9293 §3.10.7.1), be it a repetition of what was lost or a probe.
   */
  comeBackAsStranger(): void {
    const { peer } = this;
    this.swallowing = false;
    this.closeOwnSide();
    if (peer === undefined) return;
    peer.swallowing = false;
    this.time.after(this.chance.between(0, LONGEST_TO_RESET_MS), () => peer.reset());
  }

  private closeOwnSide(): void {
    // `onClose` may come twice for an end that was closed while it was lost; its user forgets once.
    this.destroyed = true;
    this.waiting = [];
    this.inbox = [];
    this.time.after(0, () => this.user.onClose());
  }

  private flush(): void {
    const { peer } = this;
    if (peer === undefined) return;
    while (this.waiting.length > 0 && peer.flyingBytes < IN_FLIGHT_BYTES) {
      const piece = this.nextPiece(IN_FLIGHT_BYTES - peer.flyingBytes);
      peer.flyingBytes += piece.length;
      if (!this.swallowing) this.arrive(() => peer.onArrived(piece));
    }
    if (this.waiting.length > 0) return;
    if (this.needsDrain) {
      this.needsDrain = false;
      this.time.after(0, () => {
        if (!this.destroyed) this.user.onDrain();
      });
    }
    if (!this.endWritten) return;
    if (!this.swallowing) this.arrive(() => peer.onFin());
    if (this.endTold) this.time.after(0, () => this.closeWhenBothEnded());
  }

  private nextPiece(room: number): Buffer {
    const [first = Buffer.alloc(0)] = this.waiting;
    const most = Math.min(first.length, room);
    const size = this.chance.hits(0.3) ? this.chance.between(1, most) : most;
    if (size === first.length) this.waiting.shift();
    else this.waiting[0] = first.subarray(size);
    this.waitingBytes -= size;
    // The bytes leave user space now: later changes of the writer's buffer do not count.
    return Buffer.from(first.subarray(0, size));
  }

  /** All arrivals take the same time, so their order stays. */
  private arrive(action: () => void): void {
    this.time.after(this.latencyMs, action);
  }

  private onArrived(piece: Buffer): void {
    if (this.destroyed) {
      this.flyingBytes -= piece.length;
      // Data for a closed socket is answered with a reset.
      this.arrive(() => this.peer?.reset());
      return;
    }
    this.inbox.push(piece);
    this.inboxBytes += piece.length;
    this.readInbox();
  }

  private onFin(): void {
    if (this.finArrived) return;
    this.finArrived = true;
    this.readInbox();
  }

  private reset(): void {
    if (this.destroyed) return;
    this.closeOwnSide();
    this.user.onError('ECONNRESET');
  }

  private readInbox(): void {
    if (this.reading) return;
    this.reading = true;
    while (!this.paused && !this.destroyed && this.inbox.length > 0) {
      const piece = this.inbox.shift() as Buffer;
      this.inboxBytes -= piece.length;
      this.flyingBytes -= piece.length;
      this.user.onBytes(piece, piece.length);
      piece.fill(GARBAGE);
      this.peer?.flush();
    }
    this.reading = false;
    const mayEnd = this.finArrived && this.inbox.length === 0 && !this.paused && !this.destroyed;
    if (mayEnd && !this.endTold) this.tellEnd();
  }

  private tellEnd(): void {
    this.endTold = true;
    this.user.onEnd();
    if (this.destroyed) return;
    if (this.endsWithPeer) this.end();
    this.time.after(0, () => this.closeWhenBothEnded());
  }

  private closeWhenBothEnded(): void {
    if (!this.destroyed && this.endWritten && this.waiting.length === 0) this.closeOwnSide();
  }
}

/** Two ends that belong together. */
export function connectEnds(one: SimWire, other: SimWire): void {
  one.peer = other;
  other.peer = one;
}
