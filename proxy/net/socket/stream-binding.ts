/**
 * The part of Node that net.Socket itself writes with. It is not documented, so it is looked at
 * before it is used: where it is not as expected, sockets are written to in the documented way.
 */
import type { Socket } from 'node:net';

/** One write; it lives on when the kernel could not take all of it at once. */
export interface WriteRequest {
  /** Called when it is done; 0 or a negative error number. */
  oncomplete?: (status: number) => void;
  /** What it writes: nobody else may keep that alive. */
  bytes?: Buffer | string;
}

/** The native side of a socket. */
export interface StreamHandle {
  /** -1 or absent where sockets are no files. */
  readonly fd?: number;
  writeLatin1String(request: WriteRequest, text: string): number;
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
  /** 0, or an error number. */
  readStop?(): number;
  readonly bytesRead?: number;
  close(): void;
}

export interface StreamBinding {
  /** The request for the next write; it is as new when the kernel took everything. */
  spare(): WriteRequest;
  /** Of the last write on any handle: did the kernel leave some of it? */
  lastWriteWasAsync(): boolean;
  /** The kernel did: the request is no longer spare. */
  useSpare(): void;
}

interface Internals {
  readonly WriteWrap: new () => WriteRequest;
  readonly streamBaseState: Int32Array;
  readonly kLastWriteWasAsync: number;
}

interface WithBinding {
  /** Documented as deprecated, for want of anything better; not typed. */
  readonly binding?: (name: string) => Partial<Internals>;
}

class Binding implements StreamBinding {
  private readonly newRequest: Internals['WriteWrap'];
  private readonly state: Int32Array;
  private readonly asyncIndex: number;
  private request: WriteRequest;

  constructor(newRequest: Internals['WriteWrap'], state: Int32Array, asyncIndex: number) {
    this.newRequest = newRequest;
    this.state = state;
    this.asyncIndex = asyncIndex;
    this.request = new newRequest();
  }

  spare(): WriteRequest {
    return this.request;
  }

  lastWriteWasAsync(): boolean {
    return this.state[this.asyncIndex] !== 0;
  }

  useSpare(): void {
    this.request = new this.newRequest();
  }
}

export const streamBinding: StreamBinding | undefined = findBinding();

function findBinding(): StreamBinding | undefined {
  try {
    const found = (process as WithBinding).binding?.('stream_wrap') ?? {};
    const { WriteWrap, streamBaseState: state, kLastWriteWasAsync: index } = found;
    if (WriteWrap === undefined || state === undefined || index === undefined) return undefined;
    return new Binding(WriteWrap, state, index);
  } catch {
    return undefined;
  }
}

/** Of a connected TCP socket; null once it is destroyed. */
export function handleOf(socket: Socket): StreamHandle | null {
  return (socket as unknown as { readonly _handle: StreamHandle | null })._handle;
}

/** The socket has no native side any more; whoever took it closes it. */
export function disown(socket: Socket): void {
  (socket as unknown as { _handle: StreamHandle | null })._handle = null;
}

export function canWrite(handle: StreamHandle): boolean {
  return typeof handle.writeLatin1String === 'function' && typeof handle.writeBuffer === 'function';
}
