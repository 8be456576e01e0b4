/** One established connection to a backend, lent to one session at a time. */
import type { Socket } from 'node:net';
import type { BackendRuntime } from '../balancing/backend-runtime.ts';

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
}

export class UpstreamConnection {
  readonly backend: BackendRuntime;
  readonly socket: Socket;
  user: UpstreamUser | undefined = undefined;
  /** The beginning of an answer head that is not complete. */
  partial: Buffer | undefined = undefined;
  /** It has carried a request before: the backend may be closing it right now. */
  reused = false;
  ended = false;

  private readonly onIdleTrouble: UpstreamTrouble;

  constructor(backend: BackendRuntime, socket: Socket, onIdleTrouble: UpstreamTrouble) {
    this.backend = backend;
    this.onIdleTrouble = onIdleTrouble;
    this.socket = socket;
    socket.on('end', () => {
      this.ended = true;
      if (this.user === undefined) onIdleTrouble(this);
      else this.user.onUpstreamEnd(this);
    });
    socket.on('close', () => {
      this.ended = true;
      if (this.user === undefined) onIdleTrouble(this);
      else this.user.onUpstreamClosed(this);
    });
    socket.on('drain', () => this.user?.onUpstreamDrain());
  }

  onBytes(bytes: Buffer, end: number): void {
    if (this.user === undefined) this.onIdleTrouble(this);
    else this.user.onUpstreamBytes(this, bytes, end);
  }

  /** False: wait for `onUpstreamDrain`. */
  write(bytes: Buffer | string): boolean {
    return this.socket.write(bytes, 'latin1') || this.socket.writableLength === 0;
  }

  destroy(): void {
    this.user = undefined;
    this.socket.destroy();
  }
}

/** Bytes or an end on a connection that nobody uses: it must not be lent again. */
export type UpstreamTrouble = (connection: UpstreamConnection) => void;
