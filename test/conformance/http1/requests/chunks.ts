/** RFC 9112 §7.1: chunks, their extensions, and trailers. */
import {
  arrival,
  byteName,
  type CaseGroup,
  forwards,
  post,
  type RequestCase,
  refuses,
  SECOND,
  SECOND_ARRIVES,
  SMUGGLED,
} from '../case.ts';

const POST = arrival('POST', 'hello');
const END = '0\r\n\r\n';

function chunked(body: string): string {
  return post(['Transfer-Encoding: chunked'], body);
}

const SIZE = 'RFC 9112 §7.1';
const badSizes = [
  '',
  '+5',
  '-5',
  '-0',
  '0x5',
  '0X5',
  'x5',
  '5x',
  '5h',
  '5.0',
  '5,5',
  '5 5',
  ' 5',
  '\t5',
  '5 ',
  '5\t',
  '5\v',
  '\v5',
  '5\0',
  '\x005',
  '5\xa0',
  '"5"',
  '5_0',
  'g',
  '\xef\xbc\x95',
  '5:',
  '5=',
  '(5)',
  '#5',
  '5\r',
  '5\r\r',
  '10000000000000005',
  'ffffffffffffffff',
  'ffffffffffffffffffffffff',
  '100000000000000000000005',
];
const sizes: readonly RequestCase[] = [
  ...badSizes.map(size =>
    refuses(
      `the size ${byteName(size) || 'nothing'}`,
      SIZE,
      chunked(`${size}\r\nhello\r\n${END}${SMUGGLED}`),
      {
        refused: [400, 413],
      },
    ),
  ),
  forwards('one chunk', SIZE, chunked(`5\r\nhello\r\n${END}`), POST),
  forwards(
    'five chunks',
    SIZE,
    chunked(`${[...'hello'].map(char => `1\r\n${char}\r\n`).join('')}${END}`),
    POST,
  ),
  forwards('no data', SIZE, chunked(END), arrival('POST')),
  forwards('leading zeros', SIZE, chunked(`0005\r\nhello\r\n000\r\n\r\n`), POST),
  forwards(
    'hexadecimal in either case',
    SIZE,
    chunked(`a\r\n0123456789\r\nA\r\n0123456789\r\n${END}`),
    arrival('POST', '01234567890123456789'),
  ),
  forwards('chunks, then another request', SIZE, chunked(`5\r\nhello\r\n${END}${SECOND}`), [
    POST,
    SECOND_ARRIVES,
  ]),
  forwards(
    'a request as data',
    SIZE,
    chunked(`${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n${END}`),
    arrival('POST', SMUGGLED),
  ),
  forwards(
    'data that looks like chunks',
    SIZE,
    chunked(`a\r\n${END}${END}\r\n${END}`),
    arrival('POST', END + END),
  ),
];

const data: readonly RequestCase[] = [
  refuses('longer data than said', SIZE, chunked(`5\r\nhello!\r\n${END}`)),
  refuses('shorter data than said', SIZE, chunked(`5\r\nhell\r\n${END}`)),
  refuses('two bytes in place of the line end', SIZE, chunked(`5\r\nhelloXX${END}`)),
  ...['\rX', 'X\n', '\r\0', 'X\r\n'].map(end =>
    refuses(`${byteName(end)} behind the data`, SIZE, chunked(`5\r\nhello${end}${END}`)),
  ),
  refuses('no line end behind the data', SIZE, chunked(`5\r\nhello${END}`)),
  refuses('one half of a line end behind the data', SIZE, chunked(`5\r\nhello\n${END}`)),
  refuses(
    'a request behind the last chunk, no empty line',
    SIZE,
    chunked(`5\r\nhello\r\n0\r\n${SMUGGLED}`),
    { lenient: [POST] },
  ),
  refuses('a length behind the last chunk', SIZE, chunked(`5\r\nhello\r\n0 \r\n\r\n`)),
];

const EXTENSION = 'RFC 9112 §7.1.1';
const goodExtensions = [
  ';a',
  ';a=b',
  ';a="b c"',
  ';a="\\""',
  ';a="b";c=d',
  ";!#$%&'*+-.^_`|~=1",
  ';a="\xe9"',
  ';a=""',
];
const badExtensions = [
  ';',
  ';;a',
  ';a;',
  ';=b',
  ';a=',
  ';a=b c',
  ';a="b',
  ';a="b"c',
  ';a=\0',
  ';a\0',
  ';a="\x01"',
  ';(=b',
  'a=b',
  ';a\n',
  ';a\rb',
  ';a="\r\n"',
  ';a="\n"',
  ';\n',
  ';\r',
  ';a\r',
  ';\xe9=b',
];
/** RFC 9110 §5.6.3: to be taken off; a relay that passes bytes on refuses them. */
const blankExtensions = [' ;a', '; a', ';a ', ';a =b', ';a= b', '\t;a=b', ';a=b\t'];
const extensions: readonly RequestCase[] = [
  ...goodExtensions.map(extension =>
    forwards(
      `the extension ${byteName(extension)}`,
      EXTENSION,
      chunked(`5${extension}\r\nhello\r\n0${extension}\r\n\r\n`),
      POST,
    ),
  ),
  ...badExtensions.map(extension =>
    refuses(
      `the extension ${byteName(extension)}`,
      EXTENSION,
      chunked(`5${extension}\r\nhello\r\n${END}`),
      {
        ...(!/[\r\n\0]/.test(extension) && { lenient: [POST] }),
      },
    ),
  ),
  ...blankExtensions.map(extension =>
    refuses(
      `the extension ${byteName(extension)}`,
      EXTENSION,
      chunked(`5${extension}\r\nhello\r\n${END}`),
      { lenient: [POST] },
    ),
  ),
];

const TRAILER = 'RFC 9110 §6.5';
const withTrailer = (line: string): string => chunked(`5\r\nhello\r\n0\r\n${line}\r\n\r\n`);
const badTrailers = [
  'X',
  ': y',
  'X : y',
  ' X: y',
  'X: y\r\n z',
  'X: \0',
  'X: y\rz',
  'X: y\nZ: 1',
  'X\xe9: y',
  'X(: y',
  '\0X: y',
];
const framingTrailers = [
  'Content-Length: 5',
  'Transfer-Encoding: chunked',
  'Host: other',
  'content-length: 0',
  'TRANSFER-ENCODING: x',
];
const trailers: readonly RequestCase[] = [
  ...['X: y', 'X: y\r\nZ: 1', 'Digest: a=b', 'X:', 'X:\ty\t', 'X: \xe9'].map(line =>
    forwards(`the trailer ${byteName(line)}`, TRAILER, withTrailer(line), POST),
  ),
  ...badTrailers.map(line =>
    refuses(`the trailer ${byteName(line)}`, 'RFC 9112 §7.1.2', withTrailer(line), {
      ...(/^X: y\r/.test(line) && { lenient: [POST] }),
    }),
  ),
  ...framingTrailers.map(line =>
    refuses(`the trailer ${line}`, 'RFC 9110 §6.5.1', withTrailer(line), { lenient: [POST] }),
  ),
  ...[
    'X-Forwarded-For: 9.9.9.9',
    'Forwarded: for=9.9.9.9',
    'Connection: close',
    'X-Request-Id: 9',
  ].map(line =>
    refuses(`the trailer ${line}`, 'RFC 9110 §6.5.1', withTrailer(line), { lenient: [POST] }),
  ),
];

export const chunks: CaseGroup<RequestCase> = { category: 'chunks', cases: [...sizes, ...data] };
export const chunkExtensions: CaseGroup<RequestCase> = {
  category: 'chunk extensions',
  cases: extensions,
};
export const trailerFields: CaseGroup<RequestCase> = { category: 'trailers', cases: trailers };
