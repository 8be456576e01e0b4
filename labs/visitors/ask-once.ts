/** One request of one visitor: sent once, never again, and told as it ended. */
import { type Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { toldHeaders } from './told-headers.ts';

/** How a request ended: `status` when a complete answer came, else `error`. */
export interface Ending {
  readonly status?: number;
  readonly machine?: string;
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error?: string;
  /** `name=value` of every cookie that came with the answer. */
  readonly cookies?: readonly string[];
}

export interface Question {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly visitor: string;
  /** In place of those that every visitor sends, or besides them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as X-Request-Id, so that the proxy's log can be asked about this very request. */
  readonly requestId: string;
  readonly agent: Agent;
  readonly timeoutMs: number;
  /** Cuts the request off when the visitors are stopped for good. */
  readonly signal: AbortSignal;
}

/** Resolves always: a failed request is an ending like another. The first ending counts. */
export function askOnce(question: Question): Promise<Ending> {
  return new Promise(resolve => {
    const { url, method, visitor, requestId, agent, timeoutMs, signal } = question;
    const own = {
      accept: 'text/html',
      'user-agent': `relais-visitor/${encodeURI(visitor)}`,
      'x-request-id': requestId,
    };
    const headers = { ...own, ...question.headers };
    const sent = request(url, { method, agent, headers });
    const settle = (ending: Ending): void => {
      clearTimeout(limit);
      signal.removeEventListener('abort', leave);
      resolve(ending);
    };
    const giveUp = (error: string): void => {
      settle({ error });
      sent.destroy();
    };
    const leave = (): void => giveUp('left');
    // The system's own name for a time limit.
    const limit = setTimeout(giveUp, timeoutMs, 'ETIMEDOUT');
    signal.addEventListener('abort', leave);
    sent.on('error', error => settle({ error: errorCode(error, sent) }));
    sent.on('response', answer => read(answer, settle));
    sent.end();
  });
}

function read(answer: IncomingMessage, settle: (ending: Ending) => void): void {
  const from = { ...origin(answer), ...cookiesOf(answer) };
  answer.on('end', () => settle({ status: answer.statusCode ?? 0, ...from }));
  // The head came, the rest did not.
  answer.on('error', () => settle({ error: 'incomplete', ...from }));
  answer.resume();
}

function origin(answer: IncomingMessage): Pick<Ending, 'machine' | 'version' | 'headers'> {
  const machine = header(answer, 'x-relais-machine');
  const version = header(answer, 'x-relais-version');
  return {
    ...(machine !== undefined && { machine }),
    ...(version !== undefined && { version }),
    headers: toldHeaders(answer.headers),
  };
}

function cookiesOf({ headers }: IncomingMessage): Pick<Ending, 'cookies'> {
  const cookies = (headers['set-cookie'] ?? []).map(field => field.split(';')[0] ?? '');
  return cookies.length === 0 ? {} : { cookies };
}

function header(answer: IncomingMessage, name: string): string | undefined {
  const value = answer.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/**
 * A server may close an idle connection just as we use it again. A browser would hide that by
 * asking once more; here it is told as what it is, so that nobody blames the machine.
 */
function errorCode(error: Error, sent: ClientRequest): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return sent.reusedSocket && code === 'ECONNRESET' ? 'ECONNRESET on a reused connection' : code;
}
