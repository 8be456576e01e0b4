/**
 * A 502, 503 or 504 of a backend, kept while another backend is asked: nobody has seen it, and it
 * is relayed after all when nobody does better.
 */
import type { UpstreamConnection, UpstreamUser } from '../upstream/upstream-connection.ts';

export class HeldAnswer implements UpstreamUser {
  readonly connection: UpstreamConnection;
  private bytes: Buffer;
  private ending: 'none' | 'in-order' | 'closed' = 'none';

  /** `bytes`: from the beginning of the answer on. */
  constructor(connection: UpstreamConnection, bytes: Buffer) {
    this.connection = connection;
    this.bytes = bytes;
    connection.user = this;
    connection.wire.pause();
  }

  /** To the one who has it now: all that came, and how it ended if it did. */
  replay(user: UpstreamUser): void {
    const { connection, bytes, ending } = this;
    connection.user = user;
    connection.wire.resume();
    user.onUpstreamBytes(connection, bytes, bytes.length);
    // The user may have had enough of it.
    if (connection.user !== user) return;
    if (ending === 'in-order') user.onUpstreamEnd(connection);
    else if (ending === 'closed') user.onUpstreamClosed(connection);
  }

  onUpstreamBytes(_: UpstreamConnection, bytes: Buffer, end: number): void {
    this.bytes = Buffer.concat([this.bytes, bytes.subarray(0, end)]);
  }

  onUpstreamEnd(): void {
    this.ending = 'in-order';
  }

  onUpstreamClosed(): void {
    if (this.ending === 'none') this.ending = 'closed';
  }

  onUpstreamDrain(): void {}
  onBackendGone(): void {}
  onBackendMute(): void {}
}
