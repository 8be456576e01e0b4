/** AnswerTemplate → bytes: always framed by a length, always with a type and the request's id. */
import type { AnswerTemplate } from './answer-template.ts';
import { TOKEN } from './bytes.ts';

interface CompiledAnswer {
  readonly keepAlive: boolean;
  /** Status line and fields, without what differs from request to request. */
  readonly head: string;
  readonly body: Buffer;
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
  const body = Buffer.from(template.body, 'utf8');
  const lines = [
    `HTTP/1.1 ${template.status} ${wireText(template.reason)}`,
    ...fields.map(([name, value]) => `${name}: ${wireText(value)}`),
    `Content-Length: ${body.length}`,
  ];
  const answer = { keepAlive: template.keepAlive, head: `${lines.join('\r\n')}\r\n`, body };
  compiled.set(template, answer);
  return answer;
}

/** `connection` and `requestId` are whole header values known to be sane. */
export function writeOwnAnswer(
  answer: CompiledAnswer,
  requestId: string,
  connection: string,
  withBody: boolean,
): Buffer {
  const head = `${answer.head}X-Request-Id: ${requestId}\r\n${connection}\r\n`;
  const bytes = Buffer.allocUnsafe(head.length + (withBody ? answer.body.length : 0));
  bytes.write(head, 0, 'latin1');
  if (withBody) answer.body.copy(bytes, head.length);
  return bytes;
}

function isToken(name: string): boolean {
  return name !== '' && [...name].every(char => TOKEN[char.charCodeAt(0)] === 1);
}

/** Text as it goes on the wire: UTF-8 read byte by byte, controls as blanks. */
function wireText(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through
  return bytes.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, ' ').trim();
}
