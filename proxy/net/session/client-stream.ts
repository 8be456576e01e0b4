/** The client's end of a session: what it sent and is not used yet, and what it still has to take. */
import { LF } from '../../http1/bytes.ts';
import { MAX_REQUEST_LINE } from '../../http1/head-limits.ts';
import { joined, ownCopy } from '../../http1/lent-bytes.ts';
import type { ReleasedWire, Wire } from '../socket/wire.ts';

/** Who uses the bytes of the client. */
export interface ClientUser {
  /** Uses some; the offset behind them, or `at` when all of it has to wait. */
  consume(bytes: Buffer, at: number, end: number): number;
  /** May more be read? */
  wantsBytes(): boolean;
  /** Whatever could be used has been. */
  settle(): void;
  /** Bytes came that nobody wants. */
  onUnwantedBytes(): void;
}

export class ClientStream {
  /** Received and not used yet: part of a head, or requests that wait for their turn. */
  carry: Buffer | undefined = undefined;
  /** What is kept is a head, and without another line end there is no need to scan it again. */
  needsLine = false;
  /** `consume` is running, or is about to be called again. */
  feeding = false;
  /** The client will send no more. */
  ended = false;
  /** The client takes no more for now. */
  blocked = false;
  /** Nothing that the client may still send matters. */
  private deaf = false;
  private reading = true;
  /** A tunnel takes the place of the session here. */
  user: ClientUser;
  private readonly wire: Wire;

  constructor(wire: Wire, user: ClientUser) {
    this.wire = wire;
    this.user = user;
  }

  /** The bytes up to `end` are lent for the time of this call. */
  onBytes(bytes: Buffer, end: number): void {
    if (this.deaf) {
      this.user.onUnwantedBytes();
      return;
    }
    const { carry } = this;
    if (carry === undefined) {
      this.feed(bytes, end);
      return;
    }
    const all = joined(carry, bytes, end);
    this.carry = undefined;
    const pointless = this.needsLine && all.indexOf(LF, carry.length) < 0;
    if (pointless && all.length <= MAX_REQUEST_LINE) this.carry = all;
    else this.feed(all, all.length);
  }

  /** Goes on with what was kept, now that there may be room for it. */
  pump(): void {
    const { carry } = this;
    this.carry = undefined;
    if (carry === undefined) this.updateReading();
    else this.feed(carry, carry.length);
  }

  updateReading(): void {
    const wanted = this.deaf || this.user.wantsBytes();
    if (wanted === this.reading) return;
    this.reading = wanted;
    if (wanted) this.wire.resume();
    else this.wire.pause();
  }

  /** False: the client has to take some first. */
  send(bytes: Buffer | string): boolean {
    if (this.wire.write(bytes, 'latin1') || this.wire.writableLength === 0) return true;
    this.blocked = true;
    return false;
  }

  /** Nothing more will be sent; what was sent still arrives. */
  finish(): void {
    this.wire.end();
  }

  /** As `finish`, and what the client still sends is read and dropped. */
  end(): void {
    this.deaf = true;
    this.carry = undefined;
    this.wire.end();
    this.updateReading();
  }

  /** Gives the connection away, if nothing is on its way in or out here. */
  release(): ReleasedWire | undefined {
    if (this.carry !== undefined || this.ended || this.blocked) return undefined;
    return this.wire.release?.();
  }

  /** `complete`: nothing is missing, so the end need not look like a fault. */
  destroy(complete: boolean): void {
    this.deaf = true;
    this.reading = true;
    this.carry = undefined;
    if (complete) this.wire.destroy();
    else this.wire.resetAndDestroy();
  }

  private feed(bytes: Buffer, end: number): void {
    this.feeding = true;
    this.needsLine = false;
    let at = 0;
    while (at < end) {
      const used = this.user.consume(bytes, at, end);
      if (used === at) break;
      at = used;
    }
    this.feeding = false;
    if (this.deaf) return;
    if (at < end) this.carry = ownCopy(bytes, at, end);
    this.updateReading();
    this.user.settle();
  }
}
