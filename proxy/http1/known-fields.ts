/** The field names that the proxy itself acts on, each with a small number. */
import { equalsIgnoringCase } from './bytes.ts';

const names = [
  '',
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-port',
  'forwarded',
  'x-request-id',
  'x-real-ip',
  'x-forwarded-host',
  'x-forwarded-server',
  'x-forwarded-prefix',
  'x-forwarded-scheme',
  'x-forwarded-ssl',
  'cookie',
  'traceparent',
  'tracestate',
  'user-agent',
  'referer',
  'accept',
  'max-forwards',
  '(lookalike)',
] as const;

export const OTHER: number = 0;
export const HOST: number = 1;
export const CONTENT_LENGTH: number = 2;
export const TRANSFER_ENCODING: number = 3;
export const CONNECTION: number = 4;
export const KEEP_ALIVE: number = 5;
export const PROXY_CONNECTION: number = 6;
export const TE: number = 7;
export const TRAILER: number = 8;
export const UPGRADE: number = 9;
export const EXPECT: number = 10;
export const X_FORWARDED_FOR: number = 11;
export const X_FORWARDED_PROTO: number = 12;
export const X_FORWARDED_PORT: number = 13;
export const FORWARDED: number = 14;
export const X_REQUEST_ID: number = 15;
export const X_REAL_IP: number = 16;
export const X_FORWARDED_HOST: number = 17;
export const X_FORWARDED_SERVER: number = 18;
export const X_FORWARDED_PREFIX: number = 19;
export const X_FORWARDED_SCHEME: number = 20;
export const X_FORWARDED_SSL: number = 21;
export const COOKIE: number = 22;
export const TRACEPARENT: number = names.indexOf('traceparent');
export const TRACESTATE: number = names.indexOf('tracestate');
export const USER_AGENT: number = names.indexOf('user-agent');
export const REFERER: number = names.indexOf('referer');
export const ACCEPT: number = names.indexOf('accept');
export const MAX_FORWARDS: number = names.indexOf('max-forwards');
/** Another spelling of a forwarding field, see `isLookalike`. */
export const LOOKALIKE: number = names.indexOf('(lookalike)');
export const KNOWN_FIELD_COUNT: number = names.length;

interface KnownField {
  readonly id: number;
  readonly name: string;
}

const longest = Math.max(...names.map(name => name.length));
/** Names by length: the length alone settles most comparisons. */
const byLength: readonly (readonly KnownField[])[] = Array.from({ length: longest + 1 }, (_, n) =>
  names.flatMap((name, id) => (n > 0 && name.length === n ? [{ id, name }] : [])),
);

/** The number of the field name in these bytes, `OTHER` when the proxy does not care. */
export function identifyField(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length > longest) return OTHER;
  const candidates = byLength[length] as readonly KnownField[];
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i] as KnownField;
    if (equalsIgnoringCase(bytes, start, end, candidate.name)) return candidate.id;
  }
  return isLookalike(bytes, start, end) ? LOOKALIKE : OTHER;
}

const LOWER_X = 0x78;
const UNDERSCORE = 0x5f;

/**
 * CGI, WSGI and Rack make one variable of `X-Forwarded-For` and `X_Forwarded_For` (RFC 3875
 * §4.1.18): who may not say the one must not get through with the other.
 */
function isLookalike(bytes: Uint8Array, start: number, end: number): boolean {
  if (((bytes[start] as number) | 0x20) !== LOWER_X) return false;
  let underscores = 0;
  for (let i = start; i < end; i++) if (bytes[i] === UNDERSCORE) underscores++;
  if (underscores === 0) return false;
  const name = String.fromCharCode(...bytes.subarray(start, end));
  const dashed = name.toLowerCase().replaceAll('_', '-');
  return names.some(known => known === dashed);
}

/** `name` is lower case. */
export function isKnownField(name: string): boolean {
  return names.some(known => known === name);
}
