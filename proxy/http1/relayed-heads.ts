/** The two heads that travel on: a client's request to a backend, a backend's answer to a client. */
import { CHUNKED } from './body-framing.ts';
import { SLASH } from './bytes.ts';
import { type ClientFacts, writeForwarded } from './forwarded.ts';
import type { Head } from './head.ts';
import type { HeadWriter } from './head-writer.ts';
import {
  CONNECTION,
  CONTENT_LENGTH,
  EXPECT,
  FORWARDED,
  KEEP_ALIVE,
  KNOWN_FIELD_COUNT,
  PROXY_CONNECTION,
  TE,
  TRANSFER_ENCODING,
  UPGRADE,
  X_FORWARDED_FOR,
  X_FORWARDED_PORT,
  X_FORWARDED_PROTO,
  X_REQUEST_ID,
} from './known-fields.ts';

function dropTable(...ids: readonly number[]): Uint8Array {
  const table = new Uint8Array(KNOWN_FIELD_COUNT);
  for (const id of ids) table[id] = 1;
  return table;
}

/** Hop-by-hop whether named by Connection or not; the coding is written anew where one is used. */
const hopByHop = [CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE, TRANSFER_ENCODING, UPGRADE];
const ownFields = [X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_PORT, FORWARDED, X_REQUEST_ID];

const dropFromRequest = dropTable(...hopByHop, ...ownFields);
/** RFC 9110 §10.1.1: an expectation of an HTTP/1.0 client is ignored. */
const dropFromOldRequest = dropTable(...hopByHop, ...ownFields, EXPECT);
const dropFromAnswer = dropTable(...hopByHop, X_REQUEST_ID);
/** 1xx and 204 never have a length (RFC 9110 §8.6). */
const dropFromBodiless = dropTable(...hopByHop, X_REQUEST_ID, CONTENT_LENGTH);

/** What the head does not say, or not as text. */
export interface RequestFacts {
  /** Method and target as they came. */
  readonly requestLine: string;
  readonly client: ClientFacts;
  readonly requestId: string;
}

export function writeRequestHead(
  writer: HeadWriter,
  head: Head,
  framing: number,
  { requestLine, client, requestId }: RequestFacts,
): void {
  writer.begin();
  if (head.pathStart === head.targetStart) writer.text(requestLine);
  else writeOriginForm(writer, head);
  writer.text(' HTTP/1.1\r\n');
  writer.fields(head, head.minorVersion === 1 ? dropFromRequest : dropFromOldRequest);
  writeForwarded(writer, head, client);
  const coding = framing === CHUNKED ? 'Transfer-Encoding: chunked\r\n' : '';
  writer.text(`X-Request-Id: ${requestId}\r\n${coding}\r\n`);
}

/** `GET http://a/b` becomes `GET /b`: to a backend this proxy is a client, not a proxy's client. */
function writeOriginForm(writer: HeadWriter, head: Head): void {
  writer.copy(head.bytes, head.start, head.targetStart);
  if (head.bytes[head.pathStart] !== SLASH) writer.text('/');
  writer.copy(head.bytes, head.pathStart, head.targetEnd);
}

/** What the proxy says about its own connection to the client. */
export type ConnectionLine = '' | 'Connection: close\r\n' | 'Connection: keep-alive\r\n';

export function writeAnswerHead(
  writer: HeadWriter,
  head: Head,
  chunked: boolean,
  connection: ConnectionLine,
  requestId: string,
): void {
  const { bytes, start, fieldsStart } = head;
  writer.begin();
  if (head.minorVersion === 1) writer.copy(bytes, start, fieldsStart);
  else {
    writer.text('HTTP/1.1');
    writer.copy(bytes, start + 8, fieldsStart);
  }
  const bodiless = head.status < 200 || head.status === 204;
  writer.fields(head, bodiless ? dropFromBodiless : dropFromAnswer);
  if (head.status < 200) {
    writer.text('\r\n');
    return;
  }
  const coding = chunked ? 'Transfer-Encoding: chunked\r\n' : '';
  writer.text(`X-Request-Id: ${requestId}\r\n${coding}${connection}\r\n`);
}
