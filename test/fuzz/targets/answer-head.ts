/** Answer heads: what is relayed is one answer for every client, with the same status and fields. */
import { AnswerBody } from '../../../proxy/http1/answer-body.ts';
import { frameAnswer, UNFRAMED } from '../../../proxy/http1/body-framing.ts';
import { readConnection } from '../../../proxy/http1/connection-field.ts';
import { Head } from '../../../proxy/http1/head.ts';
import { scanAnswerHead } from '../../../proxy/http1/head-scanner.ts';
import { HeadWriter } from '../../../proxy/http1/head-writer.ts';
import { writeAnswerHead } from '../../../proxy/http1/relayed-heads.ts';
import { ANSWER_CASES } from '../../conformance/http1/answer-cases.ts';
import { readAnswers } from '../../conformance/http1/strict-reader.ts';
import type { Random } from '../random.ts';
import { latin1, type Outcome, type Target, Violation } from '../target.ts';

const head = new Head();
const writer = new HeadWriter();
const body = new AnswerBody();

export const answerHead: Target = {
  name: 'answer',
  seeds: latin1(
    ANSWER_CASES.flatMap(group => group.cases)
      .map(test => test.pieces.join('').replace(/\r\n\r\n.*$/s, '\r\n\r\n'))
      .filter(bytes => bytes.length < 600),
  ),
  dictionary: latin1([
    '\r\n',
    '\r\n\r\n',
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.0 ',
    'HTTP/1.2 ',
    ' 100 ',
    ' 101 ',
    ' 204 ',
    ' 304 ',
    ' 599 ',
    ' 600 ',
    'Content-Length: 5\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Connection: close\r\n',
    'Connection: X-A, Content-Length\r\n',
    'X-A: b\r\n',
    'X-Request-Id: c\r\n',
    'Keep-Alive: d\r\n',
    ', ',
    ':',
    ' ',
    '\r\n ',
    '\0',
  ]),
  check,
};

function check(bytes: Buffer, random: Random): Outcome {
  const whole = scanAnswerHead(head, bytes, 0, bytes.length);
  const { count } = head;
  const early = scanAnswerHead(head, bytes, 0, random.below(bytes.length + 1));
  if (early !== 'incomplete' && early !== whole) {
    throw new Violation(`${early} at first, ${whole} in the end`);
  }
  if (whole !== 'complete') return { signature: `${whole} ${count}` };
  scanAnswerHead(head, bytes, 0, bytes.length);
  const toHead = random.below(4) === 0;
  const framing = frameAnswer(head, toHead);
  const kind = `${Math.floor(head.status / 100)} ${Math.min(framing, 3)} ${toHead} ${head.minorVersion}`;
  const signature = `${kind} ${head.times.map(n => Math.min(n, 2)).join('')}`;
  if (framing > UNFRAMED && head.status !== 101) relay(framing, toHead);
  return { signature };
}

function relay(framing: number, toHead: boolean): void {
  const { status, bytes } = head;
  readConnection(head);
  body.start(status < 200 ? 0 : framing, 1);
  writeAnswerHead(writer, head, body.chunkedForClient, '', 'id');
  const text = writer.take(bytes, 0, 0);
  const behind = body.chunkedForClient
    ? '0\r\n\r\n'
    : 'x'.repeat(Math.min(Math.max(framing, 0), 1000));
  const followed = status < 200 ? 'HTTP/1.1 204 No\r\n\r\n' : behind;
  const { messages, rest, problem } = readAnswers(
    text + followed,
    [toHead ? 'HEAD' : 'GET'],
    false,
  );
  if (problem === undefined && framing > 1000) return;
  const [answer] = messages;
  if (problem !== undefined || rest !== '' || answer === undefined) {
    throw new Violation(`what comes back is not one answer: ${problem ?? JSON.stringify(rest)}`);
  }
  if (answer.status !== status) throw new Violation(`${status} became ${answer.status}`);
}
