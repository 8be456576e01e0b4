/** The connection that a session has been lent, if any, and the counts that go with it. */
import type { Listener } from '../command/requests.ts';
import type { DataPlaneView } from './data-plane-view.ts';
import { PRESENCE_AFTER_MS } from './presence-check.ts';
import type { UpstreamConnection, UpstreamUser } from './upstream-connection.ts';

export class UpstreamLease {
  connection: UpstreamConnection | undefined = undefined;
  /** The backend takes no more for now; its user is told when it does. */
  blocked = false;
  /** How long the backend has been silent, as far as the deadlines that passed tell. */
  silentForMs = 0;
  private readonly view: DataPlaneView;
  private paused = false;

  constructor(view: DataPlaneView) {
    this.view = view;
  }

  take(connection: UpstreamConnection, user: UpstreamUser): void {
    this.connection = connection;
    this.blocked = false;
    this.paused = false;
    connection.user = user;
    connection.backend.activeRequests++;
    connection.backend.requestsTotal++;
  }

  write(bytes: Buffer | string): void {
    if (this.connection !== undefined) this.blocked = !this.connection.write(bytes);
  }

  /** How long the backend may be silent before it is asked whether it is there. */
  patienceMs(backTimeoutMs: number): number {
    return Math.min(PRESENCE_AFTER_MS, backTimeoutMs - this.silentForMs);
  }

  /** The patience is over: asks. False when the back timeout is over as well. */
  ask({ backTimeoutMs, connectTimeoutMs }: Listener): boolean {
    this.silentForMs += this.patienceMs(backTimeoutMs);
    if (this.connection === undefined || this.silentForMs >= backTimeoutMs) return false;
    this.view.presence.ask(this.connection, connectTimeoutMs);
    return true;
  }

  /** Reads no more of the answer until `resume`. */
  pause(): void {
    this.paused = this.connection !== undefined;
    this.connection?.wire.pause();
  }

  resume(): void {
    if (this.paused) this.connection?.wire.resume();
    this.paused = false;
  }

  /** `reusable`: the answer was complete, and the next request may go out on the connection. */
  end(reusable: boolean): void {
    const { connection } = this;
    if (connection === undefined) return;
    this.resume();
    this.connection = undefined;
    this.blocked = false;
    connection.user = undefined;
    connection.backend.activeRequests--;
    if (reusable) this.view.upstreams.release(connection);
    else connection.destroy();
    this.view.requestEnded(connection.backend);
  }
}
