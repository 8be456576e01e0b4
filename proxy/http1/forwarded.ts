/** The fields that tell a backend who asked: X-Forwarded-*, Forwarded (RFC 7239), X-Request-Id. */
import { type Trust, withoutMapping } from './client-address.ts';
import { type RequestDrops, requestDrops } from './dropped-fields.ts';
import type { Head } from './head.ts';
import type { HeadWriter } from './head-writer.ts';
import { FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PORT, X_FORWARDED_PROTO } from './known-fields.ts';

/** What is true for every request of one client connection. */
export interface ClientFacts {
  readonly ip: string;
  /** With its port; IPv6 in brackets. */
  readonly peer: string;
  /** The peer is a proxy whose word counts; it also says whose word counts behind it. */
  readonly trust: Trust | undefined;
  /** Address and port that the client connected to, as in a Host field. */
  readonly authority: string;
  /** `Forwarded` element without a list before it. */
  readonly forwarded: string;
  /** What a peer that is not trusted may not say itself, whole lines. */
  readonly edgeLines: string;
  /** All of them for a client that sent none itself: the usual case. */
  readonly allLines: string;
  readonly sendsRealIp: boolean;
  /** What the rest was made of. */
  readonly ends: ConnectionEnds;
  readonly drops: RequestDrops;
}

/** Addresses and ports of a client connection. */
interface ConnectionEnds {
  readonly clientIp: string;
  readonly clientPort: number;
  readonly listenerIp: string;
  readonly listenerPort: number;
}

/** What the listener says about forwarding fields. */
export interface ForwardingRules {
  /** The peer is one of the trusted proxies. */
  readonly trust?: Trust | undefined;
  /** X-Real-IP; default `keep`. */
  readonly realIp?: 'keep' | 'elide' | 'send' | 'elide-and-send' | undefined;
}

export function clientFacts(
  clientIp: string,
  clientPort: number,
  listenerIp: string,
  listenerPort: number,
  { trust, realIp = 'keep' }: ForwardingRules = {},
): ClientFacts {
  const ip = withoutMapping(clientIp);
  const sendsRealIp = realIp === 'send' || realIp === 'elide-and-send';
  const drops = requestDrops(trust !== undefined, realIp.startsWith('elide'));
  const peer = `${node(ip)}:${clientPort}`;
  const forwarded = `proto=http;for="${peer}";by=${quoted(listenerIp)}`;
  const portLines = `X-Forwarded-Proto: http\r\nX-Forwarded-Port: ${listenerPort}\r\n`;
  // Behind a trusted proxy the client's address differs from request to request.
  const fixedIp = sendsRealIp && trust === undefined ? `X-Real-IP: ${ip}\r\n` : '';
  const edgeLines = `${fixedIp}${portLines}`;
  const allLines = `X-Forwarded-For: ${ip}\r\nForwarded: ${forwarded}\r\n${edgeLines}`;
  const authority = `${node(listenerIp)}:${listenerPort}`;
  const ends = { clientIp, clientPort, listenerIp, listenerPort };
  return { ip, peer, authority, trust, forwarded, edgeLines, allLines, sendsRealIp, drops, ends };
}

/** The same connection under other rules. */
export function factsUnder({ ends }: ClientFacts, rules: ForwardingRules): ClientFacts {
  const { clientIp, clientPort, listenerIp, listenerPort } = ends;
  return clientFacts(clientIp, clientPort, listenerIp, listenerPort, rules);
}

/** RFC 7239 §6: IPv6 stands in brackets, and brackets need quotes. */
function node(ip: string): string {
  return ip.includes(':') ? `[${ip}]` : ip;
}

function quoted(ip: string): string {
  return ip.includes(':') ? `"[${ip}]"` : ip;
}

/** `clientIp`: whom the request comes from, behind all trusted proxies. */
export function writeForwarded(
  writer: HeadWriter,
  head: Head,
  facts: ClientFacts,
  clientIp: string,
): void {
  const { trust } = facts;
  if (head.times[X_FORWARDED_FOR] === 0 && head.times[FORWARDED] === 0 && trust === undefined) {
    writer.text(facts.allLines);
    return;
  }
  writer.text('X-Forwarded-For: ');
  copyList(writer, head, X_FORWARDED_FOR);
  writer.text(`${facts.ip}\r\nForwarded: `);
  copyList(writer, head, FORWARDED);
  writer.text(`${facts.forwarded}\r\n`);
  if (trust === undefined) {
    writer.text(facts.edgeLines);
    return;
  }
  if (facts.sendsRealIp) writer.text(`X-Real-IP: ${clientIp}\r\n`);
  // Our port beside the proxy's `https` would name a place that nobody asked for: both or none.
  const isTold = travels(head, X_FORWARDED_PROTO) || travels(head, X_FORWARDED_PORT);
  if (!isTold) writer.text(facts.edgeLines);
}

/** The field was received, and not for this hop alone. */
function travels(head: Head, id: number): boolean {
  if (head.times[id] === 0) return false;
  for (let i = head.first[id] as number; i < head.count; i++) {
    if (head.id[i] === id && head.named[i] === 0) return true;
  }
  return false;
}

/** Every value that was received and not meant for this hop alone, each followed by a comma. */
function copyList(writer: HeadWriter, head: Head, id: number): void {
  if (head.times[id] === 0) return;
  for (let i = head.first[id] as number; i < head.count; i++) {
    const start = head.valueStart[i] as number;
    const end = head.valueEnd[i] as number;
    if (head.id[i] !== id || head.named[i] === 1 || start === end) continue;
    writer.copy(head.bytes, start, end);
    writer.text(', ');
  }
}
