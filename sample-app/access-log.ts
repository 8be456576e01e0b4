/** One line of JSON for each page that somebody asks for, written when it is answered. */
import type { Request, RequestHandler, Response } from 'express';
import type { Identity } from './identity.ts';

export interface AccessLine {
  readonly time: string;
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  /** `null`: the visitor left before the answer was complete. */
  readonly status: number | null;
  readonly duration_ms: number;
  readonly request_id: string | null;
  readonly traceparent: string | null;
  /** What X-Forwarded-For says; who connected, when nothing was forwarded. */
  readonly client: string;
  readonly user_agent: string | null;
  readonly machine: string;
  readonly version: string;
}

export function logAccess(identity: Identity, write: (line: string) => void): RequestHandler {
  return (request, response, next) => {
    const begun = performance.now();
    const time = new Date().toISOString();
    response.once('close', () => {
      const duration = Math.round((performance.now() - begun) * 10) / 10;
      write(`${JSON.stringify(accessLine(identity, request, response, time, duration))}\n`);
    });
    next();
  };
}

function accessLine(
  { machine, version }: Identity,
  request: Request,
  response: Response,
  time: string,
  duration: number,
): AccessLine {
  const { method, originalUrl: target } = request;
  const field = (name: string): string | null => request.get(name) ?? null;
  return {
    time,
    method,
    target,
    status: response.writableFinished ? response.statusCode : null,
    duration_ms: duration,
    request_id: field('x-request-id'),
    traceparent: field('traceparent'),
    client: field('x-forwarded-for') ?? String(request.socket.remoteAddress),
    user_agent: field('user-agent'),
    machine,
    version,
  };
}
