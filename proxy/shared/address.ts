/** `ip:port` and `[ipv6]:port`, the only spelling of an address in requests and files. */
import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';
import { ProxyError } from './errors.ts';
import { err, ok, type Result } from './result.ts';

export interface Address {
  readonly ip: string;
  readonly port: number;
  readonly family: 4 | 6;
}

const shape = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/;

/** Port 0 passes: for a listener it means "any free port"; backends refuse it on their own. */
export function parseAddress(text: string): Result<Address, ProxyError> {
  const match = shape.exec(text);
  if (match === null) return err(invalid(text, hint(text)));
  const [, v6, v4, digits] = match;
  const port = Number(digits);
  if (port > 65_535) return err(invalid(text, 'a port is at most 65535'));
  if (v6 !== undefined && isIPv6(v6)) return ok({ ip: shortest(v6), port, family: 6 });
  if (v4 !== undefined && isIPv4(v4)) return ok({ ip: v4, port, family: 4 });
  return err(invalid(text, `"${v6 ?? v4}" is not an IP address; names are not resolved`));
}

/** `name:port`, what a backend may have instead of an address; undefined when it is none. */
export function parseName(
  text: string,
): { readonly name: string; readonly port: number } | undefined {
  const match = shape.exec(text);
  const [, , name, digits] = match ?? [];
  if (name === undefined || isIP(name) !== 0) return undefined;
  return { name, port: Number(digits) };
}

/** The spelling under which an address is known everywhere; `ip` as `parseAddress` gives it. */
export function formatAddress(ip: string, port: number): string {
  return isIPv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** Reached from this computer only; `ip` as `parseAddress` gives it. */
export function isLoopback(ip: string): boolean {
  return ip === '::1' || (isIPv4(ip) && ip.startsWith('127.'));
}

/** One address has many IPv6 spellings; identity needs one (RFC 5952). */
function shortest(ip: string): string {
  return new SocketAddress({ address: ip, family: 'ipv6' }).address;
}

function hint(text: string): string {
  if (isIPv6(text)) return `write [${text}]:PORT`;
  if (isIP(text) !== 0) return `the port is missing: write ${text}:PORT`;
  if (isIPv6(text.replace(/:\d+$/, ''))) return 'an IPv6 address stands in brackets: [::1]:8080';
  return 'write IP:PORT or [IPV6]:PORT';
}

function invalid(text: string, why: string): ProxyError {
  return new ProxyError('PROXY_ADDRESS_INVALID', `"${text}" is not an address: ${why}`);
}
