/** Who asked, when proxies that are trusted stand between: the last address of their own word. */
import type { Head } from './head.ts';
import { X_FORWARDED_FOR } from './known-fields.ts';

export interface Trust {
  /** Undefined: this is no IP address. */
  trusts(ip: string): boolean | undefined;
}

/**
 * X-Forwarded-For grows to the right, and everything left of the first stranger is a stranger's
 * claim. So it is read from the right, and the first address that is no trusted proxy is the client.
 *
 *     X-Forwarded-For: 6.6.6.6, 198.51.100.7, 10.0.0.2        peer 10.0.0.1, trusted 10.0.0.0/8
 *                      ───┬───  ─────┬──────  ───┬────
 *                       claim      client      trusted
 */
export function clientBehind(head: Head, peerIp: string, trust: Trust): string {
  let client = peerIp;
  for (let i = head.count - 1; i >= 0; i--) {
    if (head.id[i] !== X_FORWARDED_FOR || head.named[i] === 1) continue;
    const list = head.bytes.toString('latin1', head.valueStart[i], head.valueEnd[i]).split(',');
    for (const entry of list.reverse()) {
      const ip = addressIn(entry.trim());
      if (ip === '') continue;
      const isTrusted = trust.trusts(ip);
      // `unknown` or worse: the proxy before it did not know either, so it is all there is.
      if (isTrusted === undefined) return client;
      client = ip;
      if (!isTrusted) return client;
    }
  }
  return client;
}

/** Some proxies add the port: `192.0.2.1:80`, `[2001:db8::1]:80`. */
function addressIn(entry: string): string {
  const [, bracketed, plain] = /^\[([^\]]*)\](?::\d+)?$|^([^:]*):\d+$/.exec(entry) ?? [];
  return withoutMapping(bracketed ?? plain ?? entry);
}

/** An IPv4 client of an IPv6 socket is an IPv4 client. */
export function withoutMapping(ip: string): string {
  return ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice(7) : ip;
}
