/** One connection to a backend, from the dialing on; lent to one session at a time. */
import type { BackendRuntime } from '../../balancing/backend-runtime.ts';
import type { Wire } from '../socket/wire.ts';
import type { Dial, WireUser } from './dialer.ts';
import type { ConnectAttempt } from './upstream-pool.ts';

/** The session that a connection is lent to. */
export interface UpstreamUser {
  /** The bytes up to `end` are lent for the time of this call. */
  onUpstreamBytes(connection: UpstreamConnection, bytes: Buffer, end: number): void;
  /** The backend will send no more; it did so in order. */
  onUpstreamEnd(connection: UpstreamConnection): void;
  /** The connection is gone. */
  onUpstreamClosed(connection: UpstreamConnection): void;
  onUpstreamDrain(): void;
  /** The backend was asked whether it is there, and it is not. */
  onBackendGone(connection: UpstreamConnection): void;
  /** Others waited for this backend in vain: it accepts, and does not answer. */
  onBackendMute(connection: UpstreamConnection): void;
}

/** Whom a connection belongs to, lent or not. */
export interface ConnectionOwner {
  onConnected(attempt: ConnectAttempt): void;
  onConnectError(attempt: ConnectAttempt, code: string | undefined): void;
  /** Bytes or an end on a connection that nobody uses: it must not be lent again. */
  onIdleTrouble(connection: UpstreamConnection): void;
  onGone(connection: UpstreamConnection): void;
}

export class UpstreamConnection implements WireUser {
  readonly backend: BackendRuntime;
  readonly wire: Wire;
  /** As long as the connect is under way. */
  attempt: ConnectAttempt | undefined = undefined;
  user: UpstreamUser | undefined = undefined;
  /** The beginning of an answer head that is not complete. */
  partial: Buffer | undefined = undefined;
  /** It has carried a request before: the backend may be closing it right now. */
  reused = false;
  /** It carries the one request that an open breaker lets through. */
  isTrial = false;
  ended = false;
  /** When it was given back last, on the coarse clock. */
  idleSince = 0;

  private readonly owner: ConnectionOwner;

  constructor(backend: BackendRuntime, dial: Dial, owner: ConnectionOwner) {
    this.backend = backend;
    this.owner = owner;
    this.wire = dial(backend.address, this);
  }

  onConnect(): void {
    if (this.attempt !== undefined) this.owner.onConnected(this.attempt);
  }

  onError(code: string | undefined): void {
    // The errors of an established connection are told by its close.
    if (this.attempt !== undefined) this.owner.onConnectError(this.attempt, code);
  }

  onBytes(bytes: Buffer, end: number): void {
    if (this.user === undefined) this.owner.onIdleTrouble(this);
    else this.user.onUpstreamBytes(this, bytes, end);
  }

  onDrain(): void {
    this.user?.onUpstreamDrain();
  }

  onEnd(): void {
    this.ended = true;
    if (this.user === undefined) this.owner.onIdleTrouble(this);
    else this.user.onUpstreamEnd(this);
  }

  onClose(): void {
    this.ended = true;
    this.owner.onGone(this);
    if (this.user === undefined) this.owner.onIdleTrouble(this);
    else this.user.onUpstreamClosed(this);
  }

  /** False: wait for `onUpstreamDrain`. */
  write(bytes: Buffer | string): boolean {
    return this.wire.write(bytes, 'latin1') || this.wire.writableLength === 0;
  }

  destroy(): void {
    this.user = undefined;
    this.wire.destroy();
  }
}
