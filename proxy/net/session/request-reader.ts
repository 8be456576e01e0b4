/** A complete request head → an exchange with a cluster and the head that goes to a backend. */
import { frameRequest, UNFRAMED, UNKNOWN_CODING } from '../../http1/body-framing.ts';
import { equalsIgnoringCase, latin1 } from '../../http1/bytes.ts';
import { clientBehind } from '../../http1/client-address.ts';
import { readConnection } from '../../http1/connection-field.ts';
import { fieldValue, type Head, hostOf } from '../../http1/head.ts';
import { scanRequestHead, statusOfRefusal } from '../../http1/head-scanner.ts';
import { ACCEPT, UPGRADE } from '../../http1/known-fields.ts';
import { isHeadRequest, isIdempotent } from '../../http1/methods.ts';
import { writeRequestHead } from '../../http1/relayed-heads.ts';
import { checkRequest } from '../../http1/request-rules.ts';
import { requestedProtocol } from '../../http1/upgrade-field.ts';
import { readStickyCookie } from '../admission/sticky-session.ts';
import type { ListenerRules } from '../listener/listener-rules.ts';
import type { ListenerRecords } from '../records/request-records.ts';
import type { DataPlaneView } from './data-plane-view.ts';
import type { Exchange } from './exchange.ts';

/** More bytes must come before there is a request. */
export const INCOMPLETE: number = -1;

/** Of the Accept value that says that anything will do. */
const ANYTHING_LENGTH = 3;

export class RequestReader {
  /** Behind the part of the body that came with the head. */
  bodyEnd = 0;
  private readonly view: DataPlaneView;
  private readonly rules: ListenerRules;
  private readonly records: ListenerRecords;

  constructor(view: DataPlaneView, rules: ListenerRules, records: ListenerRecords) {
    this.view = view;
    this.rules = rules;
    this.records = records;
  }

  /**
   * 0, the status to answer, or `INCOMPLETE`. Bytes from `at` on may be a head and the first part
   * of a body; `end` is where they end.
   */
  read(exchange: Exchange, bytes: Buffer, at: number, end: number): number {
    const head = this.view.requestHead;
    const result = scanRequestHead(head, bytes, at, end);
    if (result === 'complete') return this.readHead(exchange, head, end);
    if (result === 'incomplete') return INCOMPLETE;
    this.readNothing(exchange);
    return statusOfRefusal[result];
  }

  /** The time for a head is over. */
  giveUp(exchange: Exchange): void {
    this.readNothing(exchange);
    exchange.startedAt -= this.rules.config.requestTimeoutMs;
    exchange.message = 'the head of the request was not complete in time';
  }

  private readNothing(exchange: Exchange): void {
    exchange.begin(this.view.nextRequestId(), this.view.timers.now());
    exchange.keepAlive = false;
    exchange.hostname = '';
    this.records.began(exchange, undefined);
  }

  private readHead(exchange: Exchange, head: Head, end: number): number {
    const { view } = this;
    exchange.begin(this.records.receivedId(head) || view.nextRequestId(), view.timers.now());
    exchange.requestLine = latin1(head.bytes, head.start, head.targetEnd);
    exchange.methodLength = head.methodEnd - head.start;
    exchange.toHead = isHeadRequest(head);
    exchange.clientMinor = head.minorVersion;
    exchange.keepAlive = readConnection(head) && !view.draining && !this.rules.leaving;
    exchange.bytesIn = head.end - head.start;
    this.records.began(exchange, head);
    const { ip, trust } = exchange.client;
    if (trust !== undefined) exchange.clientIp = clientBehind(head, ip, trust);
    exchange.accept = acceptOf(head);
    if (head.times[UPGRADE] !== 0) exchange.upgrade = requestedProtocol(head);
    const framing = frameRequest(head);
    const refusal = this.readBody(exchange, head, framing, end) || checkRequest(head);
    if (refusal !== 0) {
      if (refusal !== 200) exchange.keepAlive = false;
      exchange.hostname = '';
      return refusal;
    }
    const unrouted = this.deny(exchange, head) || this.route(exchange, head);
    if (unrouted !== 0) return unrouted;
    this.prepareChoice(exchange, head);
    writeRequestHead(view.writer, head, framing, exchange);
    exchange.outgoing = view.writer.take(head.bytes, head.end, this.bodyEnd);
    exchange.replayable = exchange.body.done && isIdempotent(head);
    return 0;
  }

  private deny(exchange: Exchange, head: Head): number {
    const rule = this.rules.denyRules?.find(head);
    if (rule === undefined) return 0;
    this.view.denials.denied(this.rules.address, rule, exchange);
    hostnameOf(exchange, head);
    exchange.message = `deny rule "${rule}"`;
    return 403;
  }

  /** Sets frontend and cluster of the exchange; 0, or the status to answer. */
  private route(exchange: Exchange, head: Head): number {
    const { view, rules } = this;
    const frontend = view.findFrontend(rules.address, hostnameOf(exchange, head), head);
    if (typeof frontend === 'string') {
      exchange.message = unroutable[frontend].message;
      return unroutable[frontend].status;
    }
    exchange.frontend = frontend;
    if (frontend.clusterId === null) {
      exchange.message = 'the frontend has no cluster: it refuses';
      return 401;
    }
    exchange.cluster = view.findCluster(frontend.clusterId);
    if (exchange.cluster !== undefined) return 0;
    exchange.message = 'the cluster of the frontend does not exist';
    return 503;
  }

  /** What the choice of a backend needs to know of the request. */
  private prepareChoice(exchange: Exchange, head: Head): void {
    const { cluster } = exchange;
    if (cluster === undefined) return;
    if (cluster.backends.keyed) exchange.key = cluster.readKey(head, exchange);
    if (cluster.config.stickySession === true) {
      readStickyCookie(exchange, head, cluster, this.rules.config);
    }
  }

  private readBody(exchange: Exchange, head: Head, framing: number, end: number): number {
    if (framing === UNFRAMED) return refuse(exchange, 400, 'the length of the body is not clear');
    if (framing === UNKNOWN_CODING) return refuse(exchange, 501, 'the body has an unknown coding');
    if (framing > this.rules.maxBodyBytes) return this.refuseLength(exchange);
    exchange.body.start(framing);
    this.bodyEnd = exchange.body.consume(head.bytes, head.end, end);
    exchange.bytesIn = this.bodyEnd - head.start;
    return this.checkBody(exchange);
  }

  /** 0, or the status to answer, after some of a body was consumed. */
  checkBody(exchange: Exchange): number {
    if (exchange.body.bad) return refuse(exchange, 400, 'the chunks of the body are malformed');
    return exchange.body.size > this.rules.maxBodyBytes ? this.refuseLength(exchange) : 0;
  }

  private refuseLength(exchange: Exchange): number {
    return refuse(exchange, 413, `the body is longer than ${this.rules.maxBodyBytes} bytes`);
  }
}

function refuse(exchange: Exchange, status: number, message: string): number {
  exchange.message = message;
  return status;
}

/** That anything will do, which is what most clients say, is not worth a string. */
function acceptOf(head: Head): string {
  if (head.times[ACCEPT] === 0) return '';
  const index = head.first[ACCEPT] as number;
  const length = (head.valueEnd[index] as number) - (head.valueStart[index] as number);
  return length <= ANYTHING_LENGTH ? '' : fieldValue(head, ACCEPT);
}

const unroutable = {
  'no-frontend': { status: 404, message: 'no frontend for this host, path and method' },
  'ambiguous-path': {
    status: 400,
    message: 'the path has a dot segment, which this host cannot route safely',
  },
} as const;

/** Lower case, without port. */
function hostnameOf(exchange: Exchange, head: Head): string {
  const { bytes, hostStart, hostEnd } = head;
  if (!equalsIgnoringCase(bytes, hostStart, hostEnd, exchange.hostname)) {
    exchange.hostname = hostOf(head);
  }
  return exchange.hostname;
}
