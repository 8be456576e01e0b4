/** The answers of the proxy when no file replaces them. */
import type { AnswerTemplate } from './answer-template.ts';

interface Wording {
  readonly reason: string;
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
  417: { reason: 'Expectation Failed', text: 'The expectation cannot be met.', close: true },
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

function page(status: number, { reason, text }: Wording): string {
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>${status} ${reason}</title></head>
  <body><h1>${status} ${reason}</h1><p>${text}</p></body>
</html>
`;
}

function template(status: number, wording: Wording): AnswerTemplate {
  return {
    status,
    reason: wording.reason,
    fields: [
      ['Cache-Control', 'no-cache'],
      ['Content-Type', 'text/html; charset=utf-8'],
      ...(wording.fields ?? []),
    ],
    body: page(status, wording),
    keepAlive: wording.close !== true,
  };
}

/** By status code, for every status that the proxy gives by itself. */
export const DEFAULT_ANSWERS: Readonly<Record<string, AnswerTemplate>> = Object.fromEntries(
  Object.entries(wordings).map(([status, wording]) => [status, template(Number(status), wording)]),
);
