/** The answers of the proxy when no file replaces them: a page, JSON or plain text. */
import type { PageFormat } from './accept-field.ts';
import type { AnswerTemplate } from './answer-template.ts';

interface Wording {
  readonly reason: string;
  /** What `%MESSAGE` says when nobody knows better. */
  readonly text: string;
  /** After these the rest of the connection cannot be trusted, or must not be waited for. */
  readonly close?: true;
  readonly fields?: AnswerTemplate['fields'];
}

const wordings: Readonly<Record<number, Wording>> = {
  400: { reason: 'Bad Request', text: 'The request cannot be understood.', close: true },
  401: {
    reason: 'Unauthorized',
    text: 'This is not open to anybody.',
    // RFC 9110 §15.5.2 asks for a challenge; this one no browser takes for a password dialog.
    fields: [['WWW-Authenticate', 'Refused']],
  },
  403: { reason: 'Forbidden', text: 'The request looks like an attack.' },
  404: { reason: 'Not Found', text: 'Nothing is served under this host and path.' },
  408: { reason: 'Request Timeout', text: 'The request took too long to arrive.', close: true },
  413: { reason: 'Content Too Large', text: 'The request is too large.', close: true },
  414: { reason: 'URI Too Long', text: 'The address of the request is too long.', close: true },
  417: {
    reason: 'Expectation Failed',
    text: 'The only expectation that can be met is 100-continue.',
    close: true,
  },
  421: {
    reason: 'Misdirected Request',
    text: 'The request is for another scheme than the one that is spoken here.',
    close: true,
  },
  429: { reason: 'Too Many Requests', text: 'Too many requests; try again later.' },
  431: {
    reason: 'Request Header Fields Too Large',
    text: 'The header of the request is too large.',
    close: true,
  },
  500: { reason: 'Internal Server Error', text: 'The proxy failed.', close: true },
  501: { reason: 'Not Implemented', text: 'The proxy cannot do this.', close: true },
  502: { reason: 'Bad Gateway', text: 'The backend did not give a valid answer.' },
  503: { reason: 'Service Unavailable', text: 'No backend can answer now.' },
  504: { reason: 'Gateway Timeout', text: 'The backend did not answer in time.' },
  505: { reason: 'HTTP Version Not Supported', text: 'Only HTTP/1 is spoken here.', close: true },
};

const types: Readonly<Record<PageFormat, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  text: 'text/plain; charset=utf-8',
};

const bodies: Readonly<Record<PageFormat, (status: number, reason: string) => string>> = {
  html: (status, reason) => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>${status} ${reason}</title></head>
  <body><h1>${status} ${reason}</h1><p>%MESSAGE</p><p><small>Request %REQUEST_ID</small></p></body>
</html>
`,
  json: (status, reason) =>
    `{"status":${status},"title":"${reason}","detail":"%MESSAGE","requestId":"%REQUEST_ID"}\n`,
  text: (status, reason) => `${status} ${reason}\n%MESSAGE\nRequest %REQUEST_ID\n`,
};

function template(status: number, wording: Wording, format: PageFormat): AnswerTemplate {
  return {
    status,
    reason: wording.reason,
    fields: [
      ['Cache-Control', 'no-cache'],
      ['Content-Type', types[format]],
      ['Vary', 'Accept'],
      ['Retry-After', '%RETRY_AFTER'],
      ...(wording.fields ?? []),
    ],
    body: bodies[format](status, wording.reason),
    keepAlive: wording.close !== true,
  };
}

type DefaultAnswers = Readonly<Record<string, Readonly<Record<PageFormat, AnswerTemplate>>>>;

/** By status code, for every status that the proxy gives by itself. */
export const DEFAULT_ANSWERS: DefaultAnswers = Object.fromEntries(
  Object.entries(wordings).map(([status, wording]) => [
    status,
    {
      html: template(Number(status), wording, 'html'),
      json: template(Number(status), wording, 'json'),
      text: template(Number(status), wording, 'text'),
    },
  ]),
);

/** What an answer of this status says when the exchange has no message of its own. */
export function defaultMessage(status: number): string {
  return wordings[status]?.text ?? '';
}

/** RFC 9110 §9.3.7: the answer to an OPTIONS request that ends here, as Max-Forwards said. */
export const OPTIONS_ANSWER: AnswerTemplate = {
  status: 200,
  reason: 'OK',
  fields: [['Content-Type', types.text]],
  body: '',
  keepAlive: true,
};
