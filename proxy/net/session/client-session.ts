/**
 * One client connection: the only file that knows the order of things. Bytes in, head, rules,
 * route, backend, request out, answer back, next request; and one way to end it, `close`.
 *
 *     idle → reading-head → busy ─┬─▶ idle
 *                                 ├─▶ tunnelling ─┐
 *                                 └──────────────▶ lingering → closed   (`close` from anywhere)
 *
 * While it is busy it has an upstream connection, or looks for one.
 */
import type { BackendRuntime } from '../../balancing/backend-runtime.ts';
import type { ConnectFailure } from '../../command/events.ts';
import type { AttemptOutcome } from '../../command/failure-stories.ts';
import { type ClientFacts, type ForwardingRules, factsUnder } from '../../http1/forwarded.ts';
import { Admission } from '../admission/admission.ts';
import type { ListenerRules } from '../listener/listener-rules.ts';
import type { ListenerRecords } from '../records/request-records.ts';
import type { Wire } from '../socket/wire.ts';
import { BackendSearch, type SearchUser } from '../upstream/backend-search.ts';
import type { UpstreamConnection } from '../upstream/upstream-connection.ts';
import { UpstreamLease } from '../upstream/upstream-lease.ts';
import { AnswerRelay } from './answer-relay.ts';
import { ClientStream, type ClientUser } from './client-stream.ts';
import type { ClusterRuntime, DataPlaneView } from './data-plane-view.ts';
import { Deadlines, type DeadlineUser } from './deadlines.ts';
import { Exchange } from './exchange.ts';
import { Failover, type FailoverUser } from './failover.ts';
import { ownAnswer } from './own-answer.ts';
import { INCOMPLETE, RequestReader } from './request-reader.ts';
import { Tunnel, type TunnelUser } from './tunnel.ts';

type Phase = 'idle' | 'reading-head' | 'busy' | 'tunnelling' | 'lingering' | 'closed';

export class ClientSession
  implements ClientUser, FailoverUser, SearchUser, TunnelUser, DeadlineUser
{
  private phase: Phase = 'idle';
  private readonly view: DataPlaneView;
  private readonly rules: ListenerRules;
  private readonly onClosed: (session: ClientSession) => void;
  readonly client: ClientStream;
  readonly exchange: Exchange;
  readonly upstream: UpstreamLease;
  readonly deadlines: Deadlines;
  private readonly records: ListenerRecords;
  private readonly requests: RequestReader;
  private readonly search: BackendSearch;
  private readonly answers: AnswerRelay;
  readonly failover: Failover;
  private tunnel: Tunnel | undefined = undefined;
  private admission: Admission | undefined = undefined;

  constructor(
    view: DataPlaneView,
    rules: ListenerRules,
    wire: Wire,
    facts: ClientFacts,
    onClosed: (session: ClientSession) => void,
  ) {
    this.view = view;
    this.rules = rules;
    this.onClosed = onClosed;
    this.client = new ClientStream(wire, this);
    this.exchange = new Exchange(facts);
    this.records = view.records.of(rules.config);
    this.requests = new RequestReader(view, rules, this.records);
    this.search = new BackendSearch(view, this);
    this.upstream = new UpstreamLease(view);
    this.answers = new AnswerRelay(view, this.exchange, bytes => this.send(bytes));
    const { client, exchange, upstream, answers } = this;
    const turns = { client, exchange, upstream, answers };
    this.deadlines = new Deadlines(view, rules, turns, this);
    this.failover = new Failover(view, rules, { ...turns, search: this.search }, this);
    this.deadlines.headBegins();
    this.exchange.startedAt = view.timers.coarseNow();
  }

  // From the client

  /** The bytes up to `end` are lent for the time of this call. */
  onBytes(bytes: Buffer, end: number): void {
    this.client.onBytes(bytes, end);
  }

  /** The client will send no more; what it asked for is still answered. */
  onEnd(): void {
    this.client.ended = true;
    const isCut = this.phase === 'busy' && !this.exchange.body.done;
    if (isCut && this.client.carry === undefined) this.close();
    else this.client.user.settle();
  }

  onDrain(): void {
    if (!this.client.blocked) return;
    this.client.blocked = false;
    this.upstream.resume();
    if (this.phase === 'tunnelling') this.deadlines.tunnelMoved();
    else this.deadlines.moved();
    this.client.user.settle();
  }

  /** The connection is gone, in order or not. */
  onGone(): void {
    if (this.tunnel === undefined || !this.tunnel.isStillSending()) this.close();
  }

  /** The one end of a session; safe to call at any time and more than once. */
  close(): void {
    if (this.phase !== 'closed') this.end(true);
  }

  /** The listener says something else now about what the client's word counts. */
  forwardAs(rules: ForwardingRules): void {
    this.exchange.client = factsUnder(this.exchange.client, rules);
  }

  /** The deadline of a soft stop: what is not complete must not look so. */
  closeNow(): void {
    if (this.exchange.active) this.cut('the proxy stopped');
    else this.close();
  }

  /** No byte of a request is here. */
  get idle(): boolean {
    return this.phase === 'idle';
  }

  /** The offset behind what was used; the same offset when the rest has to wait. */
  consume(bytes: Buffer, at: number, end: number): number {
    if (this.phase === 'idle' || this.phase === 'reading-head') {
      return this.client.blocked ? at : this.readRequest(bytes, at, end);
    }
    const { connection, blocked } = this.upstream;
    if (connection === undefined || this.exchange.body.done || blocked) return at;
    return this.relayRequestBody(bytes, at, end);
  }

  private readRequest(bytes: Buffer, at: number, end: number): number {
    const { exchange, requests } = this;
    const status = requests.read(exchange, bytes, at, end);
    if (status === INCOMPLETE) {
      if (this.phase === 'idle') this.deadlines.headBegins();
      this.phase = 'reading-head';
      this.client.needsLine = true;
      return at;
    }
    this.beginRequest();
    if (status !== 0) {
      this.answer(status);
      return exchange.keepAlive ? requests.bodyEnd : end;
    }
    if (exchange.cluster === undefined) return end;
    this.phase = 'busy';
    this.deadlines.requestBegins();
    const { view, rules } = this;
    if (exchange.cluster.limits === undefined && rules.clientRate === undefined) {
      this.onAdmitted(exchange.cluster);
    } else {
      this.admission ??= new Admission(view.requestLimits, rules, this);
      this.admission.seek(exchange.cluster);
    }
    return requests.bodyEnd;
  }

  onAdmitted(cluster: ClusterRuntime): void {
    this.search.start(cluster, this.rules.config, this.exchange);
  }

  private beginRequest(): void {
    this.view.counters.activeRequests++;
    this.view.counters.requestsTotal++;
    this.answers.begin();
  }

  onBackendFound(connection: UpstreamConnection): void {
    const { outgoing, replayable } = this.exchange;
    if (outgoing === undefined) return;
    this.upstream.take(connection, this);
    // Within the read of the head no time has passed; a clock call costs more than all of this.
    const now = this.client.feeding ? this.exchange.startedAt : this.view.timers.now();
    this.exchange.reached(connection.backend, connection.reused, now);
    this.upstream.write(this.exchange.outgoingTo(connection.backend, outgoing));
    if (!replayable) this.exchange.outgoing = undefined;
    this.deadlines.moved();
    if (!this.client.feeding) this.client.pump();
  }

  onNoBackend(): void {
    this.failover.noBackend();
  }

  onConnectFailed(backend: BackendRuntime, failure: ConnectFailure, durationMs: number): void {
    this.exchange.tried(backend, failure, durationMs);
  }

  private relayRequestBody(bytes: Buffer, at: number, end: number): number {
    const bodyEnd = this.exchange.body.consume(bytes, at, end);
    const refusal = this.requests.checkBody(this.exchange);
    if (refusal !== 0) {
      this.failAnswer(refusal);
      return end;
    }
    this.upstream.write(bytes.subarray(at, bodyEnd));
    this.exchange.bytesIn += bodyEnd - at;
    this.deadlines.moved();
    return bodyEnd;
  }

  // From the backend

  onUpstreamBytes(connection: UpstreamConnection, bytes: Buffer, end: number): void {
    const { started } = this.answers;
    const progress = this.answers.onBytes(connection, bytes, end);
    if (progress === 'more') this.deadlines.moved();
    else if (progress === 'complete') {
      // Head and end in one read.
      if (!started) this.exchange.endedAt = this.exchange.answeredAt;
      this.finish(true);
    } else if (progress === 'overlong') this.finish(false);
    else if (progress === 'switched') this.openTunnel(connection);
    else if (progress === 'unwanted')
      this.failover.seekBetter(connection, this.answers.unwantedStatus);
    else this.failAnswer(502, progress === 'invalid' ? 'invalid-answer' : 'cut');
  }

  onUpstreamDrain(): void {
    this.upstream.blocked = false;
    this.deadlines.moved();
    this.client.pump();
  }

  onUpstreamEnd(connection: UpstreamConnection): void {
    if (this.answers.endsHere()) this.finish(false);
    else this.onUpstreamClosed(connection);
  }

  onUpstreamClosed(connection: UpstreamConnection): void {
    if (this.answers.started) this.failAnswer(502, 'cut');
    else this.failover.connectionLost(connection);
  }

  onBackendGone(connection: UpstreamConnection): void {
    this.failover.backendGone(connection);
  }

  onBackendMute(connection: UpstreamConnection): void {
    this.failover.backendMute(connection);
  }

  // In a tunnel

  private openTunnel(connection: UpstreamConnection): void {
    this.phase = 'tunnelling';
    this.exchange.tunnel = true;
    this.deadlines.requestEnds();
    this.view.counters.tunnels++;
    this.tunnel = new Tunnel(this, connection);
    this.deadlines.tunnelMoved();
    this.client.pump();
    this.tunnel.settle();
  }

  onTunnelEnd(ended: boolean, complete: boolean): void {
    this.exchange.complete = complete;
    if (!ended) {
      this.cut();
      return;
    }
    this.upstream.end(false);
    this.endRequest();
    this.linger();
  }

  // Ends of a request

  /** The answer is complete. `exact`: the backend sent nothing behind it. */
  private finish(exact: boolean): void {
    this.upstream.end(exact && this.answers.keepAlive && this.exchange.body.done);
    this.afterAnswer();
    this.settle();
  }

  /** An answer of our own, when none of the backend's has begun; otherwise the client is cut. */
  failAnswer(status: number, lost?: AttemptOutcome): void {
    if (lost !== undefined) this.exchange.lost(lost, this.view.timers.now());
    if (this.answers.started) {
      this.cut();
      return;
    }
    if (this.failover.relayHeld()) return;
    this.upstream.end(false);
    this.answer(status);
    this.settle();
  }

  /** An answer of our own; the message and the Retry-After of the exchange say more. */
  private answer(status: number): void {
    this.view.counters.answered(status);
    if (status >= 500) this.records.explain(this.exchange);
    this.send(ownAnswer(this.exchange, this.rules.config, status, this.view.timers.now()));
    this.afterAnswer();
  }

  private afterAnswer(): void {
    if (this.phase === 'closed') return;
    this.exchange.complete = true;
    this.endRequest();
    if (this.exchange.keepAlive) {
      this.phase = 'idle';
      this.deadlines.betweenRequests();
    } else this.linger();
  }

  /** Closing at once would reset the connection, and with it the answer, if bytes are unread. */
  private linger(): void {
    this.phase = 'lingering';
    this.client.end();
    this.deadlines.lingers();
  }

  /** An answer that cannot be completed must not look complete. */
  cut(why = ''): void {
    if (this.phase === 'closed') return;
    this.exchange.message ||= why;
    this.end(false);
  }

  private end(complete: boolean): void {
    this.phase = 'closed';
    this.deadlines.clear();
    this.search.cancel();
    if (this.tunnel !== undefined) {
      this.view.counters.tunnels--;
      this.tunnel.abort();
    }
    this.upstream.end(false);
    this.endRequest();
    this.admission?.close();
    this.client.destroy(complete);
    this.onClosed(this);
  }

  /** Every request that was counted ends here, once, answered or not. */
  private endRequest(): void {
    if (!this.exchange.active) return;
    this.deadlines.requestEnds();
    this.upstream.dropHeld();
    this.view.counters.activeRequests--;
    this.records.ended(this.exchange);
    this.admission?.endRequest();
    this.exchange.end();
  }

  // Flow

  send(bytes: Buffer | string): void {
    this.exchange.bytesOut += bytes.length;
    if (!this.client.send(bytes)) this.upstream.pause();
  }

  /** Between requests: take the next one, or end when the client has ended. */
  settle(): void {
    const { client } = this;
    if (client.feeding) return;
    if (this.phase === 'idle' && client.carry !== undefined && !client.blocked) client.pump();
    else if (this.phase !== 'closed') client.updateReading();
    const waiting = this.phase === 'idle' || this.phase === 'reading-head';
    if (waiting && client.ended && !client.blocked) this.linger();
  }

  wantsBytes(): boolean {
    if (this.phase === 'reading-head') return true;
    if (this.client.carry !== undefined || this.upstream.blocked) return false;
    return this.upstream.connection !== undefined || this.exchange.body.done;
  }

  onUnwantedBytes(): void {
    if (this.phase === 'lingering') this.deadlines.lingersOn();
  }

  onOverdue(status: number, message: string): void {
    this.exchange.message = message;
    this.search.cancel();
    this.failAnswer(status);
  }

  onDeadline(): void {
    if (this.phase === 'reading-head') {
      this.requests.giveUp(this.exchange);
      this.beginRequest();
      this.answer(408);
    } else if (this.phase !== 'busy') this.close();
    // The search has a deadline of its own.
    else if (this.upstream.connection === undefined) return;
    else if (this.client.blocked || this.answers.started) this.cut(this.deadlines.whoStopped());
    else if (this.deadlines.waitsForClient())
      this.onOverdue(408, 'the body of the request stopped');
    else if (!this.deadlines.askBackend()) this.failover.backTimeoutOver();
  }
}
