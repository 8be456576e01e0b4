/** `--answer 503=file://busy.http`, `--answer "503=Back soon"`: an answer of the proxy's own. */
import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { InvalidArgumentError } from 'commander';
import { whyUnreadable } from '../config/answer-files.ts';
import { ANSWER_STATUSES, type AnswerTemplate, parseAnswer } from '../http1/answer-template.ts';
import { pathOfFileAddress } from '../shared/file-address.ts';

export type Answers = Readonly<Record<string, AnswerTemplate>>;

/** May be given once per status. */
export function parseAnswerOption(text: string, before: Answers = {}): Answers {
  const [, code = '', value = ''] = /^(\d+)=([\s\S]*)$/.exec(text) ?? [];
  if (code === '') throw new InvalidArgumentError('Write it as 503=TEXT or 503=file://PATH.');
  const file = pathOfFileAddress(value);
  const content = file === undefined ? wholeAnswer(code, value) : readAnswer(file);
  return withAnswer(before, code, content, file ?? 'the text');
}

/** `--answer-503 PATH`, as Sōzu has it. */
export function answerFile(before: Answers, code: string, file: string): Answers {
  return withAnswer(before, code, readAnswer(file), file);
}

function withAnswer(before: Answers, code: string, text: string, source: string): Answers {
  if (!ANSWER_STATUSES.includes(Number(code))) {
    const all = ANSWER_STATUSES.join(', ');
    throw new InvalidArgumentError(`The proxy never answers ${code}; it answers ${all}.`);
  }
  const parsed = parseAnswer(text, Number(code), source);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.error.message);
  return { ...before, [code]: parsed.value.template };
}

/** A text that is no message of HTTP is the body of one. */
function wholeAnswer(code: string, text: string): string {
  if (text.startsWith('HTTP/')) return text;
  const type = text.trimStart().startsWith('<') ? 'text/html' : 'text/plain';
  const reason = STATUS_CODES[code] ?? '';
  return `HTTP/1.1 ${code} ${reason}\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${text}`;
}

function readAnswer(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot read ${file}: ${whyUnreadable(cause)}.`);
}
