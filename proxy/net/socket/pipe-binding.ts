/**
 * The native pipe below node:child_process's own channel, which can send sockets along. Looked at
 * before it is used: where it is not as expected, nothing can be handed over, and that is said.
 */
import type { Socket } from 'node:net';
import { HERE } from '../../shared/platform.ts';
import type { SocketHandle } from './wire.ts';

export interface PipeHandle {
  read(onBytes: (bytes: Buffer, handle: SocketHandle | undefined) => void, onEnd: () => void): void;
  /** False: the connection is gone. */
  write(text: string, handle: SocketHandle | undefined): boolean;
  close(): void;
}

export interface HandOverBinding {
  /** Undefined when nobody listens there. */
  connect(path: string): Promise<PipeHandle | undefined>;
  /** Takes the connection of a paused socket of a server over. */
  accepted(socket: Socket): PipeHandle | undefined;
}

interface NativePipe {
  onread: (bytes: ArrayBuffer | undefined) => void;
  pendingHandle: SocketHandle | null;
  open(fd: number): number | undefined;
  connect(request: object, path: string): number | undefined;
  readStart(): number;
  writeUtf8String(request: object, text: string, handle?: SocketHandle): number;
  close(): void;
}

interface Internals {
  readonly Pipe: new (type: number) => NativePipe;
  readonly PipeConnectWrap: new () => { oncomplete?: (status: number) => void };
  readonly constants: { readonly IPC: number };
  readonly WriteWrap: new () => { oncomplete?: () => void; handle?: SocketHandle | undefined };
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
  readonly kArrayBufferOffset: number;
}

interface WithBinding {
  /** Documented as deprecated, for want of anything better; not typed. */
  readonly binding?: (name: string) => Partial<Internals>;
}

let found: HandOverBinding | undefined | 'unknown' = 'unknown';

/** Undefined where this Node cannot do it; on Windows it never can. */
export function handOverBinding(): HandOverBinding | undefined {
  if (found === 'unknown') {
    const internals = HERE === 'win32' ? undefined : findInternals();
    found = internals === undefined ? undefined : new Binding(internals);
  }
  return found;
}

function findInternals(): Internals | undefined {
  try {
    const { binding } = process as WithBinding;
    const all = { ...binding?.('pipe_wrap'), ...binding?.('stream_wrap') };
    const isThere =
      typeof all.Pipe === 'function' &&
      typeof all.PipeConnectWrap === 'function' &&
      typeof all.WriteWrap === 'function' &&
      typeof all.constants?.IPC === 'number' &&
      all.streamBaseState !== undefined &&
      all.kReadBytesOrError !== undefined &&
      all.kArrayBufferOffset !== undefined;
    return isThere ? (all as Internals) : undefined;
  } catch {
    return undefined;
  }
}

class Binding implements HandOverBinding {
  readonly #internals: Internals;
  /** The server's own handles of connections that were taken over: closing one would close both. */
  readonly #kept = new Set<object>();

  constructor(internals: Internals) {
    this.#internals = internals;
  }

  connect(path: string): Promise<PipeHandle | undefined> {
    const { Pipe, PipeConnectWrap, constants } = this.#internals;
    return new Promise(resolve => {
      const pipe = new Pipe(constants.IPC);
      const settle = (status: number): void => {
        if (status === 0) resolve(this.#wrap(pipe));
        else {
          pipe.close();
          resolve(undefined);
        }
      };
      const request = new PipeConnectWrap();
      request.oncomplete = settle;
      const failure = pipe.connect(request, path) ?? 0;
      if (failure !== 0) settle(failure);
    });
  }

  accepted(socket: Socket): PipeHandle | undefined {
    const { Pipe, constants } = this.#internals;
    const owner = socket as unknown as { _handle: { readonly fd?: number } | null };
    const { _handle: handle } = owner;
    const pipe = new Pipe(constants.IPC);
    if (handle?.fd === undefined || handle.fd < 0 || (pipe.open(handle.fd) ?? 0) !== 0) {
      return undefined;
    }
    owner._handle = null;
    this.#kept.add(handle);
    return this.#wrap(pipe);
  }

  #wrap(pipe: NativePipe): PipeHandle {
    const { WriteWrap, streamBaseState, kReadBytesOrError, kArrayBufferOffset } = this.#internals;
    pipe.pendingHandle = null;
    return {
      read: (onBytes, onEnd) => {
        pipe.onread = bytes => {
          const handle = pipe.pendingHandle ?? undefined;
          pipe.pendingHandle = null;
          const length = streamBaseState[kReadBytesOrError] ?? -1;
          if (bytes === undefined || length < 0) onEnd();
          else onBytes(Buffer.from(bytes, streamBaseState[kArrayBufferOffset], length), handle);
        };
        if (pipe.readStart() !== 0) onEnd();
      },
      write: (text, handle) => {
        const request = new WriteWrap();
        // It lives until it is done, and so does what it sends.
        request.handle = handle;
        request.oncomplete = () => {
          request.handle = undefined;
        };
        return pipe.writeUtf8String(request, text, handle) === 0;
      },
      close: () => pipe.close(),
    };
  }
}
