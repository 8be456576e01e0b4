/** AnswerTemplate → bytes: always framed by a length, always with a type and the request's id. */
import type { AnswerTemplate } from './answer-template.ts';
import { TOKEN } from './bytes.ts';

export interface CompiledAnswer {
  readonly keepAlive: boolean;
  /** Status line and fields, without what differs from request to request. */
  readonly head: string;
  /** Latin-1 text, one character for each byte. */
  readonly body: string;
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
  if (!fields.some(([name]) => name.toLowerCase() === 'content-type')) {
    fields.push(['Content-Type', 'text/html; charset=utf-8']);
  }
  const body = utf8Bytes(template.body);
  const lines = [
    `HTTP/1.1 ${template.status} ${wireText(template.reason)}`,
    ...fields.map(([name, value]) => `${name}: ${wireText(value)}`),
    `Content-Length: ${body.length}`,
  ];
  const answer = { keepAlive: template.keepAlive, head: `${lines.join('\r\n')}\r\n`, body };
  compiled.set(template, answer);
  return answer;
}

/** Latin-1 text. `connection` is a whole line or nothing, `requestId` is known to be sane. */
export function writeOwnAnswer(
  { head, body }: CompiledAnswer,
  requestId: string,
  connection: string,
  withBody: boolean,
): string {
  return `${head}X-Request-Id: ${requestId}\r\n${connection}\r\n${withBody ? body : ''}`;
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
