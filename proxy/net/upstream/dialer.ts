/** Opens connections: the one place that knows how. A simulation has a `Dial` of its own. */
import type { Socket, TcpNetConnectOpts } from 'node:net';
import { parseAddress } from '../../shared/address.ts';
import { ReadingSocket } from '../socket/reading-socket.ts';
import { SocketWire } from '../socket/socket-wire.ts';
import { streamBinding } from '../socket/stream-binding.ts';
import type { Wire } from '../socket/wire.ts';

/** Who is told what happens on a connection that was dialed. `onClose` is the last call. */
export interface WireUser {
  onConnect(): void;
  /** The bytes up to `end` are lent for the time of this call. */
  onBytes(bytes: Buffer, end: number): void;
  onDrain(): void;
  /** The other side will send no more; it did so in order. */
  onEnd(): void;
  /** The connect, or the connection, failed; the code is the operating system's. */
  onError(code: string | undefined): void;
  onClose(): void;
}

/** Begins a connect. Nothing is told before it has returned. */
export type Dial = (address: string, user: WireUser) => Wire;

/**
 * The kernel asks a silent peer whether it knows the connection (RFC 9293 §3.8.4). A machine that went
 * down and came up again answers with a reset, long before the back timeout, and a repeatable request
 * goes elsewhere.
 */
const PROBE_AFTER_MS = 1_000;

/** All its sockets read into `readBuffer`. */
export function socketDialer(readBuffer: Buffer): Dial {
  return (address, user) => {
    const parsed = parseAddress(address);
    const { ip, port } = parsed.ok ? parsed.value : { ip: '0.0.0.0', port: 0 };
    const options: TcpNetConnectOpts = {
      host: ip,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: PROBE_AFTER_MS,
      // A tunnel's backend may end its side alone; whoever lends a connection ends both.
      allowHalfOpen: true,
      onread: {
        buffer: readBuffer,
        callback: (length, bytes) => {
          user.onBytes(bytes as Buffer, length);
          return true;
        },
      },
    };
    const socket = new ReadingSocket(options);
    socket.connect(options);
    const wire = new SocketWire(socket, () => user.onDrain(), streamBinding);
    socket.on('connect', () => user.onConnect());
    socket.on('end', () => {
      if (wasReset(socket)) socket.destroy();
      else user.onEnd();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => user.onError(error.code));
    socket.on('close', () => user.onClose());
    return wire;
  };
}

/**
 * When bytes and a reset come together, libuv tells of an end (it reads no further once the poll says
 * "hung up"). An answer that ends with its connection would pass for complete; but the kernel
 * has forgotten the peer of a connection that was reset, and knows the one of a connection that ended.
 * Once our side has ended too, it has forgotten the peer of both.
 */
function wasReset(socket: Socket): boolean {
  return !socket.writableEnded && socket.remoteAddress === undefined;
}
