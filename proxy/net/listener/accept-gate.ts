/**
 * Stops and resumes the accepting of connections while the socket goes on listening: they wait in
 * the kernel's queue, where another worker that shares it may take them. Node has no call for that.
 * But a listening handle polls for connections exactly as a connected one polls for bytes, so the
 * stream's `readStop` and `readStart` do it; libuv accepts one connection per turn of the loop, so
 * it holds at once. A handle of this process's own making has no `readStart` to offer, nor has
 * one on Windows: then what is too much has to be accepted and closed.
 */
import type { Server } from 'node:net';

interface PollingHandle {
  /** 0, or an error number. */
  readStart?(): number;
  readStop?(): number;
}

export class AcceptGate {
  isOpen = true;
  private readonly handle: PollingHandle | undefined;

  /** `server` listens. */
  constructor(server: Server) {
    const { _handle: handle } = server as unknown as { _handle: PollingHandle | null };
    this.handle = handle !== null && handle.readStart?.() === 0 ? handle : undefined;
  }

  /** Closing it has an effect. */
  get works(): boolean {
    return this.handle !== undefined;
  }

  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.handle?.readStart?.();
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.handle?.readStop?.();
  }
}
