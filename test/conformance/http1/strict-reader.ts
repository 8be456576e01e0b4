/**
 * A strict, slow reader of HTTP/1.1, the judge's eyes: text and regular expressions straight from
 * the grammars of RFC 9110 and 9112. It shares nothing with proxy/http1, so that both do not make
 * the same mistake. Text is Latin-1, one character for each byte.
 */

export type Field = readonly [name: string, value: string];

export interface Message {
  /** Requests; '' in answers. */
  readonly method: string;
  readonly target: string;
  /** Answers; 0 in requests. */
  readonly status: number;
  readonly minorVersion: number;
  /** Names in lower case. */
  readonly fields: readonly Field[];
  readonly body: string;
  readonly trailers: readonly Field[];
}

/** What some bytes are: messages, then perhaps a part of one, or a problem. */
export interface Reading {
  readonly messages: readonly Message[];
  /** Behind the last whole message. */
  readonly rest: string;
  /** Why the rest can never become a message that everybody understands in one way. */
  readonly problem: string | undefined;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const quoted =
  '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*"';
const requestLine = new RegExp(`^(${token}) ([\\x21-\\x7e]+) HTTP/1\\.([01])$`);
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d) [\t\x20-\x7e\x80-\xff]*$/;
const fieldLine = new RegExp(`^(${token}):[\\t ]*([\\t\\x20-\\x7e\\x80-\\xff]*?)[\\t ]*$`);
const chunkLine = new RegExp(`^([0-9A-Fa-f]{1,13})(?:;${token}(?:=(?:${token}|${quoted}))?)*$`);
const host = /^(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::\d*)?$/;
const absoluteForm = /^https?:\/\/([^/?#@]+)(?:[/?][^#]*)?$/i;

/** Thrown and caught in this file only. */
class Problem extends Error {}

/** More bytes must come. */
const UNFINISHED = 'unfinished';

type Part<T> = { readonly value: T; readonly end: number } | typeof UNFINISHED;

export function readRequests(text: string): Reading {
  return readAll(text, at => readRequest(text, at));
}

/** `methods` of the requests, in order; `ended`: no more bytes will come. */
export function readAnswers(text: string, methods: readonly string[], ended: boolean): Reading {
  let finals = 0;
  return readAll(text, at => {
    const method = methods[finals];
    if (method === undefined) throw new Problem('an answer that nobody asked for');
    const answer = readAnswer(text, at, method, ended);
    if (answer !== UNFINISHED && answer.value.status >= 200) finals++;
    return answer;
  });
}

export function fieldsNamed({ fields }: Pick<Message, 'fields'>, name: string): string[] {
  return fields.filter(([each]) => each === name).map(([, value]) => value);
}

/** Reads one chunked body, as behind a head. */
export function readChunkedBody(text: string): Part<string> | { readonly problem: string } {
  try {
    const part = readChunks(text, 0);
    return part === UNFINISHED ? part : { value: part.value.body, end: part.end };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    throw error;
  }
}

function readAll(text: string, readOne: (at: number) => Part<Message>): Reading {
  const messages: Message[] = [];
  let at = 0;
  try {
    while (at < text.length) {
      const part = readOne(at);
      if (part === UNFINISHED) break;
      messages.push(part.value);
      at = part.end;
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { messages, rest: text.slice(at), problem: error.message };
  }
  return { messages, rest: text.slice(at), problem: undefined };
}

interface HeadText {
  readonly start: string;
  readonly fields: readonly Field[];
}

function readHead(text: string, at: number): Part<HeadText> {
  const end = text.indexOf('\r\n\r\n', at);
  const head = text.slice(at, end < 0 ? text.length : end);
  // The last byte of an unfinished head may be the first half of a line end.
  if (/(?:^|[^\r])\n|\r(?!\n|$)/.test(head)) throw new Problem('a bare CR or LF in the head');
  if (end < 0) return UNFINISHED;
  const [start = '', ...lines] = head.split('\r\n');
  return { value: { start, fields: lines.map(readField) }, end: end + 4 };
}

function readField(line: string): Field {
  const match = fieldLine.exec(line);
  if (match === null) throw new Problem(`not a field line: ${JSON.stringify(line.slice(0, 60))}`);
  return [(match[1] ?? '').toLowerCase(), match[2] ?? ''];
}

function readRequest(text: string, at: number): Part<Message> {
  const head = readHead(text, at);
  if (head === UNFINISHED) return UNFINISHED;
  const { start, fields } = head.value;
  const [line, method = '', target = '', minor] = requestLine.exec(start) ?? [];
  if (line === undefined) throw new Problem(`not a request line: ${JSON.stringify(start)}`);
  const message = { method, target, status: 0, minorVersion: Number(minor), fields };
  checkTarget(message);
  const framing = declaredFraming(message);
  return readBody(text, head.end, message, framing === 'none' ? 0 : framing, true);
}

function checkTarget(
  message: Pick<Message, 'method' | 'target' | 'minorVersion' | 'fields'>,
): void {
  const { method, target, minorVersion } = message;
  const hosts = fieldsNamed(message, 'host');
  if (hosts.length > 1 || (hosts.length === 0 && minorVersion === 1)) {
    throw new Problem(`${hosts.length} Host fields`);
  }
  if (hosts.some(value => !host.test(value))) throw new Problem(`not a host: ${hosts[0]}`);
  if (method === 'CONNECT') throw new Problem('a request for a tunnel');
  if (/^\/[^#]*$/.test(target) || (target === '*' && method === 'OPTIONS')) return;
  const authority = absoluteForm.exec(target)?.[1];
  if (authority === undefined || !host.test(authority))
    throw new Problem(`not a target: ${target}`);
  const other = hosts.find(value => value.toLowerCase() !== authority.toLowerCase());
  if (other !== undefined) throw new Problem(`two hosts: ${authority} and ${other}`);
}

function readAnswer(text: string, at: number, method: string, ended: boolean): Part<Message> {
  const head = readHead(text, at);
  if (head === UNFINISHED) return UNFINISHED;
  const { start, fields } = head.value;
  const [line, minor, code] = statusLine.exec(start) ?? [];
  if (line === undefined) throw new Problem(`not a status line: ${JSON.stringify(start)}`);
  const status = Number(code);
  const message = { method: '', target: '', status, minorVersion: Number(minor), fields };
  const framing = declaredFraming(message);
  if (status < 200 || status === 204) {
    // RFC 9110 §8.6, RFC 9112 §6.1.
    if (framing !== 'none') throw new Problem(`framing in an answer ${status}`);
    return readBody(text, head.end, message, 0, ended);
  }
  const bodiless = status === 304 || method === 'HEAD';
  return readBody(text, head.end, message, bodiless ? 0 : framing, ended);
}

type Framing = number | 'chunked' | 'none';

/** RFC 9112 §6.3, with everything refused that is "ought to be an error" there. */
function declaredFraming(message: Pick<Message, 'fields' | 'minorVersion'>): Framing {
  const lengths = fieldsNamed(message, 'content-length');
  const codings = fieldsNamed(message, 'transfer-encoding');
  if (lengths.length + codings.length > 1) throw new Problem('framed more than once');
  const [length] = lengths;
  const [coding] = codings;
  if (length !== undefined) {
    if (!/^\d+$/.test(length) || !Number.isSafeInteger(Number(length)))
      throw new Problem(`not a length: ${JSON.stringify(length)}`);
    return Number(length);
  }
  if (coding === undefined) return 'none';
  if (message.minorVersion === 0) throw new Problem('a transfer coding in HTTP/1.0');
  if (!isChunkedOnceAndLast(coding)) throw new Problem(`not chunked at its end: ${coding}`);
  return 'chunked';
}

function isChunkedOnceAndLast(coding: string): boolean {
  const codings = coding.split(',').map(each => each.replace(/^[\t ]+|[\t ]+$/g, ''));
  const known = codings.every(each => new RegExp(`^${token}$`).test(each));
  return known && codings.findIndex(each => /^chunked$/i.test(each)) === codings.length - 1;
}

type BareMessage = Omit<Message, 'body' | 'trailers'>;

/** `none` is until the end of the connection here. */
function readBody(
  text: string,
  at: number,
  message: BareMessage,
  framing: Framing,
  ended: boolean,
): Part<Message> {
  if (framing === 'chunked') {
    const chunks = readChunks(text, at);
    if (chunks === UNFINISHED) return UNFINISHED;
    return { value: { ...message, ...chunks.value }, end: chunks.end };
  }
  if (framing === 'none' && !ended) return UNFINISHED;
  const end = framing === 'none' ? text.length : at + framing;
  if (end > text.length) return UNFINISHED;
  return { value: { ...message, body: text.slice(at, end), trailers: [] }, end };
}

function readChunks(
  text: string,
  start: number,
): Part<{ readonly body: string; readonly trailers: readonly Field[] }> {
  let body = '';
  let at = start;
  for (;;) {
    const line = readLine(text, at);
    if (line === UNFINISHED) return UNFINISHED;
    const digits = chunkLine.exec(line.value)?.[1];
    if (digits === undefined) throw new Problem(`not a chunk: ${JSON.stringify(line.value)}`);
    const size = Number.parseInt(digits, 16);
    if (size === 0) {
      const trailers = readTrailers(text, line.end);
      return trailers === UNFINISHED
        ? trailers
        : { ...trailers, value: { body, ...trailers.value } };
    }
    const end = line.end + size;
    const behind = text.slice(end, end + 2);
    if (!'\r\n'.startsWith(behind)) throw new Problem('no line end behind the data of a chunk');
    if (behind.length < 2) return UNFINISHED;
    body += text.slice(line.end, end);
    at = end + 2;
  }
}

function readTrailers(text: string, start: number): Part<{ readonly trailers: readonly Field[] }> {
  const trailers: Field[] = [];
  let at = start;
  for (;;) {
    const line = readLine(text, at);
    if (line === UNFINISHED) return UNFINISHED;
    if (line.value === '') return { value: { trailers }, end: line.end };
    const field = readField(line.value);
    // RFC 9110 §6.5.1: what frames or routes a message is never in a trailer.
    if (/^(?:content-length|transfer-encoding|host|trailer)$/.test(field[0])) {
      throw new Problem(`a trailer ${field[0]}`);
    }
    trailers.push(field);
    at = line.end;
  }
}

function readLine(text: string, at: number): Part<string> {
  const end = text.indexOf('\r\n', at);
  const line = text.slice(at, end < 0 ? text.length : end);
  if (line.includes('\n') || /\r(?!$)/.test(line)) throw new Problem('a bare CR or LF in a line');
  if (end < 0) return UNFINISHED;
  if (line.includes('\r')) throw new Problem('a bare CR in a line');
  return { value: line, end: end + 2 };
}
