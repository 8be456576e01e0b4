/** Too much of everything, far above every limit; and large things that are nobody's business. */
import {
  arrival,
  type CaseGroup,
  forwards,
  get,
  HOST,
  message,
  post,
  type RequestCase,
  refuses,
} from '../case.ts';

const LARGE = 'x'.repeat(200_000);
const LIMITS = 'RFC 9110 §5.4';
const TOO_LARGE = { refused: [431] } as const;

function chunked(body: string): string {
  return post(['Transfer-Encoding: chunked'], body);
}

const refused: readonly RequestCase[] = [
  refuses('an endless method', 'RFC 9112 §3', message(`${LARGE} /case HTTP/1.1`, [HOST]), {
    refused: [400, 414, 501],
  }),
  refuses('an endless target', 'RFC 9112 §3', message(`GET /${LARGE} HTTP/1.1`, [HOST]), {
    refused: [414],
  }),
  refuses('an endless query', 'RFC 9112 §3', message(`GET /case?${LARGE} HTTP/1.1`, [HOST]), {
    refused: [414],
  }),
  refuses(
    'an endless absolute form',
    'RFC 9112 §3',
    message(`GET http://${LARGE}/ HTTP/1.1`, [HOST]),
    { refused: [414] },
  ),
  refuses(
    'an endless version',
    'RFC 9112 §3',
    message(`GET /case HTTP/1.${'1'.repeat(200_000)}`, [HOST]),
    { refused: [400, 414, 505] },
  ),
  refuses('an endless first line', 'RFC 9112 §3', LARGE, { refused: [400, 414] }),
  refuses('an endless field', LIMITS, get([`X: ${LARGE}`]), TOO_LARGE),
  refuses('an endless field name', LIMITS, get([`${LARGE}: y`]), TOO_LARGE),
  refuses('an endless Host', LIMITS, message('GET /case HTTP/1.1', [`Host: ${LARGE}`]), {
    refused: [400, 431],
  }),
  refuses('an endless Cookie', LIMITS, get([`Cookie: a=${LARGE}`]), TOO_LARGE),
  refuses(
    '5,000 fields',
    LIMITS,
    get(Array.from({ length: 5000 }, (_, index) => `X-${index}: y`)),
    TOO_LARGE,
  ),
  refuses(
    '5,000 times the same field',
    LIMITS,
    get(Array.from({ length: 5000 }, () => 'X: y')),
    TOO_LARGE,
  ),
  refuses(
    'blanks without end behind a colon',
    LIMITS,
    get([`X:${' '.repeat(200_000)}y`]),
    TOO_LARGE,
  ),
  refuses(
    'a length of 200,000 zeros',
    'RFC 9112 §6.2',
    post([`Content-Length: ${'0'.repeat(200_000)}5`], 'hello'),
    { refused: [400, 431] },
  ),
  refuses(
    'a chunk size of 200,000 zeros',
    'RFC 9112 §7.1',
    chunked(`${'0'.repeat(200_000)}5\r\nhello\r\n0\r\n\r\n`),
    { refused: [400, 413] },
  ),
  refuses(
    'an endless chunk extension',
    'RFC 9112 §7.1.1',
    chunked(`5;a=${LARGE}\r\nhello\r\n0\r\n\r\n`),
    { refused: [400, 413], lenient: [arrival('POST', 'hello')] },
  ),
  refuses(
    '20,000 small chunk extensions (CVE-2024-22019)',
    'RFC 9112 §7.1.1',
    chunked(`${'1;aaaaaaaa\r\nx\r\n'.repeat(20_000)}0\r\n\r\n`),
    { refused: [400, 413], lenient: [arrival('POST', 'x'.repeat(20_000))] },
  ),
  refuses('an endless trailer', 'RFC 9112 §7.1.2', chunked(`0\r\nX: ${LARGE}\r\n\r\n`), {
    refused: [400, 413, 431],
    lenient: [arrival('POST')],
  }),
  refuses('20,000 trailers', 'RFC 9112 §7.1.2', chunked(`0\r\n${'X: y\r\n'.repeat(20_000)}\r\n`), {
    refused: [400, 413, 431],
    lenient: [arrival('POST')],
  }),
];

const BODY = 'b'.repeat(300_000);
const forwarded: readonly RequestCase[] = [
  forwards(
    'a target of 4,000 bytes',
    'RFC 9112 §3',
    message(`GET /case?${'x'.repeat(4000)} HTTP/1.1`, [HOST]),
    { method: 'GET', target: `/case?${'x'.repeat(4000)}`, body: '' },
  ),
  forwards(
    'a field of 4,000 bytes',
    LIMITS,
    get([`X-A: ${'x'.repeat(4000)}`]),
    arrival('GET', '', { 'x-a': 'x'.repeat(4000) }),
  ),
  forwards(
    '50 fields',
    LIMITS,
    get(Array.from({ length: 50 }, (_, index) => `X-${index}: y`)),
    arrival('GET', '', { 'x-49': 'y' }),
  ),
  forwards(
    'a body of 300,000 bytes',
    'RFC 9112 §6.2',
    post([`Content-Length: ${BODY.length}`], BODY),
    arrival('POST', BODY),
  ),
  forwards(
    'a chunk of 300,000 bytes',
    'RFC 9112 §7.1',
    chunked(`${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`),
    arrival('POST', BODY),
  ),
  forwards(
    '2,000 chunks of one byte',
    'RFC 9112 §7.1',
    chunked(`${'1\r\nb\r\n'.repeat(2000)}0\r\n\r\n`),
    arrival('POST', 'b'.repeat(2000)),
  ),
];

export const sizes: CaseGroup<RequestCase> = {
  category: 'sizes',
  cases: [...refused, ...forwarded],
};
