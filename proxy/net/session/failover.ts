/**
 * What becomes of a request whose backend failed it: to another backend if that is harmless and
 * allowed, otherwise its own failure. Never twice to anybody what one of them may have acted on,
 * unless the request is idempotent and nothing of an answer has come (RFC 9110 §9.2.2).
 *
 *     what happened                          to another backend if            retry budget
 *     a reused connection closed             idempotent, unanswered           free: a stale one
 *     a fresh connection closed              idempotent, unanswered           one
 *     the machine is gone                    idempotent, unanswered           free: it does no work
 *     it answers nobody                      idempotent, unanswered, another  free: as above
 *     the back timeout is over               same, for the first time         one
 *     it answered 502, 503 or 504            same, and errors are retried     one
 *     its drain may take no longer           idempotent, unanswered, another  free: the operator's
 */

import type { BackendRuntime } from '../../balancing/backend-runtime.ts';
import { retryInMs } from '../../balancing/circuit-breaker.ts';
import type { AttemptOutcome } from '../../command/failure-stories.ts';
import type { ListenerRules } from '../listener/listener-rules.ts';
import type { BackendSearch } from '../upstream/backend-search.ts';
import type { UpstreamConnection, UpstreamUser } from '../upstream/upstream-connection.ts';
import type { UpstreamLease } from '../upstream/upstream-lease.ts';
import type { AnswerRelay } from './answer-relay.ts';
import type { DataPlaneView } from './data-plane-view.ts';
import type { Exchange } from './exchange.ts';

export interface FailoverParts {
  readonly exchange: Exchange;
  readonly search: BackendSearch;
  readonly upstream: UpstreamLease;
  readonly answers: AnswerRelay;
}

export interface FailoverUser extends UpstreamUser {
  failAnswer(status: number, lost?: AttemptOutcome): void;
}

export class Failover {
  private readonly view: DataPlaneView;
  private readonly rules: ListenerRules;
  private readonly parts: FailoverParts;
  private readonly user: FailoverUser;

  constructor(view: DataPlaneView, rules: ListenerRules, parts: FailoverParts, user: FailoverUser) {
    this.view = view;
    this.rules = rules;
    this.parts = parts;
    this.user = user;
  }

  /** Nobody is left who could be asked, or no time. */
  noBackend(): void {
    const { exchange } = this.parts;
    const backends = exchange.cluster?.backends.all ?? [];
    const waitMs = soonestTry(backends, this.view.timers.now());
    exchange.retryAfterSeconds = Math.ceil(waitMs / 1000);
    this.user.failAnswer(exchange.unanswered ? 502 : 503);
  }

  /** The connection ended before an answer began. */
  connectionLost(connection: UpstreamConnection): void {
    const mayRepeat = this.mayRepeat(connection);
    if (mayRepeat && connection.reused) {
      // The backend closed it before it read the request: an idle connection that grew too old.
      this.parts.search.again(this.leave('stale'));
      return;
    }
    this.view.outcomes.lost(connection);
    if (mayRepeat && this.maySpend()) this.moveOn(connection, 'closed');
    else this.user.failAnswer(502, 'closed');
  }

  /** The backend was asked whether it is there, and it is not. */
  backendGone(connection: UpstreamConnection): void {
    if (this.parts.upstream.silentForMs === 0 || this.parts.answers.started) return;
    if (this.mayRepeat(connection)) this.moveOn(connection, 'gone');
    else this.user.failAnswer(502, 'gone');
  }

  /** Others waited for it in vain. */
  backendMute(connection: UpstreamConnection): void {
    if (this.mayMove(connection)) this.moveOn(connection, 'no-answer');
  }

  /** The operator waits for this backend no longer. True when another one is asked. */
  drainIsOver(connection: UpstreamConnection): boolean {
    const moves = this.mayRepeat(connection) && this.parts.search.hasOther(connection.backend);
    if (moves) this.moveOn(connection, 'drained');
    else this.user.failAnswer(503, 'drained');
    return moves;
  }

  backTimeoutOver(): void {
    const { upstream, exchange } = this.parts;
    const { connection } = upstream;
    if (connection === undefined) return;
    const opened = this.view.outcomes.timedOut(connection, this.rules.config.backTimeoutMs);
    // A request that nobody answers twice is slow itself.
    const move = !exchange.unanswered && this.mayMove(connection);
    if (move && this.maySpend()) this.moveOn(connection, 'no-answer');
    else this.user.failAnswer(504, 'no-answer');
    if (opened) this.view.upstreams.abandon(connection.backend);
  }

  /** It answered 502, 503 or 504: another one may do better, else this has to do. */
  seekBetter(connection: UpstreamConnection, status: number): void {
    const mayMove = this.parts.search.hasOther(connection.backend) && this.maySpend();
    this.parts.upstream.hold();
    if (mayMove) this.moveOn(connection, 'error-answer', status);
    else this.relayHeld();
  }

  /** Nobody did better than an answer that was kept. False: none was. */
  relayHeld(): boolean {
    const { upstream, exchange, answers } = this.parts;
    if (upstream.held === undefined) return false;
    answers.takesAny = true;
    exchange.backend = upstream.held.connection.backend;
    upstream.takeHeld(this.user);
    return true;
  }

  private moveOn({ backend }: UpstreamConnection, outcome: AttemptOutcome, status = 0): void {
    const waitedMs = this.leave(outcome, status);
    this.parts.exchange.unanswered = true;
    this.parts.search.elsewhere(backend, waitedMs, outcome === 'no-answer');
  }

  /** Gives the backend up; how long the request waited for its answer. */
  private leave(outcome: AttemptOutcome, status = 0): number {
    const { exchange, upstream } = this.parts;
    const now = this.view.timers.now();
    exchange.lost(outcome, now, status);
    upstream.end(false);
    return now - exchange.connectedAt;
  }

  private mayRepeat(connection: UpstreamConnection): boolean {
    return this.parts.exchange.replayable && this.parts.answers.isUnanswered(connection);
  }

  private mayMove(connection: UpstreamConnection): boolean {
    return this.mayRepeat(connection) && this.parts.search.hasBetter(connection.backend);
  }

  private maySpend(): boolean {
    const { cluster } = this.parts.exchange;
    return cluster !== undefined && this.view.outcomes.mayRetry(cluster);
  }
}

/** A breaker that is closed, or about to, is worth another request soon; 0: nobody is to serve. */
function soonestTry(backends: readonly BackendRuntime[], now: number): number {
  let soonest = 0;
  for (const { admin, breaker } of backends) {
    if (admin !== 'ready') continue;
    const wait = Math.max(1, retryInMs(breaker, now));
    if (soonest === 0 || wait < soonest) soonest = wait;
  }
  return soonest;
}
