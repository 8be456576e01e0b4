/**
 * One client connection: the only file that knows the order of things. Bytes in, head, rules,
 * route, backend, request out, answer back, next request; and one way to end it, `close`.
 *
 *     idle → reading-head → connecting → relaying ─┬─▶ idle
 *       ▲                                          └─▶ lingering → closed
 *       └──────────────────────────────────────────┘   (`close` from anywhere)
 */
import type { Listener } from '../command/requests.ts';
import { LF } from '../http1/bytes.ts';
import type { ClientFacts } from '../http1/forwarded.ts';
import type { Head } from '../http1/head.ts';
import { MAX_REQUEST_LINE } from '../http1/head-limits.ts';
import { scanRequestHead, statusOfRefusal } from '../http1/head-scanner.ts';
import { joined, ownCopy } from '../http1/lent-bytes.ts';
import { AnswerRelay } from './answer-relay.ts';
import { BackendSearch, type SearchUser } from './backend-search.ts';
import type { DataPlaneView } from './data-plane-view.ts';
import { Exchange } from './exchange.ts';
import { RequestReader } from './request-reader.ts';
import { Timer } from './timer-wheel.ts';
import type { UpstreamConnection, UpstreamUser } from './upstream-connection.ts';
import { UpstreamLease } from './upstream-lease.ts';
import type { Wire } from './wire.ts';

type Phase = 'idle' | 'reading-head' | 'connecting' | 'relaying' | 'lingering' | 'closed';

/** How long a client may take to notice that the connection ends, so that it reads the answer. */
const LINGER_MS = 1000;

export class ClientSession implements UpstreamUser, SearchUser {
  private phase: Phase = 'idle';
  private readonly view: DataPlaneView;
  private readonly listener: Listener;
  private readonly wire: Wire;
  private readonly onClosed: (session: ClientSession) => void;
  private readonly timer: Timer;
  private readonly search: BackendSearch;

  /** Received and not used yet: part of a head, or requests that wait for their turn. */
  private carry: Buffer | undefined = undefined;
  private feeding = false;
  private reading = true;
  private clientEnded = false;
  private clientBlocked = false;

  private readonly exchange = new Exchange();
  private readonly requests: RequestReader;
  private readonly upstream: UpstreamLease;
  private readonly answers: AnswerRelay;

  constructor(
    view: DataPlaneView,
    listener: Listener,
    wire: Wire,
    facts: ClientFacts,
    onClosed: (session: ClientSession) => void,
  ) {
    this.view = view;
    this.listener = listener;
    this.wire = wire;
    this.onClosed = onClosed;
    this.timer = new Timer(() => this.onDeadline());
    this.search = new BackendSearch(view, this);
    this.upstream = new UpstreamLease(view);
    this.requests = new RequestReader(view, listener, facts);
    this.answers = new AnswerRelay(view, this.exchange, bytes => this.send(bytes));
    view.timers.set(this.timer, listener.requestTimeoutMs);
  }

  // From the client

  /** The bytes up to `end` are lent for the time of this call. */
  onBytes(bytes: Buffer, end: number): void {
    if (this.phase === 'lingering' || this.phase === 'closed') return;
    const { carry } = this;
    this.carry = undefined;
    if (carry === undefined) {
      this.feed(bytes, end);
      return;
    }
    const all = joined(carry, bytes, end);
    // A head cannot be complete without another line end: no need to scan it again.
    const pointless = this.phase === 'reading-head' && all.indexOf(LF, carry.length) < 0;
    if (pointless && all.length <= MAX_REQUEST_LINE) this.carry = all;
    else this.feed(all, all.length);
  }

  /** The client will send no more; what it asked for is still answered. */
  onEnd(): void {
    this.clientEnded = true;
    if (this.phase === 'lingering') return;
    if (this.phase === 'relaying' || this.phase === 'connecting') {
      if (!this.exchange.body.done && this.carry === undefined) this.close();
      return;
    }
    this.settle();
  }

  onDrain(): void {
    if (!this.clientBlocked) return;
    this.clientBlocked = false;
    this.upstream.resume();
    this.arm();
    this.settle();
  }

  /** The one end of a session; safe to call at any time and more than once. */
  close(): void {
    if (this.phase === 'closed') return;
    this.phase = 'closed';
    this.view.timers.clear(this.timer);
    this.search.cancel();
    this.upstream.end(false);
    this.endRequest();
    this.carry = undefined;
    this.wire.destroy();
    this.onClosed(this);
  }

  /** Soft stop: an idle connection has had its time to ask once more. */
  closeIfIdle(): void {
    if (this.phase === 'idle') this.close();
  }

  private feed(bytes: Buffer, end: number): void {
    this.feeding = true;
    let at = 0;
    while (at < end) {
      const used = this.consume(bytes, at, end);
      if (used === at) break;
      at = used;
    }
    this.feeding = false;
    if (this.phase === 'lingering' || this.phase === 'closed') return;
    if (at < end) this.carry = ownCopy(bytes, at, end);
    this.updateReading();
    this.settle();
  }

  /** The offset behind what was used; the same offset when the rest has to wait. */
  private consume(bytes: Buffer, at: number, end: number): number {
    if (this.phase === 'idle' || this.phase === 'reading-head') {
      return this.clientBlocked ? at : this.readHead(bytes, at, end);
    }
    if (this.phase !== 'relaying' || this.exchange.body.done || this.upstream.blocked) return at;
    return this.relayRequestBody(bytes, at, end);
  }

  private readHead(bytes: Buffer, at: number, end: number): number {
    const head = this.view.requestHead;
    const result = scanRequestHead(head, bytes, at, end);
    if (result === 'complete') return this.begin(head, end);
    if (result === 'incomplete') {
      if (this.phase === 'idle') this.view.timers.set(this.timer, this.listener.requestTimeoutMs);
      this.phase = 'reading-head';
      return at;
    }
    this.refuseHead(statusOfRefusal[result]);
    return end;
  }

  private refuseHead(status: number): void {
    this.exchange.begin(this.view.nextRequestId());
    this.exchange.keepAlive = false;
    this.countRequest();
    this.answer(status);
  }

  private countRequest(): void {
    this.view.counters.activeRequests++;
    this.view.counters.requestsTotal++;
    this.answers.begin();
  }

  /** A complete head; the offset behind it and what came of its body. */
  private begin(head: Head, end: number): number {
    const { exchange, requests } = this;
    const status = requests.read(exchange, head, end);
    this.countRequest();
    if (status !== 0) {
      this.answer(status);
      return exchange.keepAlive ? requests.bodyEnd : end;
    }
    if (exchange.cluster === undefined) return end;
    this.phase = 'connecting';
    this.search.start(exchange.cluster, this.listener, exchange.replayable);
    return requests.bodyEnd;
  }

  onBackendFound(connection: UpstreamConnection): void {
    const { outgoing, replayable } = this.exchange;
    if (outgoing === undefined) return;
    this.upstream.take(connection, this);
    this.phase = 'relaying';
    this.upstream.write(outgoing);
    if (!replayable) this.exchange.outgoing = undefined;
    this.arm();
    if (!this.feeding) this.pump();
  }

  onNoBackend(): void {
    this.answer(this.exchange.unanswered ? 502 : 503);
    this.settle();
  }

  private relayRequestBody(bytes: Buffer, at: number, end: number): number {
    const bodyEnd = this.exchange.body.consume(bytes, at, end);
    if (this.exchange.body.bad) {
      this.failAnswer(400);
      return end;
    }
    this.upstream.write(ownCopy(bytes, at, bodyEnd));
    this.arm();
    return bodyEnd;
  }

  // From the backend

  onUpstreamBytes(connection: UpstreamConnection, bytes: Buffer, end: number): void {
    const progress = this.answers.onBytes(connection, bytes, end);
    if (progress === 'more') this.arm();
    else if (progress === 'complete') this.finish(true);
    else if (progress === 'overlong') this.finish(false);
    else this.failAnswer(502);
  }

  onUpstreamDrain(): void {
    this.upstream.blocked = false;
    this.arm();
    this.pump();
  }

  onUpstreamEnd(connection: UpstreamConnection): void {
    if (this.answers.endsHere()) this.finish(false);
    else this.onUpstreamClosed(connection);
  }

  onUpstreamClosed(connection: UpstreamConnection): void {
    if (this.answers.started) this.cut();
    else this.upstreamLost(connection);
  }

  onBackendGone(connection: UpstreamConnection): void {
    const waits = this.upstream.silentForMs > 0 && !this.answers.started;
    if (waits && this.upstream.connection === connection) this.upstreamLost(connection, true);
  }

  /** No answer came. It may be sent again when nothing came at all and once is as good as twice. */
  private upstreamLost(connection: UpstreamConnection, gone = false): void {
    const { backend, reused } = connection;
    const mayRepeat = this.exchange.replayable && this.answers.isUnanswered(connection);
    this.upstream.end(false);
    if (!mayRepeat) {
      this.failAnswer(502);
      return;
    }
    this.phase = 'connecting';
    if (reused && !gone) {
      this.search.again();
      return;
    }
    this.exchange.unanswered = true;
    this.search.elsewhere(backend);
  }

  // Ends of a request

  /** The answer is complete. `exact`: the backend sent nothing behind it. */
  private finish(exact: boolean): void {
    this.upstream.end(exact && this.answers.keepAlive && this.exchange.body.done);
    this.afterAnswer();
    this.settle();
  }

  /** An answer of our own, when none of the backend's has begun; otherwise the client is cut. */
  private failAnswer(status: number): void {
    if (this.answers.started) {
      this.cut();
      return;
    }
    this.upstream.end(false);
    this.answer(status);
    this.settle();
  }

  private answer(status: number): void {
    this.view.counters.answered(status);
    this.send(this.exchange.ownAnswer(status, this.listener.answers));
    this.afterAnswer();
  }

  private afterAnswer(): void {
    if (this.phase === 'closed') return;
    this.endRequest();
    if (!this.exchange.keepAlive) {
      this.linger();
      return;
    }
    this.phase = 'idle';
    this.view.timers.extend(this.timer, this.listener.frontTimeoutMs);
  }

  /** Closing at once would reset the connection, and with it the answer, if bytes are unread. */
  private linger(): void {
    this.phase = 'lingering';
    this.carry = undefined;
    this.wire.end();
    this.updateReading();
    this.view.timers.set(this.timer, this.clientBlocked ? this.listener.frontTimeoutMs : LINGER_MS);
  }

  /** An answer that cannot be completed must not look complete. */
  private cut(): void {
    this.wire.resetAndDestroy();
    this.close();
  }

  private endRequest(): void {
    if (!this.exchange.active) return;
    this.exchange.end();
    this.view.counters.activeRequests--;
  }

  // Flow

  private send(bytes: Buffer | string): void {
    if (this.wire.write(bytes, 'latin1') || this.wire.writableLength === 0) return;
    this.clientBlocked = true;
    this.upstream.pause();
  }

  /** Goes on with what was kept, now that there may be room for it. */
  private pump(): void {
    const { carry } = this;
    this.carry = undefined;
    if (carry === undefined) this.updateReading();
    else this.feed(carry, carry.length);
  }

  /** Between requests: take the next one, or end when the client has ended. */
  private settle(): void {
    if (this.feeding) return;
    if (this.phase === 'idle' && this.carry !== undefined && !this.clientBlocked) this.pump();
    else this.updateReading();
    const waiting = this.phase === 'idle' || this.phase === 'reading-head';
    if (waiting && this.clientEnded && !this.clientBlocked) this.linger();
  }

  private updateReading(): void {
    if (this.phase === 'closed') return;
    const wanted = this.wantsBytes();
    if (wanted === this.reading) return;
    this.reading = wanted;
    if (wanted) this.wire.resume();
    else this.wire.pause();
  }

  private wantsBytes(): boolean {
    if (this.phase === 'lingering' || this.phase === 'reading-head') return true;
    if (this.carry !== undefined || this.upstream.blocked) return false;
    return this.phase !== 'connecting' || this.exchange.body.done;
  }

  private arm(): void {
    if (this.phase !== 'relaying') return;
    this.upstream.silentForMs = 0;
    this.view.timers.extend(this.timer, this.patienceMs());
  }

  /** How long the side whose turn it is may be silent before something is done about it. */
  private patienceMs(): number {
    const { frontTimeoutMs, backTimeoutMs } = this.listener;
    if (this.waitsForClient()) return frontTimeoutMs;
    if (this.answers.started) return backTimeoutMs;
    return this.upstream.patienceMs(backTimeoutMs);
  }

  private waitsForClient(): boolean {
    return this.clientBlocked || (!this.exchange.body.done && !this.upstream.blocked);
  }

  private onDeadline(): void {
    // The search has a deadline of its own.
    if (this.phase === 'connecting') return;
    if (this.phase === 'reading-head') this.refuseHead(408);
    else if (this.phase !== 'relaying') this.close();
    else if (this.clientBlocked || this.answers.started) this.cut();
    else if (this.waitsForClient()) this.failAnswer(408);
    else if (this.upstream.ask(this.listener)) {
      this.view.timers.set(this.timer, this.patienceMs());
    } else this.failAnswer(504);
  }
}
