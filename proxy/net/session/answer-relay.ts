/** Bytes of a backend → the answer that the client gets. Says how it went; ends nothing itself. */
import { AnswerBody } from '../../http1/answer-body.ts';
import { frameAnswer, UNFRAMED } from '../../http1/body-framing.ts';
import { readConnection } from '../../http1/connection-field.ts';
import type { Head } from '../../http1/head.ts';
import { MAX_INTERIM_ANSWERS } from '../../http1/head-limits.ts';
import { scanAnswerHead } from '../../http1/head-scanner.ts';
import { joined, ownCopy, withTextBefore } from '../../http1/lent-bytes.ts';
import { writeAnswerHead, writeSwitchHead } from '../../http1/relayed-heads.ts';
import { takeIdField } from '../../http1/request-id.ts';
import { isSwitchTo } from '../../http1/upgrade-field.ts';
import { stickyLine } from '../admission/sticky-session.ts';
import type { UpstreamConnection } from '../upstream/upstream-connection.ts';
import type { DataPlaneView } from './data-plane-view.ts';
import type { Exchange } from './exchange.ts';

export type AnswerProgress =
  /** More bytes must come. */
  | 'more'
  /** Complete, and nothing came behind it. */
  | 'complete'
  /** 101: what comes now is of another protocol. */
  | 'switched'
  /** Complete, but the backend sent more than its answer: nobody may use its connection again. */
  | 'overlong'
  /** 502, 503 or 504, and another backend may do better: `partial` of the connection holds it. */
  | 'unwanted'
  /** No valid answer; nothing of a final one has been sent to the client. */
  | 'invalid'
  /** Its body is broken, and the client has part of it. */
  | 'broken';

/** As a text, fewer bytes are faster than as bytes. */
const LONG_PART = 4096;

export class AnswerRelay {
  /** The final head is on its way to the client. */
  started = false;
  /** The backend keeps its connection open. */
  keepAlive = false;
  /** Whatever answer comes is relayed: nobody else is asked. */
  takesAny = false;
  /** Of the last answer that was unwanted. */
  unwantedStatus = 0;
  private interimAnswers = 0;
  private readonly body = new AnswerBody();
  private readonly view: DataPlaneView;
  private readonly exchange: Exchange;
  private readonly send: (bytes: Buffer | string) => void;

  constructor(view: DataPlaneView, exchange: Exchange, send: (bytes: Buffer | string) => void) {
    this.view = view;
    this.exchange = exchange;
    this.send = send;
  }

  begin(): void {
    this.started = false;
    this.keepAlive = false;
    this.takesAny = false;
    this.interimAnswers = 0;
  }

  /** Not one byte of an answer has come. */
  isUnanswered(connection: UpstreamConnection): boolean {
    return !this.started && this.interimAnswers === 0 && connection.partial === undefined;
  }

  onBytes(connection: UpstreamConnection, bytes: Buffer, end: number): AnswerProgress {
    if (this.started) return this.relayBody(bytes, 0, end);
    const { partial } = connection;
    if (partial === undefined) return this.readHeads(connection, bytes, end);
    connection.partial = undefined;
    const all = joined(partial, bytes, end);
    return this.readHeads(connection, all, all.length);
  }

  /** The backend has ended its side in order: does that complete the answer? */
  endsHere(): boolean {
    if (!this.started || !this.body.endsWithConnection) return false;
    const last = this.body.endOfConnection();
    if (last !== undefined) this.send(last);
    return true;
  }

  private readHeads(connection: UpstreamConnection, bytes: Buffer, end: number): AnswerProgress {
    const head = this.view.answerHead;
    let at = 0;
    while (at < end) {
      const result = scanAnswerHead(head, bytes, at, end);
      if (result === 'incomplete') {
        connection.partial = ownCopy(bytes, at, end);
        return 'more';
      }
      if (result === 'complete' && head.status >= 200) return this.judge(connection, head, end);
      if (result === 'complete' && head.status === 101) return this.switchProtocol(head, end);
      if (result === 'bad' || !this.forwardInterim(head)) return 'invalid';
      at = head.end;
    }
    return 'more';
  }

  private judge(connection: UpstreamConnection, head: Head, end: number): AnswerProgress {
    const framing = frameAnswer(head, this.exchange.toHead);
    if (framing === UNFRAMED) return 'invalid';
    if (!this.takesAny) {
      connection.backend.answersTotal++;
      connection.backend.isMute = false;
      if (connection.backend.answersCount) this.view.outcomes.answered(connection, head.status);
      if (head.status >= 502 && head.status <= 504 && this.mayAskAgain()) {
        connection.partial = ownCopy(head.bytes, head.start, end);
        this.unwantedStatus = head.status;
        return 'unwanted';
      }
    }
    return this.beginFinal(head, framing, end);
  }

  private mayAskAgain(): boolean {
    const { cluster, replayable } = this.exchange;
    return replayable && cluster?.retries.rules.onError === true;
  }

  /** Only to a protocol that was asked for, and not before all of the request was sent. */
  private switchProtocol(head: Head, end: number): AnswerProgress {
    const { exchange, view } = this;
    const { upgrade, body } = exchange;
    if (upgrade === '' || !body.done || !isSwitchTo(head, upgrade)) return 'invalid';
    readConnection(head);
    if (exchange.idField !== '') takeIdField(head, exchange.idField);
    writeSwitchHead(view.writer, head, exchange);
    this.begun(101);
    this.send(view.writer.take(head.bytes, head.end, end));
    return 'switched';
  }

  private begun(status: number): void {
    this.started = true;
    this.exchange.outgoing = undefined;
    this.exchange.status = status;
    this.exchange.answeredAt = this.view.timers.now();
    this.exchange.measure(this.exchange.answeredAt);
    this.view.counters.answered(status);
  }

  /** 1xx: passed on to those who know them. */
  private forwardInterim(head: Head): boolean {
    if (++this.interimAnswers > MAX_INTERIM_ANSWERS) return false;
    if (this.exchange.clientMinor === 0) return true;
    readConnection(head);
    writeAnswerHead(this.view.writer, head, false, '', '');
    this.send(this.view.writer.take(head.bytes, 0, 0));
    return true;
  }

  private beginFinal(head: Head, framing: number, end: number): AnswerProgress {
    const { body, exchange } = this;
    const { writer, draining } = this.view;
    this.keepAlive = readConnection(head);
    body.start(framing, exchange.clientMinor);
    exchange.keepAlive &&= exchange.body.done && !body.closesClient && !draining;
    // What the client sent behind an Upgrade may be of the other protocol: it is never a request.
    if (exchange.upgrade !== '') exchange.keepAlive = false;
    if (exchange.idField !== '') takeIdField(head, exchange.idField);
    const cookie = exchange.stickyName === '' ? '' : stickyLine(exchange);
    const ownLines = cookie + exchange.answerLines();
    writeAnswerHead(writer, head, body.chunkedForClient, ownLines, exchange.requestId);
    const bodyEnd = body.verbatim ? body.consume(head.bytes, head.end, end) : head.end;
    if (body.bad) return 'invalid';
    this.begun(head.status);
    this.sendHead(head, bodyEnd);
    return this.relayBody(head.bytes, bodyEnd, end);
  }

  /** The head that was written, and the part of the body that came with the backend's. */
  private sendHead(head: Head, bodyEnd: number): void {
    const { writer } = this.view;
    if (bodyEnd - head.end < LONG_PART) {
      this.send(writer.take(head.bytes, head.end, bodyEnd));
      return;
    }
    const text = writer.take(head.bytes, 0, 0);
    const whole = withTextBefore(text, head.bytes, head.end, bodyEnd);
    if (whole !== undefined) {
      this.send(whole);
      return;
    }
    this.send(text);
    this.send(head.bytes.subarray(head.end, bodyEnd));
  }

  private relayBody(bytes: Buffer, start: number, end: number): AnswerProgress {
    const bodyEnd = this.body.relay(bytes, start, end, this.send);
    if (this.body.bad) return 'broken';
    if (!this.body.done) return 'more';
    return bodyEnd === end ? 'complete' : 'overlong';
  }
}
