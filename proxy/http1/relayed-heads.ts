/** The two heads that travel on: a client's request to a backend, a backend's answer to a client. */
import { CHUNKED } from './body-framing.ts';
import { SLASH, SP } from './bytes.ts';
import { DROP_FROM_ANSWER, DROP_FROM_BODILESS } from './dropped-fields.ts';
import { type ClientFacts, writeForwarded } from './forwarded.ts';
import { fieldValue, type Head } from './head.ts';
import type { HeadWriter } from './head-writer.ts';

import { HOST, UPGRADE } from './known-fields.ts';
import { methodIs } from './methods.ts';

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
  /** '' or the protocol that the client wants to change to. */
  readonly upgrade: string;
}

export function writeRequestHead(
  writer: HeadWriter,
  head: Head,
  framing: number,
  { requestLine, client, clientIp, requestId, idLine, traceLine, upgrade }: RequestFacts,
): void {
  writer.begin();
  if (head.pathStart === head.targetStart) writer.text(requestLine);
  else writeOriginForm(writer, head);
  writer.text(' HTTP/1.1\r\n');
  if (head.authorityEnd !== 0 || head.times[HOST] === 0) writeHost(writer, head, client);
  writer.fields(head, head.minorVersion === 1 ? client.drops.http11 : client.drops.http10);
  writeForwarded(writer, head, client, clientIp);
  if (upgrade !== '') writer.text(`Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`);
  if (head.maxForwards >= 0) writer.text(`Max-Forwards: ${head.maxForwards}\r\n`);
  const coding = framing === CHUNKED ? 'Transfer-Encoding: chunked\r\n' : '';
  writer.text(`X-Request-Id: ${requestId}\r\n${idLine}${traceLine}${coding}\r\n`);
}

/**
 * The authority of the target, or, for an HTTP/1.0 client that named no host, the one that it
 * connected to: an HTTP/1.1 request must have a Host, and many servers refuse an empty one.
 */
function writeHost(writer: HeadWriter, head: Head, { authority }: ClientFacts): void {
  writer.text('Host: ');
  if (head.authorityEnd === 0) writer.text(authority);
  else writer.copy(head.bytes, head.authorityStart, head.authorityEnd);
  writer.text('\r\n');
}

/** `GET http://a/b` becomes `GET /b`: to a backend this proxy is a client, not a proxy's client. */
function writeOriginForm(writer: HeadWriter, head: Head): void {
  writer.copy(head.bytes, head.start, head.targetStart);
  // RFC 9112 §3.2.4: `OPTIONS http://a` is about the whole server.
  if (head.pathStart === head.targetEnd && methodIs(head, 'OPTIONS')) writer.text('*');
  else if (head.bytes[head.pathStart] !== SLASH) writer.text('/');
  writer.copy(head.bytes, head.pathStart, head.targetEnd);
}

/** A 101 that was asked for. */
export function writeSwitchHead(
  writer: HeadWriter,
  head: Head,
  { requestId, idLine }: RequestFacts,
): void {
  writer.begin();
  writer.copy(head.bytes, head.start, head.fieldsStart);
  writer.fields(head, DROP_FROM_BODILESS);
  const own = `X-Request-Id: ${requestId}\r\n${idLine}Connection: Upgrade\r\n`;
  writer.text(`${own}Upgrade: ${fieldValue(head, UPGRADE)}\r\n\r\n`);
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
