/** What a keyed policy keeps together, read from a request as a number. */
import { hashBytes, hashText } from '../../balancing/hash.ts';
import type { HashKey } from '../../command/requests.ts';
import { equalsIgnoringCase } from '../../http1/bytes.ts';
import { CookieReader } from '../../http1/cookie-reader.ts';
import type { Head } from '../../http1/head.ts';
import type { Exchange } from '../session/exchange.ts';

export const DEFAULT_HASH_KEY: HashKey = 'client-ip';

export type KeyReader = (head: Head, exchange: Exchange) => number;

const reader = new CookieReader();

/** Requests without the field or cookie go by the client's address. */
export function keyReader(key: HashKey): KeyReader {
  if (key === 'client-ip') return clientKey;
  if (key === 'host') return (_head, { hostname }) => hashText(hostname);
  if (key === 'path') return pathKey;
  const name = key.slice(key.indexOf(':') + 1);
  return key.startsWith('cookie:') ? cookieKey(name) : fieldKey(name.toLowerCase());
}

function clientKey(_head: Head, exchange: Exchange): number {
  return hashText(exchange.clientIp);
}

/** Without the query: it is one resource all the same. */
function pathKey({ bytes, pathStart, targetEnd }: Head): number {
  const query = bytes.indexOf(0x3f, pathStart);
  return hashBytes(bytes, pathStart, query < 0 || query > targetEnd ? targetEnd : query);
}

function cookieKey(name: string): KeyReader {
  return (head, exchange) =>
    reader.find(head, name)
      ? hashBytes(head.bytes, reader.valueStart, reader.valueEnd)
      : clientKey(head, exchange);
}

/** `name` is lower case. Of several fields the first one counts. */
function fieldKey(name: string): KeyReader {
  return (head, exchange) => {
    for (let i = 0; i < head.count; i++) {
      if (!equalsIgnoringCase(head.bytes, head.lineStart[i] ?? 0, head.nameEnd[i] ?? 0, name))
        continue;
      return hashBytes(head.bytes, head.valueStart[i] ?? 0, head.valueEnd[i] ?? 0);
    }
    return clientKey(head, exchange);
  };
}
