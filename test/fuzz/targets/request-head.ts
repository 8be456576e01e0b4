/** Request heads: what is accepted is one message for everybody, and is passed on as the same one. */
import { CHUNKED, frameRequest, UNFRAMED } from '../../../proxy/http1/body-framing.ts';
import { readConnection } from '../../../proxy/http1/connection-field.ts';
import { clientFacts } from '../../../proxy/http1/forwarded.ts';
import { Head } from '../../../proxy/http1/head.ts';
import { scanRequestHead } from '../../../proxy/http1/head-scanner.ts';
import { HeadWriter } from '../../../proxy/http1/head-writer.ts';
import { writeRequestHead } from '../../../proxy/http1/relayed-heads.ts';
import { checkRequest } from '../../../proxy/http1/request-rules.ts';
import { REQUEST_CASES } from '../../conformance/http1/request-cases.ts';
import { fieldsNamed, type Message, readRequests } from '../../conformance/http1/strict-reader.ts';
import type { Random } from '../random.ts';
import { latin1, type Outcome, type Target, Violation } from '../target.ts';

const head = new Head();
const writer = new HeadWriter();
/** Longer bodies are not made up. */
const MOST_BODY = 1000;
const client = clientFacts('127.0.0.1', 1234, '127.0.0.1', 80);
const FACTS = {
  client,
  clientIp: client.ip,
  requestId: 'id',
  idLine: '',
  traceLine: '',
  upgrade: '',
};

export const requestHead: Target = {
  name: 'head',
  seeds: latin1(
    REQUEST_CASES.flatMap(group => group.cases)
      .map(test => test.bytes.replace(/\r\n\r\n.*$/s, '\r\n\r\n'))
      .filter(bytes => bytes.length < 600),
  ),
  dictionary: latin1([
    '\r\n',
    '\r\n\r\n',
    'GET / HTTP/1.1\r\n',
    'POST ',
    'HEAD ',
    'OPTIONS * ',
    'CONNECT a:1 ',
    ' HTTP/1.1',
    ' HTTP/1.0',
    ' HTTP/1.2',
    'http://',
    'http://web/',
    'Host: web\r\n',
    'Host: [::1]:80\r\n',
    'Content-Length: 5\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Connection: close\r\n',
    'Connection: keep-alive, X-A\r\n',
    'Connection: Content-Length, Host\r\n',
    'X-A: b\r\n',
    'Expect: 100-continue\r\n',
    'Upgrade: websocket\r\n',
    'TE: trailers\r\n',
    'X-Forwarded-For: 9.9.9.9\r\n',
    'Forwarded: for=9.9.9.9\r\n',
    'X-Request-Id: abc\r\n',
    'chunked',
    ', ',
    ':',
    ' ',
    '\t',
    '\r\n ',
    '\0',
  ]),
  check,
};

function check(bytes: Buffer, random: Random): Outcome {
  const whole = scanRequestHead(head, bytes, 0, bytes.length);
  const { count } = head;
  const early = scanRequestHead(head, bytes, 0, random.below(bytes.length + 1));
  if (early !== 'incomplete' && early !== whole) {
    throw new Violation(`${early} at first, ${whole} in the end`);
  }
  if (whole !== 'complete') return { signature: `${whole} ${count}` };
  scanRequestHead(head, bytes, 0, bytes.length);
  const keeps = readConnection(head);
  const framing = frameRequest(head);
  const refusal = checkRequest(head) || (framing <= UNFRAMED ? 400 : 0);
  const signature = `${refusal} ${Math.min(framing, 3)} ${keeps} ${head.minorVersion} ${head.times.map(n => Math.min(n, 2)).join('')}`;
  return refusal === 0 ? { signature, relayed: relay(framing) } : { signature };
}

/** Writes the head that goes on, and compares it with what came, both as the strict reader sees them. */
function relay(framing: number): string {
  const { bytes, start, end, targetEnd, fieldsStart } = head;
  const body = framing === CHUNKED ? '0\r\n\r\n' : 'x'.repeat(Math.min(framing, MOST_BODY));
  // A higher minor version means 1.1 (RFC 9110 §2.5).
  const line = bytes.toString('latin1', start, fieldsStart).replace(/1\.[2-9]\r\n$/, '1.1\r\n');
  const came = readOne(line + bytes.toString('latin1', fieldsStart, end), body, framing);
  const requestLine = bytes.toString('latin1', start, targetEnd);
  const facts = { ...FACTS, requestLine };
  writeRequestHead(writer, head, framing, facts);
  const text = writer.take(bytes, 0, 0);
  const goes = readOne(text, body, framing);
  if (typeof goes === 'string') throw new Violation(`what goes on is not one message: ${goes}`);
  // RFC 9112 §3.2.2: the authority of an absolute form replaces Host, whatever that says.
  if (typeof came === 'string' && came.startsWith('two hosts')) return text + body;
  if (typeof came === 'string') throw new Violation(`what came is not one message: ${came}`);
  if (came !== undefined && goes !== undefined) compare(came, goes);
  return text + body;
}

/** Why it is not one message; undefined when its body is too long to be made up. */
function readOne(text: string, body: string, framing: number): Message | string | undefined {
  const { messages, rest, problem } = readRequests(text + body);
  if (problem !== undefined) return problem;
  if (messages.length === 0 && framing > MOST_BODY) return undefined;
  const [message] = messages;
  return message !== undefined && rest === '' ? message : `${messages.length}, then ${rest}`;
}

/** Fields that the proxy adds, replaces or takes off by its own rules, which other tests know. */
const ours =
  /^(?:x[-_]forwarded[-_].*|forwarded|x[-_]request[-_]id|x[-_]real[-_]ip|connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|expect|http2-settings|max-forwards)$/;
const neverNamed = /^(?:host|content-length)$/;

function compare(came: Message, goes: Message): void {
  if (came.method !== goes.method || came.body !== goes.body)
    throw new Violation('another request');
  const path = came.target.replace(/^https?:\/\/[^/?]*/i, '');
  const whole = path === '' && came.method === 'OPTIONS' ? '*' : path.replace(/^(?=\?|$)/, '/');
  if (goes.target !== whole && goes.target !== path.replace(/^(?=\?|$)/, '/')) {
    throw new Violation(`${came.target} became ${goes.target}`);
  }
  const options = fieldsNamed(came, 'connection').flatMap(value => value.split(','));
  const trimmed = options.map(option => option.replace(/^[\t ]+|[\t ]+$/g, '').toLowerCase());
  const stays = came.fields.filter(
    ([name]) => !ours.test(name) && (!trimmed.includes(name) || neverNamed.test(name)),
  );
  if (shown(stays) !== shown(goes.fields.filter(([name]) => !ours.test(name)))) {
    throw new Violation('other fields arrive');
  }
  if (fieldsNamed(goes, 'connection').length > 0) throw new Violation('Connection arrives');
}

/** Host may move, and be given to a request without one. */
function shown(fields: Message['fields']): string {
  return JSON.stringify(fields.filter(([name]) => name !== 'host'));
}
