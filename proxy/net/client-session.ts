/**
 * One client connection: the only file that knows the order of things. Bytes in, head, rules,
 * route, backend, request out, answer back, next request; and one way to end it, `close`.
 *
 *     idle → reading-head → connecting → relaying ─┬─▶ idle
 *       ▲                                          └─▶ lingering → closed
 *       └──────────────────────────────────────────┘   (`close` from anywhere)
 *
 * It may be longer than other files: cutting it would put the order of things in two places.
 */
// biome-ignore-all lint/style/noExcessiveLinesPerFile: the order of things belongs in one place
import type { Listener } from '../command/requests.ts';
import { AnswerBody } from '../http1/answer-body.ts';
import { frameAnswer, frameRequest, UNFRAMED } from '../http1/body-framing.ts';
import { BodyReader } from '../http1/body-reader.ts';
import { equalsIgnoringCase, LF } from '../http1/bytes.ts';
import { readConnection } from '../http1/connection-field.ts';
import { DEFAULT_ANSWERS } from '../http1/default-answers.ts';
import { type ClientFacts, receivedRequestId } from '../http1/forwarded.ts';
import type { Head } from '../http1/head.ts';
import { MAX_INTERIM_ANSWERS, MAX_REQUEST_LINE } from '../http1/head-limits.ts';
import { scanAnswerHead, scanRequestHead, statusOfRefusal } from '../http1/head-scanner.ts';
import { joined, ownCopy } from '../http1/lent-bytes.ts';
import { compileAnswer, writeOwnAnswer } from '../http1/own-answers.ts';
import { writeAnswerHead, writeRequestHead } from '../http1/relayed-heads.ts';
import { checkRequest, isHeadRequest, isIdempotent } from '../http1/request-rules.ts';
import { BackendSearch, type SearchUser } from './backend-search.ts';
import type { ClusterRuntime, DataPlaneView } from './data-plane-view.ts';
import { PRESENCE_AFTER_MS } from './presence-check.ts';
import { Timer } from './timer-wheel.ts';
import type { UpstreamConnection, UpstreamUser } from './upstream-connection.ts';
import type { Wire } from './wire.ts';

type Phase = 'idle' | 'reading-head' | 'connecting' | 'relaying' | 'lingering' | 'closed';

/** How long a client may take to notice that the connection ends, so that it reads the answer. */
const LINGER_MS = 1000;

export class ClientSession implements UpstreamUser, SearchUser {
  private phase: Phase = 'idle';
  private readonly view: DataPlaneView;
  private readonly listener: Listener;
  private readonly wire: Wire;
  private readonly facts: ClientFacts;
  private readonly onClosed: (session: ClientSession) => void;
  private readonly timer: Timer;
  private readonly search: BackendSearch;
  private readonly sendToClient: (bytes: Buffer) => void;

  /** Received and not used yet: part of a head, or requests that wait for their turn. */
  private carry: Buffer | undefined = undefined;
  private feeding = false;
  private reading = true;
  private clientEnded = false;
  private clientBlocked = false;
  private upstreamBlocked = false;

  private inRequest = false;
  private toHead = false;
  private clientMinor = 1;
  private keepAlive = true;
  private replayable = false;
  private requestId = '';
  /** Of the last request; the next one's is nearly always the same, and then costs nothing. */
  private hostname = '';
  private cluster: ClusterRuntime | undefined = undefined;
  private outgoing: string | undefined = undefined;
  private readonly requestBody = new BodyReader();

  private upstream: UpstreamConnection | undefined = undefined;
  private upstreamKeepAlive = false;
  private answerStarted = false;
  private interimAnswers = 0;
  private unanswered = false;
  /** How long the backend has been silent, as far as the deadlines that passed tell. */
  private silentForMs = 0;
  private readonly answerBody = new AnswerBody();

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
    this.facts = facts;
    this.onClosed = onClosed;
    this.timer = new Timer(() => this.onDeadline());
    this.search = new BackendSearch(view, this);
    this.sendToClient = bytes => this.send(bytes);
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
      if (!this.requestBody.done && this.carry === undefined) this.close();
      return;
    }
    this.settle();
  }

  onDrain(): void {
    if (!this.clientBlocked) return;
    this.clientBlocked = false;
    this.upstream?.socket.resume();
    this.arm();
    this.settle();
  }

  /** The one end of a session; safe to call at any time and more than once. */
  close(): void {
    if (this.phase === 'closed') return;
    this.phase = 'closed';
    this.view.timers.clear(this.timer);
    this.search.cancel();
    this.dropUpstream();
    this.endRequest();
    this.carry = undefined;
    this.wire.destroy();
    this.onClosed(this);
  }

  /** Soft stop: an idle connection has had its time to ask once more. */
  closeIfIdle(): void {
    if (this.phase === 'idle') this.close();
  }

  // Requests

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
    if (this.phase !== 'relaying' || this.requestBody.done || this.upstreamBlocked) return at;
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
    this.beginUnreadable();
    this.refuse(statusOfRefusal[result]);
    return end;
  }

  private beginUnreadable(): void {
    this.startRequest(this.view.nextRequestId());
    this.toHead = false;
    this.keepAlive = false;
  }

  private startRequest(requestId: string): void {
    this.requestId = requestId;
    this.inRequest = true;
    this.view.counters.activeRequests++;
    this.view.counters.requestsTotal++;
    this.answerStarted = false;
    this.unanswered = false;
    this.interimAnswers = 0;
    this.cluster = undefined;
  }

  /** A complete head: the offset behind it and what came of its body. */
  private begin(head: Head, end: number): number {
    const { bytes } = head;
    this.startRequest(receivedRequestId(head) || this.view.nextRequestId());
    this.toHead = isHeadRequest(head);
    this.clientMinor = head.minorVersion;
    this.keepAlive = readConnection(head) && !this.view.draining;
    const refusal = checkRequest(head);
    const framing = frameRequest(head);
    this.requestBody.start(framing === UNFRAMED ? 0 : framing);
    const bodyEnd = this.requestBody.consume(bytes, head.end, end);
    if (refusal !== 0 || framing === UNFRAMED || this.requestBody.bad) {
      this.refuse(refusal || 400);
      return end;
    }
    if (!equalsIgnoringCase(bytes, head.hostStart, head.hostEnd, this.hostname)) {
      this.hostname = bytes.toString('latin1', head.hostStart, head.hostEnd).toLowerCase();
    }
    const cluster = this.view.findCluster(this.listener, this.hostname, bytes, head.pathStart);
    if (typeof cluster === 'string') {
      this.answer(cluster === 'no-frontend' ? 404 : 503);
      return bodyEnd;
    }
    writeRequestHead(this.view.writer, head, framing, this.facts, this.requestId);
    this.outgoing = this.view.writer.take(bytes, head.end, bodyEnd);
    this.replayable = this.requestBody.done && isIdempotent(head);
    this.cluster = cluster;
    this.phase = 'connecting';
    this.search.start(cluster, this.listener, this.replayable);
    return bodyEnd;
  }

  onBackendFound(connection: UpstreamConnection): void {
    const { outgoing } = this;
    if (outgoing === undefined) return;
    this.upstream = connection;
    connection.user = this;
    connection.backend.activeRequests++;
    connection.backend.requestsTotal++;
    this.phase = 'relaying';
    this.upstreamBlocked = !connection.write(outgoing);
    if (!this.replayable) this.outgoing = undefined;
    this.arm();
    if (!this.feeding) this.pump();
  }

  onNoBackend(): void {
    this.answer(this.unanswered ? 502 : 503);
    this.settle();
  }

  private relayRequestBody(bytes: Buffer, at: number, end: number): number {
    const bodyEnd = this.requestBody.consume(bytes, at, end);
    if (this.requestBody.bad) {
      this.failAnswer(400);
      return end;
    }
    if (this.upstream !== undefined && bodyEnd > at) {
      this.upstreamBlocked = !this.upstream.write(ownCopy(bytes, at, bodyEnd));
    }
    this.arm();
    return bodyEnd;
  }

  // From the backend

  onUpstreamBytes(connection: UpstreamConnection, bytes: Buffer, end: number): void {
    if (this.answerStarted) this.relayAnswer(bytes, 0, end);
    else this.readAnswer(connection, bytes, end);
  }

  onUpstreamDrain(): void {
    this.upstreamBlocked = false;
    this.arm();
    this.pump();
  }

  onUpstreamEnd(connection: UpstreamConnection): void {
    if (!this.answerStarted) {
      this.upstreamLost(connection);
      return;
    }
    if (!this.answerBody.endsWithConnection) {
      this.cut();
      return;
    }
    const last = this.answerBody.endOfConnection();
    if (last !== undefined) this.send(last);
    this.finish(false);
  }

  onUpstreamClosed(connection: UpstreamConnection): void {
    if (this.answerStarted) this.cut();
    else this.upstreamLost(connection);
  }

  onBackendGone(connection: UpstreamConnection): void {
    const waits = this.silentForMs > 0 && !this.answerStarted;
    if (waits && this.upstream === connection) this.upstreamLost(connection, true);
  }

  /** No answer came. It may be sent again when nothing came at all and once is as good as twice. */
  private upstreamLost(connection: UpstreamConnection, gone = false): void {
    const { backend, reused } = connection;
    const silent = connection.partial === undefined && this.interimAnswers === 0;
    this.dropUpstream();
    if (!this.replayable || !silent) {
      this.failAnswer(502);
      return;
    }
    this.phase = 'connecting';
    if (reused && !gone) {
      this.search.again();
      return;
    }
    this.unanswered = true;
    this.search.elsewhere(backend);
  }

  private readAnswer(connection: UpstreamConnection, fresh: Buffer, freshEnd: number): void {
    const head = this.view.answerHead;
    const { partial } = connection;
    const bytes = partial === undefined ? fresh : joined(partial, fresh, freshEnd);
    const end = partial === undefined ? freshEnd : bytes.length;
    connection.partial = undefined;
    let at = 0;
    while (at < end) {
      const result = scanAnswerHead(head, bytes, at, end);
      if (result === 'incomplete') {
        connection.partial = ownCopy(bytes, at, end);
        break;
      }
      if (result === 'complete' && head.status >= 200) {
        this.beginAnswer(head, end);
        return;
      }
      if (result === 'bad' || !this.forwardInterim(head)) {
        this.failAnswer(502);
        return;
      }
      at = head.end;
    }
    this.arm();
  }

  /** 1xx: passed on to those who know them. 101 was never asked for. */
  private forwardInterim(head: Head): boolean {
    if (head.status === 101 || ++this.interimAnswers > MAX_INTERIM_ANSWERS) return false;
    if (this.clientMinor === 0) return true;
    readConnection(head);
    writeAnswerHead(this.view.writer, head, false, '', '');
    this.send(this.view.writer.take(head.bytes, 0, 0));
    return true;
  }

  private beginAnswer(head: Head, end: number): void {
    const framing = frameAnswer(head, this.toHead);
    const { answerBody } = this;
    if (framing === UNFRAMED) {
      this.failAnswer(502);
      return;
    }
    this.upstreamKeepAlive = readConnection(head);
    answerBody.start(framing, this.clientMinor);
    this.keepAlive &&= this.requestBody.done && !answerBody.closesClient && !this.view.draining;
    const { writer } = this.view;
    writeAnswerHead(
      writer,
      head,
      answerBody.chunkedForClient,
      this.connectionLine(),
      this.requestId,
    );
    const bodyStart = head.end;
    const bodyEnd = answerBody.verbatim
      ? answerBody.consume(head.bytes, bodyStart, end)
      : bodyStart;
    if (answerBody.bad) {
      this.failAnswer(502);
      return;
    }
    this.answerStarted = true;
    this.outgoing = undefined;
    this.view.counters.answered(head.status);
    this.send(writer.take(head.bytes, bodyStart, bodyEnd));
    this.relayAnswer(head.bytes, bodyEnd, end);
  }

  private connectionLine(): '' | 'Connection: close\r\n' | 'Connection: keep-alive\r\n' {
    if (!this.keepAlive) return 'Connection: close\r\n';
    return this.clientMinor === 0 ? 'Connection: keep-alive\r\n' : '';
  }

  private relayAnswer(bytes: Buffer, start: number, end: number): void {
    const bodyEnd = this.answerBody.relay(bytes, start, end, this.sendToClient);
    if (this.answerBody.bad) this.cut();
    else if (this.answerBody.done) this.finish(bodyEnd === end);
    else this.arm();
  }

  // Ends of a request

  /** The answer is complete. `exact`: the backend sent nothing behind it. */
  private finish(exact: boolean): void {
    const { upstream } = this;
    this.detachUpstream();
    if (upstream !== undefined) {
      if (exact && this.upstreamKeepAlive && this.requestBody.done) {
        this.view.upstreams.release(upstream);
      } else upstream.destroy();
      this.view.requestEnded(upstream.backend);
    }
    this.afterAnswer();
    this.settle();
  }

  /** An answer of our own, when none of the backend's has begun; otherwise the client is cut. */
  private failAnswer(status: number): void {
    if (this.answerStarted) {
      this.cut();
      return;
    }
    this.dropUpstream();
    if (status === 400) this.refuse(status);
    else this.answer(status);
    this.settle();
  }

  /** The rest of what the client sends cannot be trusted, so nothing of it is read. */
  private refuse(status: number): void {
    this.keepAlive = false;
    this.answer(status);
  }

  private answer(status: number): void {
    const template =
      this.cluster?.config.answers[status] ??
      this.listener.answers[status] ??
      DEFAULT_ANSWERS[status] ??
      DEFAULT_ANSWERS['500'];
    if (template === undefined) {
      this.close();
      return;
    }
    const compiled = compileAnswer(template);
    this.keepAlive &&= compiled.keepAlive && this.requestBody.done;
    this.view.counters.answered(status);
    this.send(writeOwnAnswer(compiled, this.requestId, this.connectionLine(), !this.toHead));
    this.afterAnswer();
  }

  private afterAnswer(): void {
    if (this.phase === 'closed') return;
    this.endRequest();
    this.outgoing = undefined;
    this.cluster = undefined;
    if (!this.keepAlive) {
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
    if (!this.inRequest) return;
    this.inRequest = false;
    this.view.counters.activeRequests--;
  }

  private dropUpstream(): void {
    const { upstream } = this;
    if (upstream === undefined) return;
    this.detachUpstream();
    upstream.destroy();
    this.view.requestEnded(upstream.backend);
  }

  private detachUpstream(): void {
    if (this.upstream === undefined) return;
    if (this.clientBlocked) this.upstream.socket.resume();
    this.upstream.user = undefined;
    this.upstream.backend.activeRequests--;
    this.upstream = undefined;
    this.upstreamBlocked = false;
  }

  // Flow

  private send(bytes: Buffer | string): void {
    if (this.wire.write(bytes, 'latin1') || this.wire.writableLength === 0) return;
    this.clientBlocked = true;
    this.upstream?.socket.pause();
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
    if (this.carry !== undefined || this.upstreamBlocked) return false;
    return this.phase !== 'connecting' || this.requestBody.done;
  }

  private arm(): void {
    if (this.phase !== 'relaying') return;
    this.silentForMs = 0;
    this.view.timers.extend(this.timer, this.patienceMs());
  }

  /** How long the side whose turn it is may be silent before something is done about it. */
  private patienceMs(): number {
    const { frontTimeoutMs, backTimeoutMs } = this.listener;
    if (this.waitsForClient()) return frontTimeoutMs;
    if (this.answerStarted) return backTimeoutMs;
    return Math.min(PRESENCE_AFTER_MS, backTimeoutMs - this.silentForMs);
  }

  private waitsForClient(): boolean {
    return this.clientBlocked || (!this.requestBody.done && !this.upstreamBlocked);
  }

  private onDeadline(): void {
    // The search has a deadline of its own.
    if (this.phase === 'connecting') return;
    if (this.phase === 'reading-head') {
      this.beginUnreadable();
      this.refuse(408);
    } else if (this.phase !== 'relaying') this.close();
    else if (this.clientBlocked || this.answerStarted) this.cut();
    else if (this.waitsForClient()) this.failAnswer(408);
    else this.onSilence();
  }

  private onSilence(): void {
    const { backTimeoutMs, connectTimeoutMs } = this.listener;
    this.silentForMs += this.patienceMs();
    if (this.upstream === undefined || this.silentForMs >= backTimeoutMs) {
      this.failAnswer(504);
      return;
    }
    this.view.presence.ask(this.upstream, connectTimeoutMs);
    this.view.timers.set(this.timer, this.patienceMs());
  }
}
