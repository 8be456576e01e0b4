/** RFC 9112 §9.3.2: several requests at once, and requests that end too early. */
import {
  type Arrival,
  arrival,
  type CaseGroup,
  forwards,
  GET_CASE,
  get,
  HOST,
  message,
  post,
  type RequestCase,
  refuses,
  SECOND,
  SECOND_ARRIVES,
  SMUGGLED,
} from '../case.ts';

const PIPELINE = 'RFC 9112 §9.3.2';
const GET = arrival('GET');
const POST = arrival('POST', 'hello');
const LENGTH = post(['Content-Length: 5'], 'hello');
const CHUNKED = post(['Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n');
const HEAD = message('HEAD /case HTTP/1.1', [HOST]);

/** Each alone is fine; so is every pair, in order. */
const goods: readonly (readonly [title: string, bytes: string, arrives: Arrival])[] = [
  ['GET', GET_CASE, GET],
  ['POST with a length', LENGTH, POST],
  ['POST with chunks', CHUNKED, POST],
  ['HEAD', HEAD, arrival('HEAD')],
  ['GET with a body', get(['Content-Length: 5'], 'hello'), arrival('GET', 'hello')],
];
const bads: readonly (readonly [title: string, bytes: string, refused: readonly number[]])[] = [
  ['both framings', post(['Content-Length: 5', 'Transfer-Encoding: chunked'], 'hello'), [400]],
  ['no Host', message('GET /case HTTP/1.1', []), [400]],
  ['a blank before a colon', get(['X-A : b']), [400]],
  ['garbage', '\x16\x03\x01\x02', [400]],
  ['data without framing', 'hello\r\n\r\n', [400]],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 505]],
  ['a chunk size that is none', post(['Transfer-Encoding: chunked'], 'zz\r\n'), [400]],
  ['CONNECT', message('CONNECT web:443 HTTP/1.1', [HOST]), [400, 405, 501]],
];

const pairs: readonly RequestCase[] = goods.flatMap(([title, bytes, arrives]) => [
  ...goods.map(([other, others, arriveOthers]) =>
    forwards(`${title}, then ${other}`, PIPELINE, bytes + others, [arrives, arriveOthers]),
  ),
  ...bads.map(([other, others, refused]) =>
    refuses(
      `${title}, then ${other}: the answer first, then the refusal`,
      PIPELINE,
      bytes + others,
      { arrive: [arrives], refused },
    ),
  ),
]);

const sequences: readonly RequestCase[] = [
  ...bads.map(([title, bytes, refused]) =>
    refuses(`${title}: nothing behind it is read`, PIPELINE, bytes + SMUGGLED, { refused }),
  ),
  forwards(
    'twenty requests',
    PIPELINE,
    GET_CASE.repeat(20),
    Array.from({ length: 20 }, () => GET),
  ),
  forwards('an empty line between two', 'RFC 9112 §2.2', `${LENGTH}\r\n${SECOND}`, [
    POST,
    SECOND_ARRIVES,
  ]),
  forwards(
    'more body than said is the next request, whatever it is',
    'RFC 9112 §6.3',
    post(['Content-Length: 5'], `hello!${SECOND}`),
    [POST, { ...SECOND_ARRIVES, method: '!GET' }],
  ),
  refuses('two bytes of white space between two', 'RFC 9112 §2.2', `${GET_CASE}  ${SMUGGLED}`, {
    arrive: [GET],
  }),
  refuses('NUL between two', 'RFC 9112 §2.2', `${GET_CASE}\0${SMUGGLED}`, { arrive: [GET] }),
];

const EARLY = 'RFC 9112 §8';
const SILENT = { fin: true, refused: [400, 408, 0] } as const;
const early: readonly RequestCase[] = [
  ...[3, 4, 15, 20, 25].map(length =>
    refuses(`the end behind ${length} bytes of a head`, EARLY, GET_CASE.slice(0, length), SILENT),
  ),
  refuses('the end before the last byte of a head', EARLY, GET_CASE.slice(0, -1), SILENT),
  refuses('the end before the body', EARLY, post(['Content-Length: 5']), SILENT),
  refuses('the end in the body', EARLY, post(['Content-Length: 5'], 'hell'), SILENT),
  ...[
    '',
    '5',
    '5\r\n',
    '5\r\nhe',
    '5\r\nhello',
    '5\r\nhello\r\n',
    '5\r\nhello\r\n0',
    '5\r\nhello\r\n0\r\n',
    '5\r\nhello\r\n0\r\nX: y\r\n',
    '0\r\n\r',
  ].map(body =>
    refuses(
      `the end behind the chunks ${JSON.stringify(body)}`,
      EARLY,
      post(['Transfer-Encoding: chunked'], body),
      SILENT,
    ),
  ),
  forwards('the end behind a whole request', 'RFC 9112 §9.6', GET_CASE, GET, { fin: true }),
  forwards('the end behind a whole body', 'RFC 9112 §9.6', LENGTH, POST, { fin: true }),
  forwards('the end behind whole chunks', 'RFC 9112 §9.6', CHUNKED, POST, { fin: true }),
  forwards(
    'the end behind two requests',
    'RFC 9112 §9.6',
    CHUNKED + SECOND,
    [POST, SECOND_ARRIVES],
    { fin: true },
  ),
];

export const pipelining: CaseGroup<RequestCase> = {
  category: 'pipelining',
  cases: [...pairs, ...sequences],
};
export const earlyEnd: CaseGroup<RequestCase> = { category: 'early end', cases: early };
