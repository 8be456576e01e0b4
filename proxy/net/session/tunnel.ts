/**
 * What a session becomes after a 101: bytes both ways, whatever they mean. Each side is held back
 * while the other does not take what it sent, and may end its direction alone.
 *
 *     client ──▶ consume ──────────▶ upstream        upstream.blocked: the client is not read
 *            ◀── onUpstreamBytes ◀──                  client.blocked: the backend is not read
 */

import type { UpstreamConnection, UpstreamUser } from '../upstream/upstream-connection.ts';
import type { UpstreamLease } from '../upstream/upstream-lease.ts';
import type { ClientStream, ClientUser } from './client-stream.ts';
import type { Deadlines } from './deadlines.ts';
import type { Exchange } from './exchange.ts';

/** The session around it, which alone ends things. */
export interface TunnelUser {
  readonly client: ClientStream;
  readonly exchange: Exchange;
  readonly upstream: UpstreamLease;
  readonly deadlines: Deadlines;
  send(bytes: Buffer): void;
  /**
   * The backend's side is gone. `ended`: it had said all it wanted to say. `complete`: so had the
   * client.
   */
  onTunnelEnd(ended: boolean, complete: boolean): void;
}

export class Tunnel implements ClientUser, UpstreamUser {
  private readonly session: TunnelUser;
  private readonly connection: UpstreamConnection;
  /** The client's end was passed on. */
  private clientDone = false;
  private backendDone = false;

  constructor(session: TunnelUser, connection: UpstreamConnection) {
    this.session = session;
    this.connection = connection;
    session.client.user = this;
    connection.user = this;
  }

  consume(bytes: Buffer, at: number, end: number): number {
    const { upstream, exchange, deadlines } = this.session;
    if (upstream.blocked) return at;
    upstream.write(bytes.subarray(at, end));
    exchange.bytesIn += end - at;
    deadlines.tunnelMoved();
    return end;
  }

  wantsBytes(): boolean {
    return !this.session.upstream.blocked && this.session.client.carry === undefined;
  }

  /** Passes the client's end on once everything before it has been. */
  settle(): void {
    const { client } = this.session;
    if (!client.ended || this.clientDone || client.carry !== undefined) return;
    this.clientDone = true;
    this.connection.wire.end();
  }

  onUnwantedBytes(): void {}

  /** The client is gone, but what it sent is still on its way and it ended in order. */
  isStillSending(): boolean {
    return this.clientDone && !this.connection.ended && this.connection.wire.writableLength > 0;
  }

  /** The client is gone: a backend must not take what it got for all that there was. */
  abort(): void {
    if (!this.clientDone && !this.connection.ended) this.connection.wire.resetAndDestroy();
  }

  onUpstreamBytes(_connection: UpstreamConnection, bytes: Buffer, end: number): void {
    this.session.send(bytes.subarray(0, end));
    this.session.deadlines.tunnelMoved();
  }

  onUpstreamDrain(): void {
    this.session.upstream.blocked = false;
    this.session.deadlines.tunnelMoved();
    this.session.client.pump();
  }

  onUpstreamEnd(): void {
    this.backendDone = true;
    this.session.client.finish();
  }

  onUpstreamClosed(): void {
    this.session.onTunnelEnd(this.backendDone, this.backendDone && this.clientDone);
  }

  /** Silence is no fault here. */
  onBackendGone(): void {}

  onBackendMute(): void {}
}
