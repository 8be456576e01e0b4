/** Answers that something is wrong, as a page or as JSON, and never with a stack. */
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Identity } from './identity.ts';
import { problemPage } from './page.ts';

export function answerProblem(
  identity: Identity,
  request: Request,
  response: Response,
  status: number,
  message: string,
): void {
  response.status(status).vary('Accept');
  if (request.accepts(['html', 'json']) === 'json') response.json({ error: message });
  else response.type('html').send(problemPage(identity, status, message, arrivalAddress(request)));
}

/** Where the request arrived, for example `192.168.56.21:8080`. */
export function arrivalAddress(request: Request): string {
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
      else answerProblem(identity, request, response, status, message);
      return;
    }
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    answerProblem(identity, request, response, 500, 'Something went wrong in the app');
  };
}

function statusOf(error: unknown): number {
  const status = (error as { readonly status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : 500;
}
