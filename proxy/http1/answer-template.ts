/** What the proxy answers by itself, as data, and how an answer file becomes that data. */

import { ProxyError } from '../shared/errors.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { unfilledVariable } from './answer-variables.ts';

export interface AnswerTemplate {
  /** 100–599; must be the status the template is registered for. */
  readonly status: number;
  /** Reaches the client as written (custom reason phrases are kept). */
  readonly reason: string;
  /**
   * In file order, without Content-Length and Connection: the writer owns framing. Values and the
   * body may have variables (`answer-variables.ts`).
   */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** False when the file says `Connection: close`. */
  readonly keepAlive: boolean;
}

export interface ParsedAnswer {
  readonly template: AnswerTemplate;
  readonly warnings: readonly AnswerWarning[];
}

export interface AnswerWarning {
  /** A sentence that begins with `source:` or `source:line:`. */
  readonly text: string;
  /** What would come of it elsewhere. */
  readonly why?: string;
  /** An empty line in front of this line mends it. */
  readonly blankLineBefore?: number;
  /** Without this line, an empty one, it is right. */
  readonly strayBlankLine?: number;
}

/** Statuses that the proxy may have to answer by itself. */
export const ANSWER_STATUSES: readonly number[] = [
  301, 302, 308, 400, 401, 403, 404, 408, 413, 414, 417, 421, 429, 431, 501, 502, 503, 504, 505,
  507,
];

const statusLine = /^HTTP\/1\.[01] ([1-5]\d\d)(?: (.*))?$/s;
// RFC 9110 §5.6.2: a field name is a token.
const fieldLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/s;
const almostFieldLine = /^[\w -]{1,40}:/;
/** Fields that nobody would write as the first line of a text. */
const wellKnown =
  /^(?:content-(?:type|language|encoding)|cache-control|connection|retry-after|set-cookie): ?\S/i;
const markup = /^\s*[<{[]/;
// RFC 9110 §5.5: HTAB is the only control character in a value.
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const control = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const droppedFields = new Set(['content-length', 'connection', 'keep-alive']);
const refusedFields = new Set(['transfer-encoding', 'upgrade', 'trailer', 'te']);

interface Line {
  readonly text: string;
  readonly number: number;
  /** Where the line begins in the whole text. */
  readonly start: number;
}

/** `source` is how the file is called in messages. */
export function parseAnswer(
  text: string,
  status: number,
  source: string,
): Result<ParsedAnswer, ProxyError> {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = splitLines(clean);
  const first = parseStatusLine(lines[0]?.text ?? '', status);
  if (!first.ok) return err(invalid(source, 1, first.error));
  const head = parseFields(lines.slice(1), clean.length, source);
  if (!head.ok) return head;
  const { fields, bodyStart, keepAlive, warnings } = head.value;
  const body = clean.slice(bodyStart);
  const unfilled = unfilledVariable(clean);
  if (unfilled !== undefined) {
    warnings.push({
      text: `${source}: ${unfilled} is sent as it stands; this proxy does not fill it in`,
    });
  }
  return ok({ template: { status, reason: first.value, fields, body, keepAlive }, warnings });
}

function parseStatusLine(line: string, status: number): Result<string, string> {
  const match = statusLine.exec(line);
  if (match === null) {
    const shown = JSON.stringify(line.slice(0, 60));
    return err(`${shown} is not a status line; the file begins with "HTTP/1.1 ${status} <reason>"`);
  }
  const [, code, reason = ''] = match;
  if (Number(code) !== status) return err(`the file answers ${code} but is given for ${status}`);
  if (control.test(reason)) return err('the reason phrase holds a control character');
  return ok(reason.trimEnd());
}

interface Head {
  readonly fields: [string, string][];
  readonly bodyStart: number;
  readonly keepAlive: boolean;
  readonly warnings: AnswerWarning[];
}

function parseFields(
  lines: readonly Line[],
  end: number,
  source: string,
): Result<Head, ProxyError> {
  const fields: [string, string][] = [];
  const warnings: AnswerWarning[] = [];
  let keepAlive = true;
  for (const [index, line] of lines.entries()) {
    if (line.text === '') {
      const next = lines[index + 1];
      warnings.push(...lostField(line, next, source));
      return ok({ fields, bodyStart: next?.start ?? end, keepAlive, warnings });
    }
    const field = fieldLine.exec(line.text);
    if (field === null) {
      const reason = whyNotBody(line.text);
      if (reason !== undefined) return err(invalid(source, line.number, reason));
      warnings.push(noBlankLine(line, lines.slice(index + 1), source));
      return ok({ fields, bodyStart: line.start, keepAlive, warnings });
    }
    const [, name = '', value = ''] = field;
    const reason = whyRefused(name.toLowerCase(), value);
    if (reason !== undefined) return err(invalid(source, line.number, reason));
    if (name.toLowerCase() === 'connection') keepAlive &&= !/\bclose\b/i.test(value);
    if (!droppedFields.has(name.toLowerCase())) fields.push([name, value]);
  }
  return ok({ fields, bodyStart: end, keepAlive, warnings });
}

function noBlankLine(first: Line, rest: readonly Line[], source: string): AnswerWarning {
  const { number } = first;
  const inside = rest.find(line => line.text === '')?.number;
  const why =
    inside === undefined
      ? 'a proxy that waits for an empty line finds no body in it'
      : `a proxy that waits for an empty line takes the page up to line ${inside} for header lines`;
  return {
    text:
      `${source}:${number}: "${first.text.trim().slice(0, 40)}" is not a header: the blank line before ` +
      `the body is missing, so the body is taken to begin here. Fix: insert an empty line before line ${number}`,
    why,
    blankLineBefore: number,
  };
}

/** A line that was meant as a field and begins the body. */
function lostField(blank: Line, next: Line | undefined, source: string): AnswerWarning[] {
  if (next === undefined || !wellKnown.test(next.text)) return [];
  const text =
    `${source}:${next.number}: "${next.text.trim().slice(0, 40)}" looks like a header but stands behind ` +
    `the empty line ${blank.number}, so it is part of the body`;
  const why = 'clients show it as text and do not act on it';
  return [{ text, why, strayBlankLine: blank.number }];
}

/** A line that is no field may begin the body, but a mistyped field must not become text. */
function whyNotBody(line: string): string | undefined {
  if (markup.test(line)) return undefined;
  if (/^[ \t]/.test(line)) return 'a header may not go on over several lines; join them';
  if (almostFieldLine.test(line)) {
    return `"${line.slice(0, 60)}" is not a header: a name is one word, the colon right behind it`;
  }
  return undefined;
}

function whyRefused(name: string, value: string): string | undefined {
  if (control.test(value)) return `the value of ${name} holds a control character`;
  if (refusedFields.has(name)) return `${name} is not allowed: the proxy frames its own answers`;
  return undefined;
}

/** LF, CRLF or both; every line knows where it begins so that the body is kept byte for byte. */
function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const stop = text[end - 1] === '\r' && end > start ? end - 1 : end;
    lines.push({ text: text.slice(start, stop), number: lines.length + 1, start });
    start = end + 1;
  }
  return lines;
}

function invalid(source: string, line: number, why: string): ProxyError {
  return new ProxyError('PROXY_ANSWER_INVALID', `${source}:${line}: ${why}`);
}
