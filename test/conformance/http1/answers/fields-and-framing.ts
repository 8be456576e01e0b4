/** RFC 9112 §5 and §6 for answers: fields, line ends, lengths, codings, bodies that may not be. */
import {
  type AnswerCase,
  byteName,
  type CaseGroup,
  type Delivered,
  HOST,
  message,
} from '../case.ts';

const OK = { status: 200, body: 'hello' } as const;
const LENGTH = 'Content-Length: 5';
const CHUNKED = 'Transfer-Encoding: chunked';
const CHUNKS = '5\r\nhello\r\n0\r\n\r\n';

interface Bytes {
  readonly fields: readonly string[];
  readonly body?: string;
  readonly line?: string;
}

function pieces({ fields, body = 'hello', line = 'HTTP/1.1 200 OK' }: Bytes): readonly string[] {
  return [message(line, fields, body)];
}

function delivers(name: string, section: string, bytes: Bytes, expect: Delivered = OK): AnswerCase {
  return { name, section, pieces: pieces(bytes), expect };
}

function refuses(name: string, section: string, bytes: Bytes, lenient?: Delivered): AnswerCase {
  const end = { ending: 'fin', expect: 'refused' } as const;
  return { name, section, pieces: pieces(bytes), ...end, ...(lenient && { lenient }) };
}

const FIELDS = 'RFC 9112 §5';
const badFields = [
  'X',
  ': y',
  'X y: z',
  'X(: y',
  'X\xe9: y',
  'X: a\0b',
  'X: a\x01b',
  'X: a\x7fb',
  'X: a\rb',
  '\0X: y',
  'X\0: y',
  '{X}: y',
];
const fieldLines: readonly AnswerCase[] = [
  ...badFields.map(line =>
    refuses(`the field ${byteName(line)}`, FIELDS, { fields: [line, LENGTH] }),
  ),
  ...['X : y', 'X\t: y'].map(line =>
    refuses(`the field ${byteName(line)}`, 'RFC 9112 §5.1', { fields: [line, LENGTH] }, OK),
  ),
  refuses(
    'a blank between Content-Length and its colon',
    'RFC 9112 §5.1',
    { fields: ['Content-Length : 5'] },
    OK,
  ),
  ...['X: y\r\n z', 'X: y\r\n\tz', 'X: y\r\n ', 'X:\r\n y'].map(line =>
    refuses(`the fold ${byteName(line)}`, 'RFC 9112 §5.2', { fields: [line, LENGTH] }, OK),
  ),
  refuses('a blank before the first field', 'RFC 9112 §2.2', { fields: [' X: y', LENGTH] }, OK),
  refuses('a folded length', 'RFC 9112 §5.2', { fields: ['Content-Length:\r\n 5'] }, OK),
  ...['X:', 'X:y', 'X:\ty\t', 'X: \xe9', '__proto__: y', 'Set-Cookie: a=b', 'X: "'].map(line =>
    delivers(`the field ${byteName(line)}`, FIELDS, { fields: [line, LENGTH] }),
  ),
  delivers('a field twice', 'RFC 9110 §5.3', {
    fields: ['Set-Cookie: a=b', 'Set-Cookie: c', LENGTH],
  }),
];

const LINE = 'HTTP/1.1 200 OK';
const endings: readonly (readonly [place: string, bytes: (end: string) => string])[] = [
  ['the status line', end => `${LINE}${end}${LENGTH}\r\n\r\nhello`],
  ['a field', end => `${LINE}\r\n${LENGTH}${end}X: y\r\n\r\nhello`],
  ['the last field', end => `${LINE}\r\n${LENGTH}${end}\r\nhello`],
  ['the head', end => `${LINE}\r\n${LENGTH}\r\n${end}hello`],
  ['every line', end => `${LINE}${end}${LENGTH}${end}${end}hello`],
];
const lineEnds: readonly AnswerCase[] = endings.flatMap(([place, bytes]) =>
  ['\n', '\r', '\r\r\n', '\n\r', '\0\r\n'].map(end => ({
    name: `${byteName(end)} behind ${place}`,
    section: 'RFC 9112 §2.2',
    pieces: [bytes(end)],
    ending: 'fin' as const,
    expect: 'refused' as const,
    ...(end === '\n' && { lenient: OK }),
  })),
);

const RULES = 'RFC 9112 §6.3';
const badLengths = [
  '',
  '+5',
  '-5',
  '0x5',
  '5.0',
  '5e0',
  '5 5',
  '5,6',
  ',5',
  '5;',
  'five',
  '"5"',
  '\v5',
  '5\0',
  '18446744073709551621',
  '99999999999999999999999999',
];
const lengths: readonly AnswerCase[] = [
  ...badLengths.map(value =>
    refuses(`the length ${byteName(value) || 'nothing'}`, RULES, {
      fields: [`Content-Length: ${value}`],
    }),
  ),
  refuses('two equal lengths', RULES, { fields: [LENGTH, LENGTH] }, OK),
  refuses('a list of equal lengths', RULES, { fields: ['Content-Length: 5, 5'] }, OK),
  refuses('two lengths, the smaller first', RULES, {
    fields: [LENGTH, 'Content-Length: 9'],
    body: 'hellofine',
  }),
  refuses('two lengths, the larger first', RULES, {
    fields: ['Content-Length: 9', LENGTH],
    body: 'hellofine',
  }),
  delivers('leading zeros', RULES, { fields: ['Content-Length: 0005'] }),
  refuses('a length and chunks', RULES, { fields: [LENGTH, CHUNKED], body: CHUNKS }, OK),
  refuses('chunks and a length', RULES, { fields: [CHUNKED, LENGTH], body: CHUNKS }, OK),
];

const CODING = 'RFC 9112 §6.1';
const badCodings = [
  '',
  'xchunked',
  'chunked, chunked',
  'chunked;q=1',
  '"chunked"',
  'chunked\v',
  '\vchunked',
  'chunked\0',
  'chunked identity',
  'gzip',
  'gzip, chunked',
  'identity, chunked',
  'chunked, gzip',
  'chun\xe2\x84\xaaed',
  '\xa0chunked',
];
const codings: readonly AnswerCase[] = [
  ...badCodings.map(value =>
    refuses(`the coding ${byteName(value) || 'nothing'}`, CODING, {
      fields: [`Transfer-Encoding: ${value}`],
      body: CHUNKS,
    }),
  ),
  refuses('chunked in two lines', CODING, { fields: [CHUNKED, CHUNKED], body: CHUNKS }, OK),
  refuses(
    'a coding in HTTP/1.0',
    CODING,
    { fields: [CHUNKED], body: CHUNKS, line: 'HTTP/1.0 200 OK' },
    OK,
  ),
  ...['chunked', 'Chunked', 'CHUNKED'].map(value =>
    delivers(`the coding ${value}`, 'RFC 9112 §7', {
      fields: [`Transfer-Encoding: ${value}`],
      body: CHUNKS,
    }),
  ),
];

const BODILESS = 'RFC 9110 §6.4.1';
const EVIL = message('HTTP/1.1 200 OK', ['Content-Length: 4'], 'evil');
const noBodies: readonly (readonly [name: string, bytes: Bytes])[] = [
  ['without framing', { fields: [], body: '' }],
  ['with a length', { fields: [LENGTH], body: '' }],
  ['with a length and a body', { fields: [LENGTH] }],
  ['with chunks announced', { fields: [CHUNKED], body: '' }],
  ['with chunks', { fields: [CHUNKED], body: CHUNKS }],
  ['with an answer as its body', { fields: [`Content-Length: ${EVIL.length}`], body: EVIL }],
];
const bodiless: readonly AnswerCase[] = noBodies.flatMap(([name, bytes]) => [
  ...[204, 304].flatMap(status => {
    const [text = ''] = pieces({ ...bytes, line: `HTTP/1.1 ${status} No` });
    const head = text.indexOf('\r\n\r\n') + 4;
    const expect = { status, body: '' };
    return [
      { name: `${status} ${name}`, section: BODILESS, pieces: [text], expect },
      {
        name: `${status} ${name}, and the end`,
        section: BODILESS,
        pieces: [text],
        ending: 'fin' as const,
        expect,
      },
      {
        name: `${status} ${name}, in two packets`,
        section: BODILESS,
        pieces: [text.slice(0, head), text.slice(head)],
        expect,
      },
    ];
  }),
  {
    name: `HEAD ${name}`,
    section: BODILESS,
    request: message('HEAD /case HTTP/1.1', [HOST]),
    pieces: pieces(bytes),
    expect: { status: 200, body: '' },
  },
]);

const HOP = 'RFC 9110 §7.6.1';
const hops: readonly AnswerCase[] = [
  delivers(
    'a field that Connection names',
    HOP,
    { fields: ['Connection: X-A', 'X-A: b', 'X-B: c', LENGTH] },
    { ...OK, fields: { 'x-a': null, 'x-b': 'c' } },
  ),
  delivers('Connection names Content-Length', HOP, {
    fields: ['Connection: Content-Length', LENGTH],
  }),
  delivers('Connection names Transfer-Encoding', HOP, {
    fields: ['Connection: Transfer-Encoding', CHUNKED],
    body: CHUNKS,
  }),
  ...['Keep-Alive: timeout=5', 'Proxy-Connection: close', 'Upgrade: h2c'].map(line =>
    delivers(
      line,
      HOP,
      { fields: [line, LENGTH] },
      { ...OK, fields: { [(line.split(':')[0] ?? '').toLowerCase()]: null } },
    ),
  ),
  {
    ...delivers('Connection: close', 'RFC 9112 §9.6', { fields: ['Connection: close', LENGTH] }),
    ending: 'fin',
  },
  delivers('Connection: close, and yet it stays', 'RFC 9112 §9.6', {
    fields: ['Connection: close', LENGTH],
  }),
  delivers('HTTP/1.0 with keep-alive', 'RFC 9112 §9.3', {
    fields: ['Connection: keep-alive', LENGTH],
    line: 'HTTP/1.0 200 OK',
  }),
  delivers('HTTP/1.0 without', 'RFC 9112 §9.3', { fields: [LENGTH], line: 'HTTP/1.0 200 OK' }),
];

export const answerFields: CaseGroup<AnswerCase> = {
  category: 'answer fields',
  cases: [...fieldLines, ...lineEnds, ...hops],
};
export const answerFraming: CaseGroup<AnswerCase> = {
  category: 'answer framing',
  cases: [...lengths, ...codings, ...bodiless],
};
