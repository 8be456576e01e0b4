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
  handleOf,
  type StreamBinding,
  type StreamHandle,
  type WriteRequest,
} from './stream-binding.ts';
import type { Wire } from './wire.ts';

/** More than this waiting makes `write` return false, as with net.Socket. */
const HIGH_WATER_BYTES = 16 * 1024;

export class SocketWire implements Wire {
  private readonly socket: Socket;
  private readonly onDrain: () => void;
  /** Undefined as long as writes have to take the documented way. */
  private direct: StreamBinding | undefined = undefined;
  /** What the kernel left of direct writes. */
  private queuedBytes = 0;
  private needsDrain = false;

  /** `binding`: undefined for the documented way alone. */
  constructor(socket: Socket, onDrain: () => void, binding: StreamBinding | undefined) {
    this.socket = socket;
    this.onDrain = onDrain;
    const begin = (): void => {
      if (canWrite(handleOf(socket))) this.direct = binding;
    };
    if (socket.connecting) socket.once('connect', begin);
    else begin();
    socket.on('drain', onDrain);
  }

  get writableLength(): number {
    return this.queuedBytes + this.socket.writableLength;
  }

  write(bytes: Buffer | string): boolean {
    const { direct, socket } = this;
    const handle = handleOf(socket);
    // A socket without a handle is destroyed: it knows what to do with what is written to it.
    if (direct === undefined || handle === null) {
      return socket.write(typeof bytes === 'string' ? bytes : Buffer.from(bytes), 'latin1');
    }
    if (typeof bytes === 'string') {
      const request = direct.spare();
      const failure = handle.writeLatin1String(request, bytes);
      this.settle(direct, request, failure, bytes);
    } else this.writeLent(direct, handle, bytes);
    return !this.needsDrain;
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
    this.direct = undefined;
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  resetAndDestroy(): void {
    this.socket.resetAndDestroy();
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
    this.needsDrain = this.queuedBytes >= HIGH_WATER_BYTES;
    request.bytes = bytes;
    request.oncomplete = status => {
      this.queuedBytes -= bytes.length;
      if (status < 0) this.fail(status);
      else if (this.queuedBytes === 0 && this.needsDrain) {
        this.needsDrain = false;
        this.onDrain();
      }
    };
  }

  /** As a stream does: the socket is destroyed, and its events tell. */
  private fail(status: number): void {
    const { socket } = this;
    if (socket.destroyed) return;
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
