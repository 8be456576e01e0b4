/** A complete request head → an exchange with a cluster and the head that goes to a backend. */
import type { Listener } from '../command/requests.ts';
import { frameRequest, UNFRAMED } from '../http1/body-framing.ts';
import { equalsIgnoringCase } from '../http1/bytes.ts';
import { readConnection } from '../http1/connection-field.ts';
import { receivedRequestId } from '../http1/forwarded.ts';
import type { Head } from '../http1/head.ts';
import { writeRequestHead } from '../http1/relayed-heads.ts';
import { checkRequest, isHeadRequest, isIdempotent } from '../http1/request-rules.ts';
import type { DataPlaneView } from './data-plane-view.ts';
import type { Exchange } from './exchange.ts';

export class RequestReader {
  /** Behind the part of the body that came with the head. */
  bodyEnd = 0;
  private readonly view: DataPlaneView;
  private readonly listener: Listener;

  constructor(view: DataPlaneView, listener: Listener) {
    this.view = view;
    this.listener = listener;
  }

  /** For a head that cannot be read: nothing is known of the request. */
  readNothing(exchange: Exchange): void {
    exchange.begin(this.view.nextRequestId(), this.view.timers.now());
    exchange.keepAlive = false;
    exchange.hostname = '';
  }

  /** 0, or the status to answer. `end` is where the received bytes end. */
  read(exchange: Exchange, head: Head, end: number): number {
    const { view } = this;
    exchange.begin(receivedRequestId(head) || view.nextRequestId(), view.timers.now());
    exchange.requestLine = head.bytes.toString('latin1', head.start, head.targetEnd);
    exchange.methodLength = head.methodEnd - head.start;
    exchange.toHead = isHeadRequest(head);
    exchange.clientMinor = head.minorVersion;
    exchange.keepAlive = readConnection(head) && !view.draining;
    const framing = frameRequest(head);
    const refusal = checkRequest(head) || this.readBody(exchange, head, framing, end);
    if (refusal !== 0) {
      exchange.keepAlive = false;
      exchange.hostname = '';
      return refusal;
    }
    exchange.bytesIn = this.bodyEnd - head.start;
    const cluster = view.findCluster(
      this.listener,
      hostnameOf(exchange, head),
      head.bytes,
      head.pathStart,
    );
    if (typeof cluster === 'string') return cluster === 'no-frontend' ? 404 : 503;
    writeRequestHead(view.writer, head, framing, exchange);
    exchange.outgoing = view.writer.take(head.bytes, head.end, this.bodyEnd);
    exchange.replayable = exchange.body.done && isIdempotent(head);
    exchange.cluster = cluster;
    return 0;
  }

  private readBody({ body }: Exchange, head: Head, framing: number, end: number): number {
    if (framing === UNFRAMED) return 400;
    body.start(framing);
    this.bodyEnd = body.consume(head.bytes, head.end, end);
    return body.bad ? 400 : 0;
  }
}

/** Lower case, without port. */
function hostnameOf(exchange: Exchange, head: Head): string {
  const { bytes, hostStart, hostEnd } = head;
  if (!equalsIgnoringCase(bytes, hostStart, hostEnd, exchange.hostname)) {
    exchange.hostname = bytes.toString('latin1', hostStart, hostEnd).toLowerCase();
  }
  return exchange.hostname;
}
