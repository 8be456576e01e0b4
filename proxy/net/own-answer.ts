/** Which answer of its own the proxy gives for a status: the cluster's, the listener's, or the built-in one. */
import type { Listener } from '../command/requests.ts';
import type { AnswerTemplate } from '../http1/answer-template.ts';
import { DEFAULT_ANSWERS } from '../http1/default-answers.ts';
import { compileAnswer, writeOwnAnswer } from '../http1/own-answers.ts';
import type { Exchange } from './exchange.ts';

/** Head and body as Latin-1 text; decides, too, whether the client connection stays. */
export function ownAnswer(exchange: Exchange, { answers }: Listener, status: number): string {
  exchange.status = status;
  exchange.ownAnswer = true;
  const template =
    exchange.cluster?.config.answers[status] ??
    answers[status] ??
    DEFAULT_ANSWERS[status] ??
    UNKNOWN;
  const compiled = compileAnswer(template);
  exchange.keepAlive &&= compiled.keepAlive && exchange.body.done;
  const ownLines = exchange.answerLines();
  return writeOwnAnswer(compiled, exchange.requestId, ownLines, !exchange.toHead);
}

/** For a status that nobody thought of. */
const UNKNOWN: AnswerTemplate = {
  status: 500,
  reason: 'Internal Server Error',
  fields: [],
  body: '',
  keepAlive: false,
};
