/** One request and its answer, as facts. A session has one record and fills it for each request. */
import type { BackendRuntime } from '../../balancing/backend-runtime.ts';
import type { AttemptOutcome } from '../../command/failure-stories.ts';
import type { Frontend } from '../../command/requests.ts';
import { BodyReader } from '../../http1/body-reader.ts';
import { changeHead } from '../../http1/change-head.ts';
import type { ClientFacts } from '../../http1/forwarded.ts';
import type { ClusterRuntime } from './data-plane-view.ts';

/** One backend that was tried for a request and did not answer it. */
export interface Attempt {
  readonly backend: BackendRuntime;
  readonly outcome: AttemptOutcome;
  readonly durationMs: number;
  /** Of an `error-answer`; 0 otherwise. */
  readonly status: number;
}

/** A backend that fails at once must not look like a fast one. */
const LOST_ANSWER_MS = 1000;

export class Exchange {
  client: ClientFacts;
  /** Whom the request comes from, behind all trusted proxies. */
  clientIp: string;
  /** A request is under way. */
  active = false;
  requestId = '';
  /** Method and target as they came, one blank between; '' for a head that could not be read. */
  requestLine = '';
  methodLength = 0;
  /** Of the last request; the next one's is nearly always the same, and then costs nothing. */
  hostname = '';
  /** The Accept field; '' when there is none, or when it says that anything will do. */
  accept = '';
  /** The protocol that the client wants to change to; '' in the usual case. */
  upgrade = '';
  toHead = false;
  /** `x` of the client's HTTP/1.x. */
  clientMinor = 1;
  /** The client connection stays open behind the answer. */
  keepAlive = true;
  /** Sending it twice is as good as once, and all of it is in `outgoing`. */
  replayable = false;
  /** A backend took it and did not answer. */
  unanswered = false;
  /** Also of a request that was refused behind it. */
  frontend: Frontend | undefined = undefined;
  cluster: ClusterRuntime | undefined = undefined;
  /** Of a keyed policy. */
  key = 0;
  /** The backend that the visitor's cookie names. */
  visited: BackendRuntime | undefined = undefined;
  /** Of the cookie; '' in a cluster whose visitors need not stay. */
  stickyName = '';
  /** Head for the backend and the part of the body that came with it. */
  outgoing: string | undefined = undefined;
  readonly body: BodyReader = new BodyReader();

  /** Whole line of the second field for the request id, and the field's name in lower case; or ''. */
  idLine = '';
  idField = '';
  /** Whole line, '' for a request that belongs to no trace. */
  traceLine = '';

  // For those who keep records. Times are monotonic milliseconds, 0 for what did not happen.

  traceId = '';
  /** Of the proxy's own hop. */
  spanId = '';
  userAgent = '';
  referer = '';
  /** Requests on the client's connection, this one included. */
  requestsOnConnection = 0;
  /** The connection to the backend had carried a request before. */
  backendReused = false;
  /** It has become a tunnel; its end is the end of the request. */
  tunnel = false;
  /** The head was complete, or was refused. */
  startedAt = 0;
  /** The backend of the answer was found and its connection was there. */
  connectedAt = 0;
  /** The final head of the answer was complete. */
  answeredAt = 0;
  /** When the answer was complete, if that is known already. */
  endedAt = 0;
  /** The backend that was sent the request last. */
  backend: BackendRuntime | undefined = undefined;
  /** Backends that the last choice was among, the chosen one included. */
  chosenAmong = 0;
  /** Tries that came to nothing; undefined in the usual case that there are none. */
  attempts: Attempt[] | undefined = undefined;
  /** Of the answer that the client got; 0: none. */
  status = 0;
  /** The answer was the proxy's own. */
  ownAnswer = false;
  /** The answer went out as a whole. */
  complete = false;
  /** Why the proxy answered by itself or cut the answer, in plain words. */
  message = '';
  /** When the client may try again, if the proxy's own answer is to say so; 0: it is not. */
  retryAfterSeconds = 0;
  /** Whole messages, heads included, as they went over the client's connection. */
  bytesIn = 0;
  bytesOut = 0;

  constructor(client: ClientFacts) {
    this.client = client;
    this.clientIp = client.ip;
  }

  begin(requestId: string, now: number): void {
    this.active = true;
    this.requestId = requestId;
    this.requestsOnConnection++;
    this.idLine = '';
    this.traceLine = '';
    this.traceId = '';
    this.spanId = '';
    this.userAgent = '';
    this.referer = '';
    this.backendReused = false;
    this.tunnel = false;
    this.clientIp = this.client.ip;
    this.requestLine = '';
    this.methodLength = 0;
    this.accept = '';
    this.upgrade = '';
    this.toHead = false;
    this.replayable = false;
    this.unanswered = false;
    this.frontend = undefined;
    this.cluster = undefined;
    this.visited = undefined;
    this.stickyName = '';
    this.startedAt = now;
    this.connectedAt = 0;
    this.answeredAt = 0;
    this.endedAt = 0;
    this.backend = undefined;
    this.chosenAmong = 0;
    this.attempts = undefined;
    this.status = 0;
    this.ownAnswer = false;
    this.complete = false;
    this.message = '';
    this.retryAfterSeconds = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
  }

  /** A backend is about to get the request. */
  reached(backend: BackendRuntime, reused: boolean, now: number): void {
    this.backend = backend;
    this.backendReused = reused;
    this.connectedAt = now;
  }

  /** What this backend is sent of `outgoing`. */
  outgoingTo({ options }: BackendRuntime, outgoing: string): string {
    const { changes } = options;
    return changes === undefined ? outgoing : changeHead(outgoing, this.upgrade !== '', changes);
  }

  /** A try that came to nothing. Only what fails costs this. */
  tried(backend: BackendRuntime, outcome: AttemptOutcome, durationMs: number, status = 0): void {
    const attempt = { backend, outcome, durationMs, status };
    if (this.attempts === undefined) this.attempts = [attempt];
    else this.attempts.push(attempt);
  }

  /** The backend that was reached does not answer, or not in a way that can be used. */
  lost(outcome: AttemptOutcome, now: number, status = 0): void {
    if (this.backend === undefined) return;
    this.measure(now, LOST_ANSWER_MS);
    this.tried(this.backend, outcome, now - this.connectedAt, status);
  }

  /** For policies that go by time: how long the backend took for its answer. */
  measure(now: number, atLeastMs = 0): void {
    if (this.cluster?.backends.timed !== true) return;
    this.backend?.answerTime.observe(Math.max(atLeastMs, now - this.connectedAt), now);
  }

  end(): void {
    this.active = false;
    this.cluster = undefined;
    this.outgoing = undefined;
    this.backend = undefined;
    this.attempts = undefined;
  }

  /** Why it is this backend, in one word. */
  get chosenBy(): string {
    const { backend, cluster, visited } = this;
    if (backend === undefined || cluster === undefined) return '';
    return visited === backend ? 'sticky-session' : cluster.config.loadBalancing;
  }

  get method(): string {
    return this.requestLine.slice(0, this.methodLength);
  }

  get target(): string {
    return this.requestLine.slice(this.methodLength + 1);
  }

  /** What the proxy adds to every answer beside the request id, as whole lines. */
  answerLines(): string {
    if (!this.keepAlive) return `Connection: close\r\n${this.idLine}`;
    return this.clientMinor === 0 ? `Connection: keep-alive\r\n${this.idLine}` : this.idLine;
  }
}
