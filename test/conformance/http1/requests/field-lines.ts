/** RFC 9112 §2.2 and §5: field lines and line ends. */
import {
  arrival,
  byteName,
  type CaseGroup,
  forwards,
  get,
  HOST,
  message,
  post,
  type RequestCase,
  refuses,
  SMUGGLED,
} from '../case.ts';

const GET = arrival('GET');
const POST = arrival('POST', 'hello');

/** Each field with the request that it belongs to. */
const carriers: readonly (readonly [
  name: string,
  rest: string,
  build: (line: string) => string,
])[] = [
  ['Host', 'web', line => message('GET /case HTTP/1.1', [line])],
  ['X-A', 'b', line => get([line])],
  ['Content-Length', '5', line => post([line], 'hello')],
  ['Transfer-Encoding', 'chunked', line => post([line], '5\r\nhello\r\n0\r\n\r\n')],
  ['Connection', 'close', line => get([line])],
];

const COLON = 'RFC 9112 §5.1';
const beforeColon: readonly RequestCase[] = carriers.flatMap(([name, value, build]) =>
  [' ', '\t', '  ', '\v', '\f', '\r', '\0', '\xa0', '\n', '\r\n', '\r\n '].map(blank =>
    refuses(
      `${byteName(blank)} between ${name} and its colon`,
      COLON,
      build(`${name}${blank}: ${value}`),
    ),
  ),
);

const behindColon: readonly RequestCase[] = carriers.flatMap(([name, value, build]) => [
  ...['', '\t', ' \t ', '   '].map(blank => {
    const body = name === 'Content-Length' || name === 'Transfer-Encoding' ? POST : GET;
    const title = `${byteName(blank) || 'nothing'} around the value of ${name}`;
    return forwards(title, 'RFC 9110 §5.5', build(`${name}:${blank}${value}${blank}`), body);
  }),
  ...['\v', '\f', '\0', '\x1f', '\x7f', '\b'].flatMap(control => [
    refuses(
      `${byteName(control)} before the value of ${name}`,
      'RFC 9110 §5.5',
      build(`${name}: ${control}${value}`),
    ),
    refuses(
      `${byteName(control)} behind the value of ${name}`,
      'RFC 9110 §5.5',
      build(`${name}: ${value}${control}`),
    ),
  ]),
]);

const FOLD = 'RFC 9112 §5.2';
const folds: readonly RequestCase[] = [
  ...[' ', '\t', '  '].flatMap(blank => [
    refuses(`a field folded with ${byteName(blank)}`, FOLD, get([`X-A: b\r\n${blank}c`]), {
      lenient: [GET],
    }),
    refuses(`a fold of ${byteName(blank)} alone`, FOLD, get([`X-A: b\r\n${blank}`]), {
      lenient: [GET],
    }),
    refuses(
      `Host folded with ${byteName(blank)}`,
      FOLD,
      message('GET /case HTTP/1.1', [`Host:\r\n${blank}web`]),
      {
        lenient: [GET],
      },
    ),
    refuses(
      `a length folded with ${byteName(blank)}`,
      FOLD,
      post([`Content-Length:\r\n${blank}5`], 'hello'),
      {
        lenient: [POST],
      },
    ),
    refuses(
      `a length that goes on folded with ${byteName(blank)}`,
      FOLD,
      post([`Content-Length: 5\r\n${blank}0`], 'hello'),
    ),
    refuses(
      `a coding folded with ${byteName(blank)}`,
      FOLD,
      post([`Transfer-Encoding:\r\n${blank}chunked`], '5\r\nhello\r\n0\r\n\r\n'),
      {
        lenient: [POST],
      },
    ),
    refuses(
      `a coding hidden in a fold of ${byteName(blank)}`,
      FOLD,
      post([`X-A: b\r\n${blank}Transfer-Encoding: chunked`], ''),
      {
        lenient: [arrival('POST')],
      },
    ),
  ]),
];

const NAME = 'RFC 9110 §5.1';
const names: readonly RequestCase[] = [
  ...[
    '(',
    ')',
    ',',
    '/',
    ';',
    '<',
    '=',
    '>',
    '?',
    '@',
    '[',
    '\\',
    ']',
    '{',
    '}',
    '"',
    '\0',
    '\x80',
    '\xe9',
  ].map(char => refuses(`${byteName(char)} in a field name`, NAME, get([`X${char}A: b`]))),
  refuses('an empty name', NAME, get([': b'])),
  refuses('no colon', 'RFC 9112 §5', get(['X-A'])),
  refuses(
    'no colon in the first field',
    'RFC 9112 §5',
    message('GET /case HTTP/1.1', ['Host', HOST]),
  ),
  refuses('a colon alone', 'RFC 9112 §5', get([':'])),
  ...['__proto__', 'constructor', 'toString', 'X_A', "!#$%&'*+-.^_`|~", '0'].map(name =>
    forwards(
      `the name ${name}`,
      NAME,
      get([`${name}: b`]),
      arrival('GET', '', { [name.toLowerCase()]: 'b' }),
    ),
  ),
];

const values: readonly RequestCase[] = [
  ...['\0', '\x01', '\r', '\n', '\x0b', '\x1b', '\x7f'].map(control =>
    refuses(`${byteName(control)} in a value`, 'RFC 9110 §5.5', get([`X-A: b${control}c`])),
  ),
  ...['b\xe9c', 'b\tc', '"b', 'b, c', '%0d%0aX: y', '\\r\\n', '\xff'].map(value =>
    forwards(
      `the value ${byteName(value)}`,
      'RFC 9110 §5.5',
      get([`X-A: ${value}`]),
      arrival('GET', '', { 'x-a': value }),
    ),
  ),
  forwards('an empty value', 'RFC 9110 §5.5', get(['X-A:']), arrival('GET', '', { 'x-a': '' })),
  forwards('a field twice', 'RFC 9110 §5.3', get(['X-A: b', 'X-A: c']), GET),
];

/** Every line end of a request with a body in chunks, by turns replaced with another. */
const lines: readonly (readonly [place: string, text: string, head: boolean])[] = [
  ['the request line', 'POST /case HTTP/1.1', true],
  ['Host', 'Host: web', true],
  ['Transfer-Encoding', 'Transfer-Encoding: chunked', true],
  ['the head', '', true],
  ['a chunk size', '5', false],
  ['the data of a chunk', 'hello', false],
  ['the last chunk', '0', false],
  ['a trailer', 'X-T: u', false],
  ['the trailers', '', false],
];

function withLineEnd(at: number, lineEnd: string): string {
  return lines.map(([, text], index) => text + (index === at ? lineEnd : '\r\n')).join('');
}

const lineEnds: readonly RequestCase[] = lines.flatMap(([place, , head], at) => [
  refuses(
    `a bare LF behind ${place}`,
    'RFC 9112 §2.2',
    withLineEnd(at, '\n') + SMUGGLED.slice(0, -2),
    {
      fin: true,
      ...(head && { lenient: [POST] }),
    },
  ),
  ...['\r', '\r\r\n', '\n\r', '\r\0\n', '\0\r\n', '\r \n'].map(end =>
    refuses(`${byteName(end)} behind ${place}`, 'RFC 9112 §2.2', withLineEnd(at, end), {
      fin: true,
      refused: [400, 0],
    }),
  ),
]);

export const fieldLines: CaseGroup<RequestCase> = {
  category: 'field lines',
  cases: [...beforeColon, ...behindColon, ...folds, ...names, ...values],
};

export const lineEndings: CaseGroup<RequestCase> = { category: 'line ends', cases: lineEnds };
