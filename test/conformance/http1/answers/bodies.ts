/** RFC 9112 §7 and §8: chunk faults, ends in the wrong place, too much and too many. */
import {
  type AnswerCase,
  byteName,
  type CaseGroup,
  type Delivered,
  HOST,
  message,
} from '../case.ts';

const OK = { status: 200, body: 'hello' } as const;
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
const OPEN = 'HTTP/1.1 200 OK\r\n\r\n';
const OLD = message('GET /case HTTP/1.0', [HOST]);

const CHUNK = 'RFC 9112 §7.1';
const END = '0\r\n\r\n';
const goodBodies = [
  `5\r\nhello\r\n${END}`,
  '0005\r\nhello\r\n00\r\n\r\n',
  `1\r\nh\r\n4\r\nello\r\n${END}`,
  '5;a=b\r\nhello\r\n0;c\r\n\r\n',
  '5\r\nhello\r\n0\r\nX: y\r\n\r\n',
];
const badBodies = [
  'hello',
  `\r\nhello\r\n${END}`,
  `-5\r\nhello\r\n${END}`,
  `+5\r\nhello\r\n${END}`,
  `0x5\r\nhello\r\n${END}`,
  ` 5\r\nhello\r\n${END}`,
  `g\r\nhello\r\n${END}`,
  `5\nhello\r\n${END}`,
  `5\rhello\r\n${END}`,
  `5\r\nhello\n${END}`,
  `5\r\nhello!\r\n${END}`,
  `5\r\nhell\r\n${END}`,
  `5\r\nhello${END}`,
  '5\r\nhello\r\n0\n\r\n',
  '5\r\nhello\r\n0\r\n\r\0',
  `5;a\nhello\r\n${END}`,
  `5;a=\0\r\nhello\r\n${END}`,
  `fffffffffffffffff5\r\nhello\r\n${END}`,
  `${'0'.repeat(100_000)}5\r\nhello\r\n${END}`,
];
/** These may be overlooked without a doubt about the data. */
const doubtfulBodies = [
  `5 \r\nhello\r\n${END}`,
  `5;\r\nhello\r\n${END}`,
  '5\r\nhello\r\n0\r\n\n',
  '5\r\nhello\r\n0\r\nX\r\n\r\n',
  '5\r\nhello\r\n0\r\n X: y\r\n\r\n',
  '5\r\nhello\r\n0\r\nX : y\r\n\r\n',
  '5\r\nhello\r\n0\r\nX: \0\r\n\r\n',
  '5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n',
  '5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n',
];

function called(body: string): string {
  return body.length > 100 ? 'of which a size has 100,000 digits' : byteName(body);
}

function broken(body: string, lenient?: Delivered): AnswerCase[] {
  const name = `the chunks ${called(body)}`;
  const end = { ending: 'fin', expect: 'refused-or-cut', ...(lenient && { lenient }) } as const;
  return [
    { name, section: CHUNK, pieces: [CHUNKED + body], ...end },
    { name: `${name} in a packet of their own`, section: CHUNK, pieces: [CHUNKED, body], ...end },
  ];
}

const chunked: readonly AnswerCase[] = [
  ...goodBodies.flatMap((body): AnswerCase[] => {
    const name = `the chunks ${called(body)}`;
    const old = { ...OK, fields: { 'transfer-encoding': null } };
    return [
      { name, section: CHUNK, pieces: [CHUNKED + body], expect: OK },
      {
        name: `${name} in a packet of their own`,
        section: CHUNK,
        pieces: [CHUNKED, body],
        expect: OK,
      },
      {
        name: `${name} in packets of one byte`,
        section: CHUNK,
        pieces: [CHUNKED, ...body],
        expect: OK,
      },
      {
        name: `${name} to HTTP/1.0`,
        section: CHUNK,
        request: OLD,
        pieces: [CHUNKED + body],
        expect: old,
      },
    ];
  }),
  ...badBodies.flatMap(body => broken(body)),
  ...doubtfulBodies.flatMap(body => broken(body, OK)),
];

const CUT = 'RFC 9112 §8';
const halves: readonly (readonly [name: string, text: string])[] = [
  ['behind the head', LENGTH],
  ['in the body', `${LENGTH}hell`],
  ['behind the head of chunks', CHUNKED],
  ['in a chunk size', `${CHUNKED}5`],
  ['behind a chunk size', `${CHUNKED}5\r\n`],
  ['in a chunk', `${CHUNKED}5\r\nhel`],
  ['behind the data of a chunk', `${CHUNKED}5\r\nhello`],
  ['behind a chunk', `${CHUNKED}5\r\nhello\r\n`],
  ['behind the last size', `${CHUNKED}5\r\nhello\r\n0\r\n`],
  ['in a trailer', `${CHUNKED}5\r\nhello\r\n0\r\nX: y`],
  ['before the last byte', `${CHUNKED}5\r\nhello\r\n0\r\n\r`],
];
const heads = [
  '',
  'H',
  'HTTP/1.1',
  'HTTP/1.1 200',
  'HTTP/1.1 200 OK\r',
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 200 OK\r\nContent-Le',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r',
];
const ends: readonly AnswerCase[] = (['fin', 'reset', 'reset-at-once'] as const).flatMap(ending => [
  ...heads.map(text => ({
    name: `${ending} behind ${byteName(text) || 'nothing'}`,
    section: CUT,
    pieces: text === '' ? [] : [text],
    ending,
    expect: 'refused' as const,
  })),
  ...halves.flatMap(([name, text]): AnswerCase[] => {
    const bytes = { section: CUT, pieces: [text], ending, expect: 'refused-or-cut' } as const;
    return [
      { name: `${ending} ${name}`, ...bytes },
      { name: `${ending} ${name}, to HTTP/1.0`, request: OLD, ...bytes },
    ];
  }),
]);

function untilEnd(
  name: string,
  pieces: readonly string[],
  body = 'hello',
  more: Partial<AnswerCase> = {},
): AnswerCase {
  const expect = { status: 200, body };
  return { name, section: 'RFC 9112 §6.3', pieces, ending: 'fin', expect, ...more };
}

const LOST_AT_ONCE = { ending: 'reset-at-once', expect: 'refused-or-cut' } as const;
const LOST = { ending: 'reset', expect: 'refused-or-cut' } as const;
const untilClose: readonly AnswerCase[] = [
  untilEnd('a body that the end ends', [`${OPEN}hello`]),
  untilEnd('such a body in packets', [OPEN, 'hel', 'lo']),
  untilEnd('such a body that is empty', [OPEN], ''),
  untilEnd('such a body from HTTP/1.0', ['HTTP/1.0 200 OK\r\n\r\nhello']),
  untilEnd('such a body to HTTP/1.0', [`${OPEN}hello`], 'hello', { request: OLD }),
  untilEnd(
    'such a body that looks like chunks',
    [`${OPEN}5\r\nhello\r\n${END}`],
    `5\r\nhello\r\n${END}`,
  ),
  untilEnd('such a body that holds an answer', [`${OPEN}${LENGTH}hello`], `${LENGTH}hello`),
  untilEnd('such a body that a reset ends', [OPEN, 'hello'], '', LOST),
  untilEnd('such a body that a reset ends at once', [`${OPEN}hello`], '', LOST_AT_ONCE),
  untilEnd('such a body that a reset ends at once, to HTTP/1.0', [`${OPEN}hello`], '', {
    request: OLD,
    ...LOST_AT_ONCE,
  }),
  untilEnd('such a body that a reset ends, to HTTP/1.0', [OPEN, 'hello'], '', {
    request: OLD,
    ...LOST,
  }),
];

const GOOD = `${LENGTH}hello`;
const EVIL = 'HTTP/1.1 200 OK\r\nX-Seen: evil\r\nContent-Length: 4\r\n\r\nevil';
const TIMEOUT = message('HTTP/1.1 408 Timeout', ['Connection: close', 'Content-Length: 0']);

function excess(
  name: string,
  pieces: readonly string[],
  ending: AnswerCase['ending'] = 'keep',
): AnswerCase {
  return { name, section: 'RFC 9112 §9.2', pieces, ending, expect: OK };
}

const tooMuch: readonly AnswerCase[] = [
  excess('bytes behind the body', [`${GOOD}more`]),
  excess('a line end behind the body', [`${GOOD}\r\n`]),
  excess('bytes behind the chunks', [`${CHUNKED}5\r\nhello\r\n${END}more`]),
  excess('an answer behind the chunks', [`${CHUNKED}5\r\nhello\r\n${END}${EVIL}`]),
  excess('two answers at once', [GOOD + EVIL]),
  excess('two answers, each in a packet', [GOOD, EVIL]),
  excess('three answers, each in a packet', [GOOD, EVIL, EVIL]),
  excess('an interim answer behind the answer', [GOOD, 'HTTP/1.1 103 Late\r\n\r\n']),
  excess('half an answer behind the answer', [GOOD, EVIL.slice(0, 20)]),
  excess('408 on the idle connection, then the end', [GOOD, TIMEOUT], 'fin'),
  excess('the end behind the answer', [GOOD], 'fin'),
  excess('a reset behind the answer', [GOOD], 'reset'),
];

const LARGE = 'x'.repeat(200_000);
const REST = 'Content-Length: 5\r\n\r\nhello';

function endless(name: string, section: string, bytes: string, lenient?: Delivered): AnswerCase {
  const expect = lenient ? 'refused-or-cut' : 'refused';
  return { name, section, pieces: [bytes], ending: 'fin', expect, ...(lenient && { lenient }) };
}

const sizes: readonly AnswerCase[] = [
  endless('an endless reason', 'RFC 9112 §4', `HTTP/1.1 200 ${LARGE}\r\n${REST}`),
  endless('an endless field', 'RFC 9110 §5.4', `HTTP/1.1 200 OK\r\nX: ${LARGE}\r\n${REST}`),
  endless(
    '20,000 fields',
    'RFC 9110 §5.4',
    `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}${REST}`,
  ),
  endless(
    'an endless chunk extension',
    'RFC 9112 §7.1.1',
    `${CHUNKED}5;a=${LARGE}\r\nhello\r\n${END}`,
    OK,
  ),
  endless(
    'an endless trailer',
    'RFC 9112 §7.1.2',
    `${CHUNKED}5\r\nhello\r\n0\r\nX: ${LARGE}\r\n\r\n`,
    OK,
  ),
  untilEnd(
    'a body of 200,000 bytes',
    [`HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n${LARGE}`],
    LARGE,
    { ending: 'keep' },
  ),
  untilEnd(
    'a chunk of 200,000 bytes',
    [`${CHUNKED}${(200_000).toString(16)}\r\n${LARGE}\r\n${END}`],
    LARGE,
    { ending: 'keep' },
  ),
  untilEnd('200,000 bytes until the end', [OPEN + LARGE], LARGE),
];

export const answerChunks: CaseGroup<AnswerCase> = { category: 'answer chunks', cases: chunked };
export const answerEnds: CaseGroup<AnswerCase> = {
  category: 'answer ends',
  cases: [...ends, ...untilClose],
};
export const answerExcess: CaseGroup<AnswerCase> = {
  category: 'answer excess',
  cases: [...tooMuch, ...sizes],
};
