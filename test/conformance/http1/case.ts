/** What a conformance case is: a name, bytes, the section that decides, and what must happen. */

/** A request as a backend must get it. */
export interface Arrival {
  readonly method: string;
  readonly target: string;
  readonly body: string;
  /** Fields in lower case: the exact value, a pattern, or null for "does not arrive". */
  readonly fields?: Readonly<Record<string, string | RegExp | null>>;
}

export interface RequestCase {
  readonly name: string;
  /** Of RFC 9110 or 9112. */
  readonly section: string;
  /** Latin-1, one character for each byte. */
  readonly bytes: string;
  /** Sent when a 100 has come. */
  readonly afterContinue?: string;
  /** The client ends its side behind the bytes. */
  readonly fin?: true;
  /** Whole requests that arrive behind the proxy, in order; their answers reach the client. */
  readonly arrive: readonly Arrival[];
  /** Behind them comes a refusal of the proxy with one of these; 0: the end without a word. */
  readonly refused?: readonly number[];
  /** What a more lenient proxy may do by the RFC instead of refusing; never two things at once. */
  readonly lenient?: readonly Arrival[];
}

export interface AnswerCase {
  readonly name: string;
  readonly section: string;
  /** What the client asks with; `GET_CASE` when absent. */
  readonly request?: string;
  /** Written by the backend when it has the request: each piece in a packet of its own. */
  readonly pieces: readonly string[];
  /** What the backend does with its connection then. `reset-at-once`: with the last piece. Default `keep`. */
  readonly ending?: 'keep' | 'fin' | 'reset' | 'reset-at-once';
  /** `refused`: 502; `cut`: the answer never looks complete; `refused-or-cut`: either. */
  readonly expect: Delivered | 'refused' | 'cut' | 'refused-or-cut';
  /** What a more lenient proxy may deliver instead. */
  readonly lenient?: Delivered;
}

export interface Delivered {
  readonly status: number;
  readonly body: string;
  /** Statuses of interim answers before it, in order. Default: any. */
  readonly interim?: readonly number[];
  readonly fields?: Readonly<Record<string, string | RegExp | null>>;
}

export interface CaseGroup<Case> {
  readonly category: string;
  readonly cases: readonly Case[];
}

/** The one host that is served. */
export const HOST = 'Host: web';
export const GET_CASE: string = message('GET /case HTTP/1.1', [HOST]);
/** Stands behind what must not be misread; it arrives only where pipelining makes it a request. */
export const SECOND: string = message('GET /second HTTP/1.1', [HOST]);
export const SECOND_ARRIVES: Arrival = { method: 'GET', target: '/second', body: '' };
/** As `SECOND`, where no reading makes it a request of its own. */
export const SMUGGLED: string = message('GET /smuggled HTTP/1.1', [HOST]);

export function message(line: string, fields: readonly string[], body = ''): string {
  return `${[line, ...fields].map(each => `${each}\r\n`).join('')}\r\n${body}`;
}

export function post(fields: readonly string[], body = ''): string {
  return message('POST /case HTTP/1.1', [HOST, ...fields], body);
}

export function get(fields: readonly string[], body = ''): string {
  return message('GET /case HTTP/1.1', [HOST, ...fields], body);
}

export function arrival(method: string, body = '', fields?: Arrival['fields']): Arrival {
  return { method, target: '/case', body, ...(fields && { fields }) };
}

const BAD_REQUEST = [400];

export function refuses(
  name: string,
  section: string,
  bytes: string,
  more: Partial<RequestCase> = {},
): RequestCase {
  return { name, section, bytes, arrive: [], refused: BAD_REQUEST, ...more };
}

export function forwards(
  name: string,
  section: string,
  bytes: string,
  arrive: Arrival | readonly Arrival[],
  more: Partial<RequestCase> = {},
): RequestCase {
  return { name, section, bytes, arrive: [arrive].flat(), ...more };
}

/** Bytes as they are called in names of cases: few of them by their names, more of them quoted. */
export function byteName(text: string): string {
  if (text.length > 3) return JSON.stringify(text);
  return [...text].map(char => names[char] ?? hexName(char)).join(' ');
}

const names: Readonly<Record<string, string>> = {
  ' ': 'SP',
  '\t': 'HTAB',
  '\r': 'CR',
  '\n': 'LF',
  '\v': 'VT',
  '\f': 'FF',
  '\0': 'NUL',
};

function hexName(char: string): string {
  const code = char.charCodeAt(0);
  return code > 0x20 && code < 0x7f ? char : `0x${code.toString(16).padStart(2, '0')}`;
}
