/** AnswerTemplate → bytes: always framed by a length, always with a type and the request's id. */
import type { AnswerTemplate } from './answer-template.ts';
import {
  type AnswerValues,
  escapeHtml,
  escapeJson,
  putTogether,
  type TextWithVariables,
  takeApart,
} from './answer-variables.ts';
import { TOKEN } from './bytes.ts';

export interface CompiledAnswer {
  readonly keepAlive: boolean;
  /** Status line and the fields that are the same in every answer; Latin-1. */
  readonly head: string;
  /** Fields with variables; a line whose value comes to nothing is left out. */
  readonly filledFields: readonly (readonly [name: string, value: TextWithVariables])[];
  readonly body: TextWithVariables;
  /** The whole body as Latin-1, when it is the same in every answer. */
  readonly fixedBody: string | undefined;
  readonly harmless: (value: string) => string;
}

const compiled = new WeakMap<AnswerTemplate, CompiledAnswer>();
const ownedByWriter = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'x-request-id',
]);

export function compileAnswer(template: AnswerTemplate): CompiledAnswer {
  const known = compiled.get(template);
  if (known !== undefined) return known;
  const fields = template.fields.filter(
    ([name]) => isToken(name) && !ownedByWriter.has(name.toLowerCase()),
  );
  const type = fields.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  if (type === undefined) fields.push(['Content-Type', 'text/html; charset=utf-8']);
  const parts = fields.map(([name, value]) => [name, takeApart(value)] as const);
  const fixed = parts.filter(([, value]) => value.variables.length === 0);
  const lines = [
    `HTTP/1.1 ${template.status} ${wireText(template.reason)}`,
    ...fixed.map(([name, value]) => `${name}: ${wireText(value.texts[0] ?? '')}`),
  ];
  const body = takeApart(template.body);
  const answer = {
    keepAlive: template.keepAlive,
    head: `${lines.join('\r\n')}\r\n`,
    filledFields: parts.filter(([, value]) => value.variables.length > 0),
    body,
    fixedBody: body.variables.length === 0 ? utf8Bytes(template.body) : undefined,
    harmless: escapeFor(type ?? 'text/html'),
  };
  compiled.set(template, answer);
  return answer;
}

/** Latin-1 text. `connection` is a whole line or nothing, the request id is known to be sane. */
export function writeOwnAnswer(
  answer: CompiledAnswer,
  values: AnswerValues,
  connection: string,
  withBody: boolean,
): string {
  const body = answer.fixedBody ?? utf8Bytes(putTogether(answer.body, values, answer.harmless));
  let head = answer.head;
  for (const [name, parts] of answer.filledFields) {
    const value = wireText(putTogether(parts, values, text => text));
    if (value !== '') head += `${name}: ${value}\r\n`;
  }
  head += `Content-Length: ${body.length}\r\nX-Request-Id: ${values.REQUEST_ID}\r\n${connection}`;
  return `${head}\r\n${withBody ? body : ''}`;
}

/** By the type of the body: what a client sent must not become markup or end a string. */
function escapeFor(type: string): (value: string) => string {
  if (/[/+]json\b/i.test(type)) return escapeJson;
  return /html|xml/i.test(type) ? escapeHtml : text => text;
}

function isToken(name: string): boolean {
  return name !== '' && [...name].every(char => TOKEN[char.charCodeAt(0)] === 1);
}

/** Controls become blanks: no value may end its line early. */
function wireText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through
  return utf8Bytes(text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, ' ').trim());
}

function utf8Bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
