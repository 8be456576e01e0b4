/**
 * A socket that reads what has come before it dies of a failed write. A server may answer before it
 * has the whole request and then reset the connection (RFC 9112 §9.6 asks it not to, many do). The
 * answer waits in the kernel; Node alone would drop it at the first write that fails.
 */
import { Socket } from 'node:net';

export class ReadingSocket extends Socket {
  /** Why it is about to be destroyed. */
  private failure: Error | undefined = undefined;

  override destroy(error?: Error): this {
    if (error === undefined || !isWriteError(error)) return super.destroy(error);
    // Later writes fail as the first one did.
    if (this.failure === undefined) {
      this.failure = error;
      if (!this.isPaused()) this.destroySoonAfterReading();
    }
    return this;
  }

  override resume(): this {
    if (this.failure !== undefined) this.destroySoonAfterReading();
    return super.resume();
  }

  /** The second turn of the event loop has asked the kernel; a failed read has destroyed it by then. */
  private destroySoonAfterReading(): void {
    setImmediate(() => setImmediate(() => super.destroy(this.failure)));
  }
}

function isWriteError(error: NodeJS.ErrnoException): boolean {
  return error.syscall === 'write';
}
