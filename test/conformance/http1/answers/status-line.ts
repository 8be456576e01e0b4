/** RFC 9112 §4 and RFC 9110 §15: status lines, interim answers, 101. */
import { type AnswerCase, byteName, type CaseGroup, HOST, message } from '../case.ts';

const OK = { status: 200, body: 'hello' } as const;
const REST = 'Content-Length: 5\r\n\r\nhello';
const LINE = 'RFC 9112 §4';

function withLine(line: string): readonly string[] {
  return [`${line}\r\n${REST}`];
}

const good = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 ',
  'HTTP/1.1 200',
  'HTTP/1.1 200 a long reason, with "signs"',
  'HTTP/1.1 200 \xe9',
  'HTTP/1.1 200 O\tK',
  'HTTP/1.0 200 OK',
  'HTTP/1.0 200',
];
const bad = [
  'HTTP/1.1 20 OK',
  'HTTP/1.1 2 OK',
  'HTTP/1.1 2000 OK',
  'HTTP/1.1 0200 OK',
  'HTTP/1.1 -200 OK',
  'HTTP/1.1 +200 OK',
  'HTTP/1.1 2 0 OK',
  'HTTP/1.1 0x8 OK',
  'HTTP/1.1 abc OK',
  'HTTP/1.1 OK',
  'HTTP/1.1 200OK',
  'HTTP/1.1  200 OK',
  'HTTP/1.1\t200 OK',
  'HTTP/1.1 200\tOK',
  'HTTP/1.1 000 No',
  'HTTP/1.1 0 No',
  'HTTP/1.1 099 No',
  'HTTP/1.1 99 No',
  'HTTP/1.1 600 No',
  'HTTP/1.1 999 No',
  'HTTP/1.1200 OK',
  'HTTP/1.1',
  'HTTP/1 200 OK',
  'HTTP/1.10 200 OK',
  'HTTP/1,1 200 OK',
  'HTTP/2.0 200 OK',
  'HTTP/0.9 200 OK',
  'http/1.1 200 OK',
  'HTTPS/1.1 200 OK',
  'ICY 200 OK',
  'RTSP/1.0 200 OK',
  'SSH-2.0-OpenSSH',
  '200 OK',
  ' HTTP/1.1 200 OK',
  '\tHTTP/1.1 200 OK',
  '\r\nHTTP/1.1 200 OK',
  '\nHTTP/1.1 200 OK',
  '\0HTTP/1.1 200 OK',
  '\xef\xbb\xbfHTTP/1.1 200 OK',
  'GET / HTTP/1.1',
  '<html>',
  '',
];

const lines: readonly AnswerCase[] = [
  ...good.map(line => ({
    name: `the line ${byteName(line)}`,
    section: LINE,
    pieces: withLine(line),
    expect: OK,
  })),
  ...bad.map(line => ({
    name: `the line ${byteName(line)}`,
    section: LINE,
    pieces: withLine(line),
    ending: 'fin' as const,
    expect: 'refused' as const,
    ...(/^\r?\nH/.test(line) && { lenient: OK }),
  })),
  {
    name: 'a higher minor version',
    section: 'RFC 9110 §2.5',
    pieces: withLine('HTTP/1.2 200 OK'),
    expect: OK,
  },
  ...['\0', '\x01', '\r', '\n', '\v', '\x1b', '\x7f'].map(control => ({
    name: `${byteName(control)} in the reason`,
    section: LINE,
    pieces: withLine(`HTTP/1.1 200 a${control}b`),
    ending: 'fin' as const,
    expect: 'refused' as const,
  })),
  ...[200, 201, 206, 226, 299, 301, 307, 399, 400, 401, 404, 418, 429, 499, 500, 503, 511, 599].map(
    status => ({
      name: `the status ${status}`,
      section: 'RFC 9110 §15',
      pieces: withLine(`HTTP/1.1 ${status} Some`),
      expect: { status, body: 'hello' },
    }),
  ),
];

const FINAL = `HTTP/1.1 200 OK\r\n${REST}`;
const INTERIM = 'RFC 9110 §15.2';
const OLD = message('GET /case HTTP/1.0', [HOST]);

function before(name: string, heads: string, more: Partial<AnswerCase> = {}): AnswerCase {
  return { name, section: INTERIM, pieces: [heads + FINAL], expect: OK, ...more };
}

const interim: readonly AnswerCase[] = [
  ...[100, 102, 103, 110, 199].map(status =>
    before(`${status} before the answer`, `HTTP/1.1 ${status} Wait\r\nX: y\r\n\r\n`, {
      expect: { ...OK, ...(status !== 100 && { interim: [status] }) },
    }),
  ),
  before('three interim answers, each in a packet', '', {
    pieces: ['HTTP/1.1 103 A\r\n\r\n', 'HTTP/1.1 103 B\r\n\r\n', 'HTTP/1.1 102 C\r\n\r\n', FINAL],
  }),
  before('an interim answer to an HTTP/1.0 client', 'HTTP/1.1 103 Hints\r\n\r\n', {
    request: OLD,
    expect: { ...OK, interim: [] },
  }),
  before('an endless row of interim answers', 'HTTP/1.1 102 Wait\r\n\r\n'.repeat(1000), {
    expect: 'refused',
    lenient: OK,
  }),
  before('one with a body', 'HTTP/1.1 103 Hints\r\nContent-Length: 5\r\n\r\nhello', {
    ending: 'fin',
    expect: 'refused',
  }),
  before('one with chunks', 'HTTP/1.1 103 Hints\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', {
    ending: 'fin',
    expect: 'refused',
  }),
  before('one with the length 0', 'HTTP/1.1 103 Hints\r\nContent-Length: 0\r\n\r\n'),
  before('one and the end', '', {
    pieces: ['HTTP/1.1 103 Hints\r\n\r\n'],
    ending: 'fin',
    expect: 'refused',
  }),
  before('one and half a head', '', {
    pieces: ['HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 OK\r\nCont'],
    ending: 'fin',
    expect: 'refused',
  }),
  before('a broken one', 'HTTP/1.1 103 Hints\r\nX : y\r\n\r\n', { expect: 'refused', lenient: OK }),
];

const SWITCH =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
const H2C = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQC'];
const WEBSOCKET = ['Connection: Upgrade', 'Upgrade: websocket'];

function switching(name: string, pieces: readonly string[], request?: string): AnswerCase {
  const section = 'RFC 9110 §15.2.2';
  const end = { ending: 'fin', expect: 'refused' } as const;
  return { name, section, pieces, ...end, ...(request !== undefined && { request }) };
}

const upgrades: readonly AnswerCase[] = [
  switching('101 that nobody asked for', [SWITCH]),
  switching('101 that nobody asked for, then an answer', [SWITCH + FINAL]),
  switching('101 without Upgrade', ['HTTP/1.1 101 Switching Protocols\r\n\r\n']),
  switching(
    '101 to h2c',
    [SWITCH.replace('websocket', 'h2c')],
    message('GET /case HTTP/1.1', [HOST, ...H2C]),
  ),
  switching('101 to HTTP/1.0', [SWITCH], message('GET /case HTTP/1.0', [HOST, ...WEBSOCKET])),
];

export const statusLine: CaseGroup<AnswerCase> = { category: 'status line', cases: lines };
export const interimAnswers: CaseGroup<AnswerCase> = {
  category: 'interim answers',
  cases: [...interim, ...upgrades],
};
