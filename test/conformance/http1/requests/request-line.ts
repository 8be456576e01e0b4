/** RFC 9112 §2.2, §2.3 and §3: the first line, and what may stand before it. */
import {
  arrival,
  byteName,
  type CaseGroup,
  forwards,
  GET_CASE,
  HOST,
  message,
  type RequestCase,
  refuses,
} from '../case.ts';

const LINE = 'RFC 9112 §3';
const GET = arrival('GET');

function withLine(line: string): string {
  return message(line, [HOST]);
}

/** §3 lets a server split on any of these; nothing else separates the parts. */
const lenientBlanks = ['  ', '\t', ' \t', '\v', '\f', '\r'];
const strangeBlanks = ['\0', '\xa0', '\x85', '\x1c', '%20', '+'];
const places: readonly (readonly [place: string, line: (blank: string) => string])[] = [
  ['between method and target', blank => `GET${blank}/case HTTP/1.1`],
  ['between target and version', blank => `GET /case${blank}HTTP/1.1`],
  ['before the method', blank => `${blank}GET /case HTTP/1.1`],
  ['behind the version', blank => `GET /case HTTP/1.1${blank}`],
];

const blanks: readonly RequestCase[] = places.flatMap(([place, line]) => [
  ...lenientBlanks.map(blank =>
    refuses(`${byteName(blank)} ${place}`, LINE, withLine(line(blank)), { lenient: [GET] }),
  ),
  // In front of a method, "%" and "+" are part of it.
  ...strangeBlanks
    .slice(0, place === 'before the method' ? -2 : undefined)
    .map(blank =>
      refuses(`${byteName(blank)} ${place}`, LINE, withLine(line(blank)), { refused: [400, 505] }),
    ),
]);

const odd = ['\0', '\x01', '\b', '\v', '\x1b', '\x7f', '\x80', '\xff', '\xc3\xa9'];
const oddBytes: readonly RequestCase[] = odd.flatMap(byte => [
  refuses(`${byteName(byte)} in the method`, LINE, withLine(`G${byte}T /case HTTP/1.1`)),
  refuses(`${byteName(byte)} in the target`, 'RFC 9112 §3.2', withLine(`GET /c${byte} HTTP/1.1`)),
  refuses(
    `${byteName(byte)} in the version`,
    'RFC 9112 §2.3',
    withLine(`GET /case HTTP/1${byte}1`),
  ),
]);

const methods: readonly RequestCase[] = [
  ...['(', ')', ',', '/', ':', ';', '<', '=', '>', '?', '@', '[', '\\', ']', '{', '}', '"'].map(
    char => refuses(`${char} in the method`, LINE, withLine(`G${char}T /case HTTP/1.1`)),
  ),
  ...['BREW', 'get', 'M-SEARCH', 'X', '!#$%&', 'PROPFIND'].map(method =>
    forwards(
      `the unknown method ${method}`,
      'RFC 9110 §9.1',
      withLine(`${method} /case HTTP/1.1`),
      {
        method,
        target: '/case',
        body: '',
      },
    ),
  ),
  refuses('no method', LINE, withLine('/case HTTP/1.1')),
  refuses('no method, but its blank', LINE, withLine(' /case HTTP/1.1')),
];

const BAD_VERSION = [400, 505];
const versions: readonly RequestCase[] = [
  ...['HTTP/0.9', 'HTTP/2.0', 'HTTP/3.0', 'HTTP/9.9'].map(version =>
    refuses(`the version ${version}`, 'RFC 9110 §2.5', withLine(`GET /case ${version}`), {
      refused: [505],
    }),
  ),
  ...['HTTP/1.2', 'HTTP/1.9'].map(version =>
    forwards(
      `${version} is treated as HTTP/1.1`,
      'RFC 9110 §2.5',
      withLine(`GET /case ${version}`),
      GET,
    ),
  ),
  ...[
    'http/1.1',
    'Http/1.1',
    'HTTP/1',
    'HTTP/1.',
    'HTTP/.1',
    'HTTP/1.10',
    'HTTP/01.1',
    'HTTP/1.01',
    'HTTP/11',
    'HTTP/1,1',
    'HTTP/+1.1',
    'HTTP/1.1x',
    'HTTP /1.1',
    'HTTP/ 1.1',
    'HTTP-1.1',
    'HTTP1.1',
    'HTTPS/1.1',
    'RTSP/1.0',
    'ICY/1.1',
    'HTTP/1.1 HTTP/1.1',
    'HTTP/1.1;a',
  ].map(version =>
    refuses(`the version ${version}`, 'RFC 9112 §2.3', withLine(`GET /case ${version}`), {
      refused: BAD_VERSION,
    }),
  ),
  refuses('no version (HTTP/0.9)', 'RFC 9112 §3', 'GET /case\r\n', { fin: true }),
  refuses('no version, but fields', 'RFC 9112 §3', message('GET /case', [HOST])),
];

const before: readonly RequestCase[] = [
  forwards('an empty line before', 'RFC 9112 §2.2', `\r\n${GET_CASE}`, GET),
  refuses('two empty lines before', 'RFC 9112 §2.2', `\r\n\r\n${GET_CASE}`, { lenient: [GET] }),
  refuses('a bare LF before', 'RFC 9112 §2.2', `\n${GET_CASE}`, { lenient: [GET] }),
  refuses('a bare CR before', 'RFC 9112 §2.2', `\r${GET_CASE}`),
  refuses('a blank line before', 'RFC 9112 §2.2', ` \r\n${GET_CASE}`),
  refuses('NUL before', 'RFC 9112 §2.2', `\0${GET_CASE}`),
  refuses('a byte order mark before', 'RFC 9112 §2.2', `\xef\xbb\xbf${GET_CASE}`),
  refuses('blanks before the first field', 'RFC 9112 §2.2', GET_CASE.replace('Host', ' Host')),
  refuses('a tab before the first field', 'RFC 9112 §2.2', GET_CASE.replace('Host', '\tHost')),
];

const otherProtocols: readonly RequestCase[] = [
  refuses('the preface of HTTP/2', 'RFC 9113 §3.4', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', {
    refused: BAD_VERSION,
  }),
  refuses('a TLS hello', 'RFC 9112 §2.2', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
  refuses('an SSH greeting', 'RFC 9112 §3', 'SSH-2.0-OpenSSH_9.9\r\n'),
  refuses('a PROXY line', 'RFC 9112 §3', `PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n${GET_CASE}`),
  refuses('an answer', 'RFC 9112 §3', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
  refuses('a SIP request', 'RFC 9112 §3', message('INVITE sip:a@web SIP/2.0', [HOST]), {
    refused: BAD_VERSION,
  }),
];

export const requestLine: CaseGroup<RequestCase> = {
  category: 'request line',
  cases: [...blanks, ...oddBytes, ...methods, ...versions, ...before, ...otherProtocols],
};
