/** RFC 9112 §6: Content-Length, Transfer-Encoding, both, and what a smuggler makes of them. */
import {
  type Arrival,
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
  SECOND,
  SECOND_ARRIVES,
  SMUGGLED,
} from '../case.ts';

const LENGTH = 'RFC 9112 §6.2';
const RULES = 'RFC 9112 §6.3';
const CODING = 'RFC 9112 §6.1';
const POST = arrival('POST', 'hello');

const badLengths = [
  '+5',
  '-5',
  '-0',
  '0x5',
  '0X5',
  '0b101',
  '0o5',
  '5.0',
  '5e0',
  '5_0',
  '5h',
  'h5',
  '5;5',
  '5 5',
  '5\t5',
  '5,6',
  '5, 6',
  ',5',
  '5,',
  '5/5',
  '"5"',
  "'5'",
  '(5)',
  '',
  '\x005',
  '5\0',
  '5\v',
  '\xa05',
  '5\xa0',
  '\xd9\xa5',
  '\xef\xbc\x95',
  'NaN',
  'Infinity',
  'five',
  'null',
  'true',
  'chunked',
  '18446744073709551621',
  '9223372036854775813',
  '99999999999999999999999999999999',
  '9007199254740993',
];

const lengths: readonly RequestCase[] = [
  ...badLengths.map(value =>
    refuses(
      `the length ${byteName(value) || 'nothing'}`,
      LENGTH,
      post([`Content-Length: ${value}`], `hello${SMUGGLED}`),
      {
        refused: [400, 413],
      },
    ),
  ),
  ...['5, 5', '5,5', '5 , 5'].map(value =>
    refuses(
      `the list of equal lengths ${value}`,
      RULES,
      post([`Content-Length: ${value}`], 'hello'),
      { lenient: [POST] },
    ),
  ),
  refuses('two equal lengths', RULES, post(['Content-Length: 5', 'Content-Length: 5'], 'hello'), {
    lenient: [POST],
  }),
  ...[
    ['5', '6'],
    ['6', '5'],
    ['0', '5'],
    ['5', '0'],
    ['5', ''],
    ['5', 'x'],
    ['x', '5'],
    ['5', '+5'],
    ['05', '5'],
  ].map(([one, other]) =>
    refuses(
      `the lengths "${one}" and "${other}"`,
      RULES,
      post([`Content-Length: ${one}`, 'X: y', `content-length: ${other}`], `hello${SMUGGLED}`),
    ),
  ),
  ...['5', '05', '0000000005'].map(value =>
    forwards(`the length ${value}`, LENGTH, post([`Content-Length: ${value}`], 'hello'), POST),
  ),
  ...['content-length', 'CONTENT-LENGTH', 'cOnTeNt-LeNgTh'].map(name =>
    forwards(`${name}`, LENGTH, post([`${name}: 5`], 'hello'), POST),
  ),
  forwards('Content_Length is another field', LENGTH, get(['Content_Length: 5'], SECOND), [
    arrival('GET'),
    SECOND_ARRIVES,
  ]),
  forwards('nothing, then another request (0.CL)', RULES, post(['Content-Length: 0'], SECOND), [
    arrival('POST'),
    SECOND_ARRIVES,
  ]),
  forwards('no framing at all, then another request', RULES, post([], SECOND), [
    arrival('POST'),
    SECOND_ARRIVES,
  ]),
];

/** Values that must not be taken for `chunked`; §6.1 asks for 501 or 400. */
const badCodings = [
  'xchunked',
  'chunkedx',
  'x-chunked',
  'chunked-',
  'chunke',
  'chunked chunked',
  'chunked;q=1',
  'chunked;',
  '"chunked"',
  "'chunked'",
  '[chunked]',
  'chunked\v',
  '\vchunked',
  'chunked\0',
  'ch\0unked',
  '\xa0chunked',
  'chunked\xa0',
  'chun\xe2\x84\xaaed',
  '\xef\xbd\x83hunked',
  'chunked, identity',
  'chunked, gzip',
  'chunked,chunked',
  'chunked, chunked',
  'chunked,cow',
  'identity',
  'identity, chunked, identity',
  'gzip',
  'cow',
  '',
  ',',
  'chunked, x;"',
  '\x01chunked',
  'chunked\x7f',
  'chun ked',
];

const REFUSED_CODING = { refused: [400, 501] } as const;
const CHUNKS = `5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`;

const codings: readonly RequestCase[] = [
  ...badCodings.flatMap(value => {
    const shown = byteName(value) || 'nothing';
    const line = `Transfer-Encoding: ${value}`;
    return [
      refuses(`the coding ${shown}`, CODING, post([line], CHUNKS), REFUSED_CODING),
      refuses(
        `a length, then the coding ${shown}`,
        CODING,
        post(['Content-Length: 5', line], CHUNKS),
        REFUSED_CODING,
      ),
      refuses(
        `the coding ${shown}, then a length`,
        CODING,
        post([line, 'Content-Length: 5'], CHUNKS),
        REFUSED_CODING,
      ),
      refuses(
        `chunked, then the coding ${shown} in a line of its own (TE.TE)`,
        CODING,
        post(['Transfer-Encoding: chunked', line], CHUNKS),
        REFUSED_CODING,
      ),
      refuses(
        `the coding ${shown}, then chunked in a line of its own (TE.TE)`,
        CODING,
        post([line, 'Transfer-encoding: chunked'], CHUNKS),
        REFUSED_CODING,
      ),
    ];
  }),
  ...['chunked', 'Chunked', 'CHUNKED', 'cHuNkEd'].map(value =>
    forwards(
      `the coding ${value}`,
      'RFC 9112 §7',
      post([`Transfer-Encoding: ${value}`], '5\r\nhello\r\n0\r\n\r\n'),
      POST,
    ),
  ),
  ...[',chunked', 'chunked,', ', ,chunked'].map(value =>
    refuses(
      `the list ${value}`,
      'RFC 9110 §5.6.1',
      post([`Transfer-Encoding: ${value}`], '5\r\nhello\r\n0\r\n\r\n'),
      { ...REFUSED_CODING, lenient: [POST] },
    ),
  ),
  ...['gzip, chunked', 'cow, chunked', 'deflate,chunked'].map(value =>
    refuses(
      `the coding ${value}`,
      CODING,
      post([`Transfer-Encoding: ${value}`], '5\r\nhello\r\n0\r\n\r\n'),
      { ...REFUSED_CODING, lenient: [POST] },
    ),
  ),
  refuses(
    'the coding identity, chunked',
    CODING,
    post(['Transfer-Encoding: identity, chunked'], '5\r\nhello\r\n0\r\n\r\n'),
    { ...REFUSED_CODING, lenient: [POST] },
  ),
  refuses(
    'chunked in two lines',
    CODING,
    post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], CHUNKS),
    REFUSED_CODING,
  ),
  forwards(
    'Transfer_Encoding is another field',
    CODING,
    post(['Content-Length: 5', 'Transfer_Encoding: chunked'], 'hello'),
    POST,
  ),
  forwards(
    'Transfer-Encoding in a value',
    CODING,
    post(['Content-Length: 5', 'X: y; Transfer-Encoding: chunked'], 'hello'),
    POST,
  ),
];

const both: readonly RequestCase[] = [
  ['Content-Length: 4', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Content-Length: 4'],
  ['Content-Length: 0', 'Transfer-Encoding: chunked'],
  ['content-length: 4', 'X: y', 'TRANSFER-ENCODING: CHUNKED'],
  ['Transfer-Encoding: chunked', 'Content-Length: 4', 'Content-Length: 4'],
  ['Content-Length: 4', 'Transfer-Encoding: chunked', 'Connection: Transfer-Encoding'],
  ['Content-Length: 4', 'Transfer-Encoding: chunked', 'Connection: Content-Length'],
].flatMap(fields => [
  refuses(`CL.TE: ${fields.join(', ')}`, RULES, post(fields, `0\r\n\r\n${SECOND}`), {
    lenient: [arrival('POST'), SECOND_ARRIVES],
  }),
  refuses(`TE.CL: ${fields.join(', ')}`, RULES, post(fields, `5\r\nhello\r\n0\r\n\r\n`), {
    lenient: [POST],
  }),
]);

const HTTP_10: readonly RequestCase[] = [
  refuses(
    'a coding in HTTP/1.0',
    CODING,
    message('POST /case HTTP/1.0', [HOST, 'Transfer-Encoding: chunked'], CHUNKS),
  ),
  refuses(
    'a coding in HTTP/1.0 that stays',
    CODING,
    message(
      'POST /case HTTP/1.0',
      [HOST, 'Connection: keep-alive', 'Transfer-Encoding: chunked'],
      CHUNKS,
    ),
  ),
  refuses(
    'both in HTTP/1.0',
    CODING,
    message(
      'POST /case HTTP/1.0',
      [HOST, 'Content-Length: 5', 'Transfer-Encoding: chunked'],
      CHUNKS,
    ),
  ),
  forwards(
    'a length in HTTP/1.0',
    LENGTH,
    message('POST /case HTTP/1.0', [HOST, 'Content-Length: 5'], 'hello'),
    POST,
  ),
];

/** Framing never depends on the method (CL.0, CVE-2026-29057). */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'BREW', 'get'];
const anyMethod: readonly RequestCase[] = methods.flatMap(method => {
  const line = `${method} /case HTTP/1.1`;
  const chunked = `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`;
  const arrives: Arrival = { method, target: '/case', body: SMUGGLED };
  return [
    forwards(
      `${method} with a length (CL.0)`,
      RULES,
      message(line, [HOST, `Content-Length: ${SMUGGLED.length}`], SMUGGLED),
      arrives,
    ),
    forwards(
      `${method} with chunks`,
      RULES,
      message(line, [HOST, 'Transfer-Encoding: chunked'], chunked),
      arrives,
    ),
    forwards(
      `${method} with a length, then another`,
      RULES,
      message(line, [HOST, `Content-Length: ${SMUGGLED.length}`], SMUGGLED + SECOND),
      [arrives, SECOND_ARRIVES],
    ),
    forwards(`${method} without a body, then another`, RULES, message(line, [HOST], SECOND), [
      { ...arrives, body: '' },
      SECOND_ARRIVES,
    ]),
  ];
});

export const contentLength: CaseGroup<RequestCase> = { category: 'Content-Length', cases: lengths };
export const transferEncoding: CaseGroup<RequestCase> = {
  category: 'Transfer-Encoding',
  cases: [...codings, ...HTTP_10],
};
export const smuggling: CaseGroup<RequestCase> = {
  category: 'both framings, any method',
  cases: [...both, ...anyMethod],
};
