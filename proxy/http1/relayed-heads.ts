/** The two heads that travel on: a client's request to a backend, a backend's answer to a client. */
import { CHUNKED } from './body-framing.ts';
import { SLASH, SP } from './bytes.ts';
import { DROP_FROM_ANSWER, DROP_FROM_BODILESS } from './dropped-fields.ts';
import { type ClientFacts, writeForwarded } from './forwarded.ts';
import type { Head } from './head.ts';
import type { HeadWriter } from './head-writer.ts';

/** Offsets in `HTTP/1.1 200`. */
const MINOR_VERSION = 7;
const STATUS_END = 12;
const ONE = 0x31;

/** What the head does not say, or not as text. */
export interface RequestFacts {
  /** Method and target as they came. */
  readonly requestLine: string;
  readonly client: ClientFacts;
  /** Whom the request comes from, behind all trusted proxies. */
  readonly clientIp: string;
  readonly requestId: string;
  /** A second field with the request id, and the trace that the request belongs to: whole lines or nothing. */
  readonly idLine: string;
  readonly traceLine: string;
}

export function writeRequestHead(
  writer: HeadWriter,
  head: Head,
  framing: number,
  { requestLine, client, clientIp, requestId, idLine, traceLine }: RequestFacts,
): void {
  writer.begin();
  if (head.pathStart === head.targetStart) writer.text(requestLine);
  else writeOriginForm(writer, head);
  writer.text(' HTTP/1.1\r\n');
  writer.fields(head, head.minorVersion === 1 ? client.drops.http11 : client.drops.http10);
  writeForwarded(writer, head, client, clientIp);
  const coding = framing === CHUNKED ? 'Transfer-Encoding: chunked\r\n' : '';
  writer.text(`X-Request-Id: ${requestId}\r\n${idLine}${traceLine}${coding}\r\n`);
}

/** `GET http://a/b` becomes `GET /b`: to a backend this proxy is a client, not a proxy's client. */
function writeOriginForm(writer: HeadWriter, head: Head): void {
  writer.copy(head.bytes, head.start, head.targetStart);
  if (head.bytes[head.pathStart] !== SLASH) writer.text('/');
  writer.copy(head.bytes, head.pathStart, head.targetEnd);
}

/** `ownLines`: what the proxy adds beside the request id, whole lines. */
export function writeAnswerHead(
  writer: HeadWriter,
  head: Head,
  chunked: boolean,
  ownLines: string,
  requestId: string,
): void {
  const { bytes, start, fieldsStart } = head;
  writer.begin();
  const plain = bytes[start + MINOR_VERSION] === ONE && bytes[start + STATUS_END] === SP;
  if (plain) writer.copy(bytes, start, fieldsStart);
  else writeStatusLine(writer, head);
  const bodiless = head.status < 200 || head.status === 204;
  writer.fields(head, bodiless ? DROP_FROM_BODILESS : DROP_FROM_ANSWER);
  if (head.status < 200) {
    writer.text('\r\n');
    return;
  }
  const coding = chunked ? 'Transfer-Encoding: chunked\r\n' : '';
  writer.text(`X-Request-Id: ${requestId}\r\n${coding}${ownLines}\r\n`);
}

/** Ours in place of another version, and the blank before an empty reason that is often forgotten. */
function writeStatusLine(writer: HeadWriter, { bytes, start, fieldsStart }: Head): void {
  writer.text('HTTP/1.1');
  writer.copy(bytes, start + MINOR_VERSION + 1, start + STATUS_END);
  if (bytes[start + STATUS_END] !== SP) writer.text(' ');
  writer.copy(bytes, start + STATUS_END, fieldsStart);
}
