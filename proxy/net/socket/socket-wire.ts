/**
 * A socket as a wire. What the kernel takes at once, which is nearly everything, goes straight to
 * it: the machinery of streams around a write costs more than what the proxy itself does for a
 * request. What the kernel leaves waits, in order, in the queue that the socket has anyway.
 */
import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';
import {
  canWrite,
  disown,
  handleOf,
  type StreamBinding,
  type StreamHandle,
  type WriteRequest,
} from './stream-binding.ts';
import type { ReleasedWire, Wire } from './wire.ts';

export class SocketWire implements Wire {
  private readonly socket: Socket;
  private readonly onDrain: () => void;
  /** Both undefined as long as writes have to take the documented way. */
  private direct: StreamBinding | undefined = undefined;
  private handle: StreamHandle | undefined = undefined;
  /** What the kernel left of direct writes. */
  private queuedBytes = 0;

  /** `binding`: undefined for the documented way alone. */
  constructor(socket: Socket, onDrain: () => void, binding: StreamBinding | undefined) {
    this.socket = socket;
    this.onDrain = onDrain;
    if (socket.connecting) socket.once('connect', () => this.goDirectly(binding));
    else this.goDirectly(binding);
    socket.on('drain', onDrain);
    // A socket that fails closes its handle by itself, and tells before anybody else has a turn.
    socket.on('error', () => this.goIndirectly());
    socket.on('close', () => this.goIndirectly());
  }

  get writableLength(): number {
    return this.queuedBytes + this.socket.writableLength;
  }

  /** False as soon as anything has to wait: then no more than one write does. */
  write(bytes: Buffer | string): boolean {
    const { direct, handle } = this;
    if (direct === undefined || handle === undefined) {
      return this.socket.write(typeof bytes === 'string' ? bytes : Buffer.from(bytes), 'latin1');
    }
    if (typeof bytes === 'string') {
      const request = direct.spare();
      const failure = handle.writeLatin1String(request, bytes);
      this.settle(direct, request, failure, bytes);
    } else this.writeLent(direct, handle, bytes);
    return this.queuedBytes === 0;
  }

  /** Only what the kernel does not take at once is copied. */
  private writeLent(direct: StreamBinding, handle: StreamHandle, bytes: Buffer): void {
    const taken = this.queuedBytes === 0 ? writeNow(handle, bytes) : 0;
    if (taken === bytes.length) return;
    const rest = Buffer.from(bytes.subarray(taken));
    const request = direct.spare();
    this.settle(direct, request, handle.writeBuffer(request, rest), rest);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Waits for what is queued. */
  end(): void {
    this.goIndirectly();
    this.socket.end();
  }

  destroy(): void {
    this.goIndirectly();
    this.socket.destroy();
  }

  resetAndDestroy(): void {
    this.goIndirectly();
    this.socket.resetAndDestroy();
  }

  release(): ReleasedWire | undefined {
    const handle = handleOf(this.socket);
    if (handle?.readStop === undefined || this.socket.destroyed) return undefined;
    if (this.writableLength > 0 || handle.readStop() !== 0) return undefined;
    this.goIndirectly();
    disown(this.socket);
    return { handle, kept: (handle.bytesRead ?? 0) > 0 };
  }

  private goDirectly(binding: StreamBinding | undefined): void {
    const handle = handleOf(this.socket);
    if (handle === null || !canWrite(handle)) return;
    this.direct = binding;
    this.handle = handle;
  }

  /** From now on the socket may close its handle, and its number may be somebody else's. */
  private goIndirectly(): void {
    this.direct = undefined;
    this.handle = undefined;
  }

  /** What the kernel has not taken waits; `bytes` must live until it has. */
  private settle(
    direct: StreamBinding,
    request: WriteRequest,
    failure: number,
    bytes: Buffer | string,
  ): void {
    if (failure !== 0) this.fail(failure);
    else if (direct.lastWriteWasAsync()) this.queue(direct, request, bytes);
  }

  private queue(direct: StreamBinding, request: WriteRequest, bytes: Buffer | string): void {
    direct.useSpare();
    this.queuedBytes += bytes.length;
    request.bytes = bytes;
    request.oncomplete = status => {
      this.queuedBytes -= bytes.length;
      if (status < 0) this.fail(status);
      else if (this.queuedBytes === 0) this.onDrain();
    };
  }

  /** As a stream does: the socket is destroyed, and its events tell. */
  private fail(status: number): void {
    const { socket } = this;
    if (socket.destroyed) return;
    this.goIndirectly();
    const code = getSystemErrorName(status);
    socket.destroy(Object.assign(new Error(`write ${code}`), { code, syscall: 'write' }));
  }
}

/** How much of it the kernel took. Why it took nothing, the next write of the socket finds out. */
function writeNow({ fd }: StreamHandle, bytes: Buffer): number {
  if (fd === undefined || fd < 0) return 0;
  try {
    return writeSync(fd, bytes);
  } catch {
    return 0;
  }
}
