/** Which answer the proxy gives by itself: the cluster's, the listener's, or the built-in one. */
import type { Listener } from '../../command/requests.ts';
import { preferredFormat } from '../../http1/accept-field.ts';
import type { AnswerTemplate } from '../../http1/answer-template.ts';
import type { AnswerValues } from '../../http1/answer-variables.ts';
import { DEFAULT_ANSWERS, defaultMessage, OPTIONS_ANSWER } from '../../http1/default-answers.ts';
import { MAX_REQUEST_FIELDS, MAX_REQUEST_LINE } from '../../http1/head-limits.ts';
import { compileAnswer, writeOwnAnswer } from '../../http1/own-answers.ts';
import type { Exchange } from './exchange.ts';

/** Head and body as Latin-1 text; decides, too, whether the client connection stays. */
export function ownAnswer(
  exchange: Exchange,
  listener: Listener,
  status: number,
  now: number,
): string {
  exchange.status = status;
  exchange.ownAnswer = true;
  const compiled = compileAnswer(templateFor(exchange, listener, status));
  exchange.keepAlive &&= compiled.keepAlive && exchange.body.done;
  const values = valuesOf(exchange, listener, now);
  return writeOwnAnswer(compiled, values, exchange.answerLines(), !exchange.toHead);
}

function templateFor(
  { cluster, accept }: Exchange,
  { answers }: Listener,
  status: number,
): AnswerTemplate {
  const custom = cluster?.config.answers[status] ?? answers[status];
  if (custom !== undefined) return custom;
  if (status === 200) return OPTIONS_ANSWER;
  return DEFAULT_ANSWERS[status]?.[preferredFormat(accept)] ?? UNKNOWN;
}

function valuesOf(exchange: Exchange, listener: Listener, now: number): AnswerValues {
  const { cluster, backend, hostname, method, target, status, retryAfterSeconds } = exchange;
  return {
    BACKEND_ID: backend?.backendId ?? '',
    CAPACITY: capacityOf(status, listener),
    CLUSTER_ID: cluster?.id ?? '',
    DURATION: `${Math.round(now - exchange.startedAt)} ms`,
    // What a deny rule is called helps nobody but an attacker.
    MESSAGE: (status !== 403 && sentence(exchange.message)) || defaultMessage(status),
    PHASE: phaseOf(exchange),
    REQUEST_ID: exchange.requestId,
    RETRY_AFTER: retryAfterSeconds > 0 ? String(Math.ceil(retryAfterSeconds)) : '',
    ROUTE: [hostname, method, target].filter(part => part !== '').join(' '),
  };
}

/** A message is part of a line in logs and a sentence on a page. */
function sentence(message: string): string {
  if (message === '') return '';
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith('.') ? '' : '.'}`;
}

/** The limit that the request went beyond, in bytes. */
function capacityOf(status: number, { maxBodyBytes = 0 }: Listener): string {
  if (status === 413) return String(maxBodyBytes);
  if (status === 414) return String(MAX_REQUEST_LINE);
  return status === 431 ? String(MAX_REQUEST_FIELDS) : '';
}

function phaseOf({ cluster, connectedAt }: Exchange): string {
  if (cluster === undefined) return 'reading the request';
  return connectedAt === 0 ? 'looking for a backend' : 'waiting for the answer';
}

/** For a status that nobody thought of. */
const UNKNOWN: AnswerTemplate = {
  status: 500,
  reason: 'Internal Server Error',
  fields: [],
  body: '',
  keepAlive: false,
};
