/** The connection that a session has been lent, if any, and the counts that go with it. */
import type { Listener } from '../../command/requests.ts';
import type { DataPlaneView } from '../session/data-plane-view.ts';
import { HeldAnswer } from '../session/held-answer.ts';
import { TICK_MS } from '../socket/timer-wheel.ts';
import { connectPatienceMs, presenceAfterMs } from './presence-check.ts';
import type { UpstreamConnection, UpstreamUser } from './upstream-connection.ts';

const NOTHING = Buffer.alloc(0);

export class UpstreamLease {
  connection: UpstreamConnection | undefined = undefined;
  /** The backend takes no more for now; its user is told when it does. */
  blocked = false;
  /** How long the backend has been silent, as far as the deadlines that passed tell. */
  silentForMs = 0;
  /** Of the backend, when it got the request. */
  private answersBefore = 0;
  /** An answer that is relayed when nobody gives a better one. */
  held: HeldAnswer | undefined = undefined;
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
    this.answersBefore = connection.backend.answersTotal;
  }

  write(bytes: Buffer | string): void {
    if (this.connection !== undefined) this.blocked = !this.connection.write(bytes);
  }

  /** How long the backend may be silent before it is asked whether it is there. */
  patienceMs({ backTimeoutMs, connectTimeoutMs }: Listener): number {
    return Math.min(presenceAfterMs(connectTimeoutMs), backTimeoutMs - this.silentForMs);
  }

  /**
   * The patience is over, and has been for `lateMs`: asks. False when the back timeout is over as
   * well; many late questions must not add up to a late end.
   */
  ask(listener: Listener, lateMs: number): boolean {
    const { connection } = this;
    // The first question comes a tick later: the deadline was moved with every byte before it.
    const delayMs = this.silentForMs === 0 ? TICK_MS : 0;
    this.silentForMs += this.patienceMs(listener) + lateMs + delayMs;
    if (connection === undefined || this.silentForMs >= listener.backTimeoutMs) return false;
    const { backend } = connection;
    if (backend.answersTotal === this.answersBefore) backend.isMute = true;
    this.view.presence.ask(connection, connectPatienceMs(listener.connectTimeoutMs));
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

  /** Keeps the connection and its answer while another backend is asked. */
  hold(): void {
    const { connection } = this;
    if (connection === undefined) return;
    this.dropHeld();
    const bytes = connection.partial ?? NOTHING;
    connection.partial = undefined;
    this.held = new HeldAnswer(connection, bytes);
    this.connection = undefined;
    this.blocked = false;
    this.paused = false;
  }

  /** Takes the held answer for want of a better one. */
  takeHeld(user: UpstreamUser): void {
    const { held } = this;
    this.end(false);
    this.held = undefined;
    this.connection = held?.connection;
    held?.replay(user);
  }

  dropHeld(): void {
    const { held } = this;
    if (held === undefined) return;
    this.held = undefined;
    this.giveBack(held.connection, false);
  }

  /** `reusable`: the answer was complete, and the next request may go out on the connection. */
  end(reusable: boolean): void {
    const { connection } = this;
    if (connection === undefined) return;
    this.resume();
    this.connection = undefined;
    this.blocked = false;
    this.giveBack(connection, reusable);
  }

  private giveBack(connection: UpstreamConnection, reusable: boolean): void {
    connection.user = undefined;
    connection.backend.activeRequests--;
    if (connection.isTrial) this.view.outcomes.trialEnded(connection);
    if (reusable) this.view.upstreams.release(connection);
    else connection.destroy();
    this.view.requestEnded(connection.backend);
  }
}
