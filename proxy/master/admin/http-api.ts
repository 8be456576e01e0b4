/**
 * The requests of the command socket over HTTP. Everything that comes in is bounded: connections,
 * requests at once, heads, bodies, times.
 *
 *     connection ─▶ room? ─▶ Host ─▶ token ─▶ route ─▶ at once? ─▶ handler of the command socket
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { decodeEnvelope, decodeRequest, type Envelope } from '../../command/decode.ts';
import type { AdminApiSettings } from '../../config/admin-settings.ts';
import type { MetricsDetail } from '../../shared/metrics-detail.ts';
import type { CommandHandler } from '../command-socket/command-session.ts';
import { askHandler, type Told } from './ask-handler.ts';
import type { AuditLog } from './audit-log.ts';
import { streamEvents } from './event-stream.ts';
import { answerJson, failure, type JsonAnswer } from './http-answer.ts';
import { readJsonBody } from './http-body.ts';
import { checkHost, checkToken, type GuardOptions, type HttpRefusal } from './http-guards.ts';
import { getPaths, type Route, routeOf } from './http-routes.ts';
import { answerMetrics } from './metrics-answer.ts';
import type { MetricsSource } from './metrics-source.ts';
import type { Origin } from './origin.ts';

export interface HttpApiOptions {
  readonly settings: AdminApiSettings;
  readonly handle: CommandHandler;
  readonly audit: AuditLog;
  readonly metrics: MetricsSource;
  readonly metricsDetail: MetricsDetail;
  /** Why no request can be answered now: it is starting, or stopping. */
  readonly unready: () => string | undefined;
  readonly isStopping: () => boolean;
}

const MAX_CONNECTIONS = 128;
const MAX_AT_ONCE = 32;
const MAX_STREAMS = 16;
const HEAD_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 5_000;
const CLOSE_DEADLINE_MS = 1_000;
const MAX_HEAD_BYTES = 8 * 1024;

export class HttpApi {
  readonly server: Server;
  /** By status. */
  readonly answers: Map<string, number> = new Map();
  readonly #options: HttpApiOptions;
  /** In the order in which they came; true while a request is being answered. */
  readonly #connections = new Map<Socket, boolean>();
  #guards: GuardOptions;
  #running = 0;
  readonly #streams = new Set<ServerResponse>();
  #onQuiet: () => void = () => undefined;
  #lastId = 0;

  constructor(options: HttpApiOptions) {
    this.#options = options;
    this.#guards = { token: options.settings.token, port: undefined };
    this.server = createServer(
      {
        maxHeaderSize: MAX_HEAD_BYTES,
        headersTimeout: HEAD_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        keepAliveTimeout: IDLE_TIMEOUT_MS,
        connectionsCheckingInterval: 1_000,
      },
      (request, response) => void this.#answer(request, response),
    );
    this.server.maxRequestsPerSocket = 1_000;
    this.server.on('connection', socket => this.#admit(socket));
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      refuseBytes(socket as Socket, error.code);
    });
    // No Upgrade and no CONNECT here: both are refused like any unknown request.
    this.server.on('connect', (_request, socket) => refuseBytes(socket as Socket, undefined));
  }

  /** The socket listens; its port is part of what a Host field may say. */
  onListening(): void {
    const address: AddressInfo | string | null = this.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : undefined;
    this.#guards = { ...this.#guards, port };
  }

  /** Takes no new connections. */
  release(): void {
    this.server.close();
    for (const stream of this.#streams) stream.end();
    for (const [socket, busy] of this.#connections) if (!busy) socket.destroy();
  }

  /** Requests that are being answered get their answer, streams end, everything else is cut. */
  async close(): Promise<void> {
    this.release();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.#onQuiet = resolve;
      timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
      if (this.#running === 0) resolve();
    });
    clearTimeout(timer);
    for (const socket of this.#connections.keys()) socket.destroy();
  }

  /** Whoever says nothing must not keep out those who do. */
  #admit(socket: Socket): void {
    if (this.#connections.size >= MAX_CONNECTIONS) {
      const quiet = [...this.#connections].find(([, busy]) => !busy)?.[0] ?? socket;
      quiet.destroy();
      this.#connections.delete(quiet);
      if (quiet === socket) return;
    }
    this.#connections.set(socket, false);
    socket.once('close', () => this.#connections.delete(socket));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    this.#running += 1;
    if (this.#connections.has(socket)) this.#connections.set(socket, true);
    response.once('close', () => {
      this.#running -= 1;
      if (this.#connections.has(socket)) this.#connections.set(socket, false);
      const code = String(response.statusCode);
      this.answers.set(code, (this.answers.get(code) ?? 0) + 1);
      if (this.#running === 0) this.#onQuiet();
    });
    try {
      await this.#dispatch(request, response);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else answerJson(response, failure(500, message));
    }
  }

  async #dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routeOf(request.method ?? '', request.url ?? '');
    const refusal = this.#refusal(request, route);
    if (refusal !== undefined) {
      this.#refuse(request, response, refusal);
      return;
    }
    if (route.kind === 'events') return this.#stream(request, response);
    if (route.kind === 'metrics') return this.#metrics(request, response);
    answerJson(response, await this.#jsonAnswer(request, route));
  }

  #refusal({ headers }: IncomingMessage, route: Route): HttpRefusal | undefined {
    const host = checkHost(headers, this.#guards);
    if (host !== undefined) return host;
    // A supervisor that asks whether the process lives need not know the token.
    if (route.kind === 'health' || route.kind === 'ready') return undefined;
    const token = checkToken(headers, this.#guards);
    if (token !== undefined) return token;
    if (this.#running - this.#streams.size <= MAX_AT_ONCE) return undefined;
    return { status: 503, message: `${MAX_AT_ONCE} requests are being answered; try again` };
  }

  #refuse(request: IncomingMessage, response: ServerResponse, refusal: HttpRefusal): void {
    const { status, message } = refusal;
    if (status === 401 || status === 403) {
      this.#options.audit.record({
        origin: this.#origin(),
        verb: request.method ?? '?',
        target: request.url ?? '',
        result: 'denied',
        message,
        elapsedMs: 0,
        dryRun: false,
      });
    }
    const headers: Record<string, string> = { connection: 'close' };
    if (status === 401) headers['www-authenticate'] = 'Bearer realm="relais"';
    if (status === 503) headers['retry-after'] = '1';
    answerJson(response, failure(status, message, headers));
  }

  #jsonAnswer(
    request: IncomingMessage,
    route: Exclude<Route, { kind: 'events' | 'metrics' }>,
  ): JsonAnswer | Promise<JsonAnswer> {
    switch (route.kind) {
      case 'refuse': {
        const { refusal, allow } = route;
        return failure(refusal.status, refusal.message, allow === undefined ? {} : { allow });
      }
      case 'index':
        return { status: 200, body: { get: getPaths, post: ['/v1/requests'] } };
      case 'health':
        return { status: 200, body: { status: 'ok' } };
      case 'ready': {
        const reason = this.#options.unready();
        return reason === undefined
          ? { status: 200, body: { status: 'ok' } }
          : failure(503, reason);
      }
      case 'ask':
        return this.#ask({
          id: null,
          dryRun: false,
          isOld: false,
          request: decodeRequest(route.request),
        });
      default:
        return this.#post(request);
    }
  }

  async #post(request: IncomingMessage): Promise<JsonAnswer> {
    const body = await readJsonBody(request);
    if (!body.ok) return failure(body.error.status, body.error.message, { connection: 'close' });
    return this.#ask(decodeEnvelope(asObject(body.value)));
  }

  async #ask(envelope: Envelope): Promise<JsonAnswer> {
    const { id, dryRun, request } = envelope;
    const origin = this.#origin(envelope.by);
    if (!request.ok) {
      this.#options.audit.invalid(origin, request.error.message);
      return failure(400, request.error.message);
    }
    if (request.value.kind === 'subscribe-events') {
      return failure(400, 'events are a stream: GET /v1/events');
    }
    const told = await askHandler(this.#options.handle, request.value, { origin, dryRun });
    const body = { ...(id === null ? {} : { id }), ...told };
    return { status: this.#statusOf(told), body };
  }

  #statusOf({ status }: Told): number {
    if (status === 'ok') return 200;
    return this.#options.isStopping() ? 503 : 409;
  }

  async #stream(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#streams.size >= MAX_STREAMS) {
      answerJson(response, failure(503, `${MAX_STREAMS} streams of events are open; try again`));
      return;
    }
    this.#streams.add(response);
    response.once('close', () => this.#streams.delete(response));
    await streamEvents(this.#options.handle, request, response, this.#origin());
  }

  async #metrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const view = await this.#options.metrics.view(this.#origin());
    await answerMetrics(request, response, view, this.#options.metricsDetail);
  }

  #origin(by?: Origin['by']): Origin {
    this.#lastId += 1;
    const clientId = `http-${this.#lastId}`;
    return by === undefined ? { via: 'http', clientId } : { via: 'http', clientId, by };
  }
}

/** A list of requests is one transaction. What is no JSON is left to the decoder, which says so. */
function asObject(body: Buffer): Buffer {
  try {
    const requests: unknown = JSON.parse(body.toString());
    if (!Array.isArray(requests)) return body;
    return Buffer.from(JSON.stringify({ kind: 'transaction', requests }));
  } catch {
    return body;
  }
}

const badBytes: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function refuseBytes(socket: Socket, code: string | undefined): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const reason = badBytes[code ?? ''] ?? '400 Bad Request';
  const body = `${JSON.stringify({ status: 'failure', message: reason.slice(4) })}\n`;
  socket.write(
    `HTTP/1.1 ${reason}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.destroySoon();
}
