/**
 * Sockets that are bound here and accepted on by the workers. The main process keeps each one, so
 * connections wait in the kernel's backlog while a dead worker is replaced. `net.Server` would
 * start to accept as soon as it binds, and node:cluster hands connections out itself (a connection
 * handed to a dying worker hangs); so the bare handle below both is used.
 */
import * as net from 'node:net';
import { getSystemErrorName } from 'node:util';
import { formatAddress, parseAddress } from '../../shared/address.ts';
import { ProxyError } from '../../shared/errors.ts';
import { describePortOwner } from './port-owner.ts';

/** The part of libuv's TCP handle that is needed; `process.send` takes it as it is. */
export interface TcpHandle {
  getsockname(out: { address?: string; port?: number }): number;
  close(): void;
}

/** What node:cluster itself binds with; exported by node:net since 0.9, missing in its types. */
type CreateServerHandle = (
  address: string | null,
  port: number,
  family: 4 | 6 | -1,
  fd?: number,
) => TcpHandle | number;

const createServerHandle: CreateServerHandle = (
  net as unknown as { _createServerHandle: CreateServerHandle }
)._createServerHandle;

export interface ListeningSocket {
  /** With the port that the kernel chose when 0 was asked for. */
  readonly address: string;
  readonly handle: TcpHandle;
  readonly inherited: boolean;
}

/** Takes an inherited socket that is bound to the address, or else binds a new one. */
export async function openListeningSocket(
  address: string,
  inherited: ListeningSocket[],
): Promise<ListeningSocket> {
  const index = inherited.findIndex(each => each.address === address);
  const [match] = index === -1 ? [] : inherited.splice(index, 1);
  return match ?? (await bind(address));
}

/** Undefined when the descriptor is no TCP socket. */
export function adoptSocket(fd: number): ListeningSocket | undefined {
  const handle = createServerHandle(null, 0, -1, fd);
  // Other kinds of descriptor become other kinds of handle, which have no such name.
  if (typeof handle === 'number' || typeof handle.getsockname !== 'function') return undefined;
  const address = boundAddress(handle);
  return address === undefined ? undefined : { address, handle, inherited: true };
}

async function bind(text: string): Promise<ListeningSocket> {
  const address = parseAddress(text);
  if (!address.ok) throw address.error;
  const { ip, port, family } = address.value;
  const handle = createServerHandle(ip, port, family);
  // libuv keeps EADDRINUSE back until the socket is used: asking for its name brings it out.
  const errno = typeof handle === 'number' ? handle : handle.getsockname({});
  if (typeof handle === 'number') throw await bindError(text, errno);
  const bound = boundAddress(handle);
  if (errno !== 0 || bound === undefined) {
    handle.close();
    throw await bindError(text, errno);
  }
  return { address: bound, handle, inherited: false };
}

function boundAddress(handle: TcpHandle): string | undefined {
  const name: { address?: string; port?: number } = {};
  if (handle.getsockname(name) !== 0) return undefined;
  const { address, port } = name;
  return address === undefined || port === undefined ? undefined : formatAddress(address, port);
}

/** `errno` is negative, as libuv gives it. */
async function bindError(address: string, errno: number): Promise<ProxyError> {
  const code = errnoName(errno);
  if (code === 'EADDRINUSE') return addressInUse(address);
  if (code === 'EADDRNOTAVAIL') {
    return new ProxyError('PROXY_ADDRESS_INVALID', `${address} is not an address of this machine`);
  }
  if (code === 'EACCES') {
    const message = `${address}: this user may not listen on ports below 1024; choose another port`;
    return new ProxyError('PROXY_ADDRESS_INVALID', message);
  }
  return new ProxyError('PROXY_ADDRESS_INVALID', `cannot listen on ${address}: ${code}`);
}

export async function addressInUse(address: string): Promise<ProxyError> {
  const owner = await describePortOwner(address);
  const message = `${address} is in use${owner}: stop it or choose another port`;
  return new ProxyError('PROXY_ADDRESS_IN_USE', message);
}

/** libuv's numbers are the negated ones of the system, except on Windows, which has none for these. */
function errnoName(errno: number): string {
  return errno < 0 ? getSystemErrorName(errno) : `error ${errno}`;
}
