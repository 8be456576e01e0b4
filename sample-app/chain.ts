/** `/chain`: a service that needs another one, and hands on who asked. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { answerProblem, pageContext, wantsJson } from './answers.ts';
import { type ChainLink, chainPage } from './chain-page.ts';
import type { Identity } from './identity.ts';
import { t } from './text.ts';
import { continueTrace } from './trace-context.ts';

const UPSTREAM_WITHIN_MS = 5_000;

/** Without an upstream the service is the last of its chain, and says so. */
export function answerChain(identity: Identity, upstream: string | undefined): RequestHandler {
  return async (request, response) => {
    const trace = continueTrace(request.get('traceparent'));
    const requestId = request.get('x-request-id') ?? randomUUID();
    const { machine, version, site } = identity;
    const own = { machine, version, site, requestId, ...trace };
    if (upstream === undefined) {
      answerLink(identity, request, response, own);
      return;
    }
    const fields = {
      accept: 'application/json',
      'user-agent': `hello-earth (${machine})`,
      'x-request-id': requestId,
      traceparent: trace.traceparent,
    };
    const tracestate = request.get('tracestate');
    const headers = tracestate === undefined ? fields : { ...fields, tracestate };
    try {
      const { status, body } = await call(upstream, headers, response);
      answerLink(identity, request, response, {
        ...own,
        upstream: { url: upstream, status, body },
      });
    } catch (error) {
      if (!response.destroyed) answerNoUpstream(identity, request, response, upstream, error);
    }
  };
}

function answerLink(
  identity: Identity,
  request: Request,
  response: Response,
  link: ChainLink,
): void {
  response.status((link.upstream?.status ?? 200) >= 500 ? 502 : 200);
  if (wantsJson(request, response)) response.json(link);
  else response.type('html').send(chainPage(identity, link, pageContext(request)));
}

/** Given up when the visitor leaves: nobody would read the answer. */
async function call(
  upstream: string,
  headers: Readonly<Record<string, string>>,
  response: Response,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const signal = AbortSignal.any([left.signal, AbortSignal.timeout(UPSTREAM_WITHIN_MS)]);
  const answer = await fetch(upstream, { headers, signal });
  const text = await answer.text();
  return { status: answer.status, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function answerNoUpstream(
  identity: Identity,
  request: Request,
  response: Response,
  upstream: string,
  error: unknown,
): void {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = t(
    `The service behind this one, ${upstream}, does not answer: ${reason}`,
    `Le service derrière celui-ci, ${upstream}, ne répond pas : ${reason}`,
  );
  answerProblem(identity, request, response, 502, message);
}
