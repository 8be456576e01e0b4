/**
 * Who may ask over HTTP. A loopback address can be reached by every user of the computer and, by
 * way of a name that resolves to it (DNS rebinding), by every page in their browser. Pure.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../../shared/address.ts';

export interface HttpRefusal {
  readonly status: number;
  readonly message: string;
}

export interface GuardOptions {
  readonly token: string | undefined;
  /** Undefined: a unix socket, which no browser can reach. */
  readonly port: number | undefined;
}

/** Refuses what a browser may have sent; undefined when it may pass. */
export function checkHost(
  { host, origin }: IncomingHttpHeaders,
  { port }: GuardOptions,
): HttpRefusal | undefined {
  if (port === undefined) return undefined;
  if (host === undefined || !isOwnHost(host, port)) {
    const message = `the Host field must be the address of this API or localhost, with port ${port}`;
    return { status: 403, message };
  }
  if (origin === undefined) return undefined;
  return { status: 403, message: 'this API is not for pages in browsers (Origin field)' };
}

/** Scheme `Bearer` of RFC 6750. */
export function checkToken(
  { authorization }: IncomingHttpHeaders,
  { token }: GuardOptions,
): HttpRefusal | undefined {
  if (token === undefined) return undefined;
  const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  if (given !== undefined && isEqual(given, token)) return undefined;
  const message =
    given === undefined
      ? 'say who you are: Authorization: Bearer TOKEN'
      : 'the token is not the one of this proxy';
  return { status: 401, message };
}

function isOwnHost(host: string, port: number): boolean {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(host);
  if (match === null) return false;
  const [, v6, name = '', digits] = match;
  if (Number(digits ?? 80) !== port) return false;
  return name.toLowerCase() === 'localhost' || isLoopback((v6 ?? name).toLowerCase());
}

/** In a time that does not depend on where they differ. */
function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
