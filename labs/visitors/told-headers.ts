/** The few response headers that a record keeps: who answered, through whom, and for how long. */
import type { IncomingHttpHeaders } from 'node:http';

/** In the order in which a report shows them. */
const told = [
  'x-relais-machine',
  'x-relais-name',
  'x-relais-version',
  'x-relais-site',
  'x-request-id',
  'via',
  'server',
  'location',
  'retry-after',
  'set-cookie',
  'connection',
  'keep-alive',
  'cache-control',
  'content-type',
  'content-length',
  'transfer-encoding',
] as const;

/** A history has thousands of these. */
const LONGEST_VALUE = 120;

/** Lower-case names; of a cookie only its name, of a long value only the beginning. */
export function toldHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    told.flatMap(name => {
      const value = headers[name];
      return value === undefined ? [] : [[name, shortened(asText(name, value))]];
    }),
  );
}

function asText(name: string, value: string | readonly string[]): string {
  const values = typeof value === 'string' ? [value] : value;
  return name === 'set-cookie' ? values.map(cookieName).join(', ') : values.join(', ');
}

/** What a cookie holds may be a key to somebody's session. */
function cookieName(cookie: string): string {
  return `${cookie.split('=', 1)[0]}=…`;
}

function shortened(value: string): string {
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
}
