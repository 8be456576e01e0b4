/**
 * Keeps records of requests: counts them, writes their line in the access log, remembers those that
 * went wrong. A session tells when a request begins and when it ends, and nothing in between.
 */
import type { Listener } from '../../command/requests.ts';
import { defaultMessage } from '../../http1/default-answers.ts';
import { fieldValue, type Head } from '../../http1/head.ts';
import type { IdSource } from '../../http1/id-source.ts';
import {
  isKnownField,
  REFERER,
  TRACEPARENT,
  TRACESTATE,
  USER_AGENT,
} from '../../http1/known-fields.ts';
import { receivedRequestId, takeIdField } from '../../http1/request-id.ts';
import {
  dropTracestate,
  findTraceparent,
  traceFlagsAt,
  traceIdAt,
} from '../../http1/trace-context.ts';
import type { AccessLog } from '../../log/access-log.ts';
import { FailureMemory } from '../../log/failure-memory.ts';
import { explainFailure } from '../../log/failure-words.ts';
import { Traffic } from '../../metrics/traffic.ts';
import type { Attempt, Exchange } from '../session/exchange.ts';
import { attemptReports, failureStory, wasTroubled } from './failure-story.ts';
import { skippedBackends } from './skipped-backends.ts';

export interface RecordOptions {
  readonly workerId: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly ids: IdSource;
}

/** Of one worker. */
export class RequestRecords {
  readonly options: RecordOptions;
  readonly failures: FailureMemory = new FailureMemory();
  accessLog: AccessLog | undefined = undefined;
  /** By cluster and backend, too. */
  countsClusters = true;
  private readonly listeners = new Map<string, ListenerRecords>();

  constructor(options: RecordOptions) {
    this.options = options;
  }

  /** Asked once per connection. */
  of(listener: Listener): ListenerRecords {
    const known = this.listeners.get(listener.address);
    if (known !== undefined) return known;
    const added = new ListenerRecords(this, listener);
    this.listeners.set(listener.address, added);
    return added;
  }

  /** The listener says something else now. */
  changed(listener: Listener): void {
    this.listeners.get(listener.address)?.change(listener);
  }

  /** Nobody uses the listener any more. */
  forget(address: string): void {
    this.listeners.delete(address);
  }

  get all(): Iterable<ListenerRecords> {
    return this.listeners.values();
  }
}

/** Of a trace that begins here, as Sōzu has it. */
const SAMPLED = '01';

/** Of one listener in one worker. */
export class ListenerRecords {
  readonly address: string;
  readonly traffic: Traffic = new Traffic();
  activeRequests = 0;
  private readonly worker: RequestRecords;
  /** The second field for the request id, as it is written and in lower case; '' when off. */
  private idField = '';
  private idFieldLower = '';
  private createTrace = false;

  constructor(worker: RequestRecords, listener: Listener) {
    this.worker = worker;
    this.address = listener.address;
    this.change(listener);
  }

  change({ requestIdField = '', createTrace = false }: Listener): void {
    this.createTrace = createTrace;
    const lower = requestIdField.toLowerCase();
    // A field that means something to HTTP or to the proxy cannot be one for ids as well.
    const isFree = lower !== '' && !isKnownField(lower);
    this.idField = isFree ? requestIdField : '';
    this.idFieldLower = isFree ? lower : '';
  }

  /** The client's id when it is sane, '' otherwise. */
  receivedId(head: Head): string {
    const received = receivedRequestId(head);
    if (this.idFieldLower === '') return received;
    const second = takeIdField(head, this.idFieldLower);
    return received === '' ? second : received;
  }

  /** Behind `exchange.begin`: a head that was read, or undefined for one that could not be. */
  began(exchange: Exchange, head: Head | undefined): void {
    this.activeRequests++;
    if (this.idField !== '') {
      exchange.idLine = `${this.idField}: ${exchange.requestId}\r\n`;
      exchange.idField = this.idFieldLower;
    }
    if (head === undefined) return;
    const mentioned = head.times[TRACEPARENT] !== 0 || head.times[TRACESTATE] !== 0;
    if (mentioned || this.createTrace) this.readTrace(exchange, head);
    if (this.worker.accessLog === undefined) return;
    exchange.userAgent = fieldValue(head, USER_AGENT);
    exchange.referer = fieldValue(head, REFERER);
  }

  private readTrace(exchange: Exchange, head: Head): void {
    const { ids } = this.worker.options;
    const start = findTraceparent(head);
    let flags = SAMPLED;
    if (start >= 0) {
      exchange.traceId = traceIdAt(head.bytes, start);
      flags = traceFlagsAt(head.bytes, start);
    } else {
      dropTracestate(head);
      if (!this.createTrace) return;
      exchange.traceId = ids.traceId();
    }
    exchange.spanId = ids.spanId();
    exchange.traceLine = `traceparent: 00-${exchange.traceId}-${exchange.spanId}-${flags}\r\n`;
  }

  /** Why no backend answered, for the answer page, the log and `relais why`. */
  explain(exchange: Exchange): void {
    const { cluster, message } = exchange;
    if (cluster === undefined || message !== '') return;
    const { skipped, skippedInAll } = skippedBackends(exchange, this.worker.options.now());
    const tried = attemptReports(exchange);
    exchange.message = explainFailure(cluster.id, tried, skipped, skippedInAll);
  }

  /** The last thing that is done for a request. */
  ended(exchange: Exchange): void {
    const { accessLog, options } = this.worker;
    const now = exchange.endedAt || options.now();
    this.activeRequests--;
    if (exchange.attempts !== undefined) countTries(exchange.attempts);
    if (exchange.message === '') exchange.message = lastWords(exchange);
    // How long a tunnel was open says nothing about how fast anybody answers.
    const answered = exchange.tunnel ? exchange.answeredAt : now;
    this.count(exchange, answered - exchange.startedAt);
    if (accessLog !== undefined) accessLog.write(exchange, this.address, now);
    if (wasTroubled(exchange)) this.remember(exchange, now);
  }

  private count(exchange: Exchange, ms: number): void {
    const { status, complete, bytesIn, bytesOut, cluster, backend, ownAnswer } = exchange;
    this.traffic.ended(status, complete, ms, bytesIn, bytesOut);
    if (cluster === undefined || !this.worker.countsClusters) return;
    if (backend === undefined || ownAnswer || status === 0) {
      cluster.metrics.own.ended(status, complete, ms, bytesIn, bytesOut);
      return;
    }
    backend.metrics.traffic.ended(status, complete, ms, bytesIn, bytesOut);
    if (exchange.backendReused) backend.metrics.reusedConnections++;
  }

  private remember(exchange: Exchange, now: number): void {
    const { failures, options } = this.worker;
    failures.add(failureStory(exchange, this.address, options.workerId, now));
  }
}

function countTries(attempts: readonly Attempt[]): void {
  for (const { backend, outcome } of attempts) {
    if (outcome !== 'stale') backend.metrics.failedTries++;
  }
}

/** Where nobody said why the proxy answered by itself, or why the answer is not whole. */
function lastWords({ complete, ownAnswer, status, attempts, tunnel }: Exchange): string {
  if (complete) return ownAnswer && status >= 400 ? asPart(defaultMessage(status)) : '';
  if (tunnel) return 'the tunnel was cut';
  const last = attempts?.at(-1)?.outcome;
  if (last === 'cut') return 'the backend broke its answer off';
  if (last === 'drained') return 'its backend was drained, and the deadline for that was over';
  return status === 0
    ? 'the client went away before it was answered'
    : 'the client went away within the answer';
}

/** A sentence as part of a line. */
function asPart(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}
