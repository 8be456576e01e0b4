/**
 * An accepted socket that reads into the worker's one buffer. `net.connect` has the `onread` option
 * for that; a server has not, so the handle of the paused socket moves to a socket that is made
 * with it. It saves an allocation of 64 KiB and the stream machinery for every read.
 */
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** The handle is a property of every net.Socket, though not a documented one. */
interface WithHandle {
  _handle: object | null;
}

/** `accepted` is paused and has not been read from. */
export function lendingSocket(
  accepted: Socket,
  buffer: Buffer,
  onBytes: (bytes: Buffer, end: number) => void,
): Socket {
  const owner = accepted as unknown as WithHandle;
  const { _handle: handle } = owner;
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer,
      callback: (end: number): boolean => {
        onBytes(buffer, end);
        return true;
      },
    },
  } satisfies SocketConstructorOpts & { handle: object | null; onread: OnReadOpts };
  owner._handle = null;
  return new Socket(options);
}
