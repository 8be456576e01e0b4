/** Answers that something is wrong, as a page or as JSON, and never with a stack. */
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Identity } from './identity.ts';
import { type PageContext, problemPage } from './page.ts';
import { languageOf, type Text, t } from './text.ts';

/** A page in the visitor's language; JSON is for programs and stays English. */
export function answerProblem(
  identity: Identity,
  request: Request,
  response: Response,
  status: number,
  message: Text,
): void {
  response.status(status);
  if (wantsJson(request, response)) {
    response.json({ error: message.en });
    return;
  }
  const context = pageContext(request);
  response.type('html').send(problemPage(identity, status, message[context.language], context));
}

export function wantsJson(request: Request, response: Response): boolean {
  response.vary('Accept').vary('Accept-Language');
  return request.accepts(['html', 'json']) === 'json';
}

export function pageContext(request: Request): PageContext {
  return { language: languageOf(request), address: arrivalAddress(request) };
}

function arrivalAddress(request: Request): string {
  const { localAddress = '', localPort = 0 } = request.socket;
  const address = localAddress.replace(/^::ffff:/, '');
  return address.includes(':') ? `[${address}]:${localPort}` : `${address}:${localPort}`;
}

/** Errors of the client (a broken body, a broken path) say what is wrong; ours say nothing. */
export function handleError(identity: Identity): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status < 500) {
      const message = error instanceof Error ? error.message : 'The request cannot be understood';
      if (request.path === '/knobs') response.status(status).json({ error: message });
      else {
        const text = t(message, `La requête ne peut pas être comprise (${message})`);
        answerProblem(identity, request, response, status, text);
      }
      return;
    }
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    answerProblem(identity, request, response, 500, OUR_FAULT);
  };
}

const OUR_FAULT = t(
  'Something went wrong in the app',
  'Quelque chose s’est mal passé dans l’application',
);

function statusOf(error: unknown): number {
  const status = (error as { readonly status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : 500;
}
