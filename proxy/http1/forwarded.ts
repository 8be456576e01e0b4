/** The fields that tell a backend who asked: X-Forwarded-*, Forwarded (RFC 7239), X-Request-Id. */
import { TOKEN } from './bytes.ts';
import { fieldValue, type Head } from './head.ts';
import type { HeadWriter } from './head-writer.ts';
import { FORWARDED, X_FORWARDED_FOR, X_REQUEST_ID } from './known-fields.ts';

/** What is true for every request of one client connection. */
export interface ClientFacts {
  readonly ip: string;
  /** `Forwarded` element without a list before it. */
  readonly forwarded: string;
  /** `X-Forwarded-Proto` and `X-Forwarded-Port`, whole lines. */
  readonly edgeLines: string;
  /** All of them for a client that sent none itself: the usual case. */
  readonly allLines: string;
}

export function clientFacts(
  clientIp: string,
  clientPort: number,
  listenerIp: string,
  listenerPort: number,
): ClientFacts {
  const ip = clientIp.startsWith('::ffff:') ? clientIp.slice(7) : clientIp;
  const forwarded = `proto=http;for="${node(ip)}:${clientPort}";by=${quoted(listenerIp)}`;
  const edgeLines = `X-Forwarded-Proto: http\r\nX-Forwarded-Port: ${listenerPort}\r\n`;
  const allLines = `X-Forwarded-For: ${ip}\r\nForwarded: ${forwarded}\r\n${edgeLines}`;
  return { ip, forwarded, edgeLines, allLines };
}

/** RFC 7239 §6: IPv6 stands in brackets, and brackets need quotes. */
function node(ip: string): string {
  return ip.includes(':') ? `[${ip}]` : ip;
}

function quoted(ip: string): string {
  return ip.includes(':') ? `"[${ip}]"` : ip;
}

export function writeForwarded(writer: HeadWriter, head: Head, facts: ClientFacts): void {
  if (head.times[X_FORWARDED_FOR] === 0 && head.times[FORWARDED] === 0) {
    writer.text(facts.allLines);
    return;
  }
  writer.text('X-Forwarded-For: ');
  copyList(writer, head, X_FORWARDED_FOR);
  writer.text(`${facts.ip}\r\nForwarded: `);
  copyList(writer, head, FORWARDED);
  writer.text(`${facts.forwarded}\r\n${facts.edgeLines}`);
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

const MAX_REQUEST_ID = 128;

/** The client's request id when it is one sane token; '' otherwise. */
export function receivedRequestId(head: Head): string {
  if (head.times[X_REQUEST_ID] !== 1) return '';
  const index = head.first[X_REQUEST_ID] as number;
  const start = head.valueStart[index] as number;
  const end = head.valueEnd[index] as number;
  if (end === start || end - start > MAX_REQUEST_ID) return '';
  for (let at = start; at < end; at++) {
    if (TOKEN[head.bytes[at] as number] !== 1) return '';
  }
  return fieldValue(head, X_REQUEST_ID);
}
