/** The words that a lab's steps are written with, typed by the lab's own machines and visitors. */
import type { ProxyEventKind } from '../../proxy/index.ts';
import type { FailureVerb, Knobs } from '../../vms/machine.ts';
import type { Action, AppVersion, Replayed, Word } from './actions.ts';
import type { Place } from './place.ts';
import type { AnswerLook, BackendLook, MachineLook, Probe } from './probes.ts';

export interface Kit<M extends string, V extends string = string> {
  readonly machines: {
    up(...machines: readonly M[]): Action;
    down(machine: M, how: FailureVerb): Action;
    heal(machine: M): Action;
    /** Puts this version on a machine that runs; it stays at its address. */
    deploy(machine: M, version: AppVersion): Action;
    /** Tells the running app how to behave, such as `{ statusFailing: true }`. */
    knobs(machine: M, knobs: Knobs): Action;
    /** Raw connects from beside the machines, to show what a client of each sees. */
    measure(...machines: readonly M[]): Action;
  };
  readonly proxy: ProxyWords<M>;
  /**
   * A line for a POSIX shell, run in the folder of the proxy's configuration with `relais` and
   * `lab` at hand; the parts are joined without a space.
   */
  shell(parts: readonly Word[], options?: Replay): Action;
  /**
   * The machine's address as the proxy dials it, as a word of a line; `proxy`, `edge`: where they
   * listen; `second-proxy`: where a line may start another one, which then ends with the lab.
   */
  addressOf(machine: M | 'proxy' | 'edge' | 'monitor' | 'second-proxy'): Word;
  /** The machine's own port on this computer, past the proxy: `127.0.0.1:9091`, as a word of a line. */
  outsideOf(machine: M): Word;
  readonly expect: Expect<M, V>;
}

export interface Replay {
  /** Default true: a later step builds on it. */
  readonly replayed?: Replayed;
}

export interface ProxyWords<M extends string> {
  add(machine: M): Action;
  /** No new request from the moment it returns; ends when the last request has ended. */
  remove(machine: M): Action;
  weight(machine: M, weight: number): Action;
  drain(machine: M): Action;
  ready(machine: M): Action;
  /** Any line of `relais`, without its first word: run as it is printed. */
  relais(words: readonly Word[], options?: Replay): Action;
}

export interface Expect<M extends string, V extends string = string> {
  served(by: 'every' | 'only' | 'none', ...machines: readonly M[]): Probe;
  /** The latest requests of every visitor were answered with this status. */
  status(code: number): Probe;
  /** Every visitor request got a complete answer below 500. */
  noFailedRequest(): Probe;
  breaker(state: 'open' | 'closed' | 'half-open', machine: M): Probe;
  /** The proxy has exactly these machines as backends. */
  backends(...machines: readonly M[]): Probe;
  /** A raw connect to the machine ended like this, or like one of these. */
  connect(
    machine: M,
    ...outcomes: readonly ('connected' | 'refused' | 'unreachable' | 'silent')[]
  ): Probe;
  /** Main process and workers are the ones that started. */
  proxyNeverRestarted(): Probe;
  /** The machine answers on its forwarded port, without the proxy. */
  direct(machine: M): Probe;
  /** Browser: separate contexts show at least this many different machines at one URL. */
  pagesDiffer(atLeast: number): Probe;
  /** Browser: the page has this status (and reason phrase) and shows this text. */
  page(shows: {
    readonly status: number;
    readonly text: string;
    readonly reason?: string;
    readonly at?: Place;
  }): Probe;
  /**
   * Of the last `requests` (default 10) requests that the kit sent to the second proxy, one after
   * the other since the step acted, exactly so many percent were answered by the version.
   */
  secondProxy(version: AppVersion, percent: number, requests?: number): Probe;
  /** An address appears twice, or a declared machine is in no cluster. */
  addressMistake(): Probe;
  /**
   * Of the last `requests` (default 100) requests since the step acted, so many percent were
   * answered by the machine or the version, give or take `tolerance` (default 0) points. `among`:
   * only requests of these visitors, or those that this version answered, are counted.
   */
  share(
    of: { readonly machine: M } | { readonly version: string } | { readonly status: number },
    share: Share<V>,
  ): Probe;
  /**
   * Since the step acted, these visitors pressed the button of the page at least `times` (default 2) as
   * often with this version as with the other one, as the version counts that got it. Judged
   * when each has shown them `visits` (default 30) pages.
   */
  engagement(
    version: AppVersion,
    compared: {
      readonly than: AppVersion;
      readonly visitors: readonly V[];
      readonly times?: number;
      readonly visits?: number;
    },
  ): Probe;
  /** Requests that the machines got for each request of a visitor, since the step acted: 1 without retries. */
  amplification(bounds: { readonly atLeast?: number; readonly atMost?: number }): Probe;
  /** The machine is so, as its provider tells: state, version of its app, failure in force. */
  machine(machine: M, look: MachineLook): Probe;
  /** The proxy has the machine as a backend, and it is so: weight, admin state, health. */
  backend(machine: M, look: BackendLook): Probe;
  /**
   * Since the step began, the proxy has counted at least so many (default 1) failed health checks
   * of a machine that it still called healthy.
   */
  countdown(machine: M, atLeast?: number): Probe;
  /** The proxy has told such an event since the step began; default: at least one. */
  event(event: ProxyEventKind, about?: { readonly machine?: M; readonly atLeast?: number }): Probe;
  /** The last `requests` (default 3) requests of the visitor since the step acted look so. */
  sees(visitor: V, look: AnswerLook & { readonly machine?: M }, requests?: number): Probe;
  /** The visitor's last `requests` (default 5) requests since the step acted met one machine only. */
  sticky(visitor: V, requests?: number): Probe;
  /** At least so many (default 1) requests since the step began were answered with this status. */
  answered(code: number, atLeast?: number): Probe;
  /** The longest wait since the step began, of one visitor or of all. */
  waited(wait: {
    readonly atLeastMs?: number;
    readonly atMostMs?: number;
    readonly visitor?: V;
  }): Probe;
  /**
   * The log has at least so many (default 1) lines with this text, about requests since the step
   * acted: what the machine's app printed, or the access log of `proxy` or `edge`.
   */
  logged(source: M | 'proxy' | 'edge', text: string, atLeast?: number): Probe;
  /** None of its lines since the step acted, and at least `lines` (default 10), has this text. */
  notLogged(source: M | 'proxy' | 'edge', text: string, lines?: number): Probe;
  /** The proxy has so many client connections, of visitors and of a crowd. */
  clients(bounds: { readonly atLeast?: number; readonly atMost?: number }): Probe;
  /** Main process and workers together have grown by no more than this since the step began. */
  memory(growsAtMostMiB: number): Probe;
  /**
   * The proxy was stopped since the step began: `soft`: requests under way ended whole, none was
   * cut; `hard`: at least one was cut. Of several stops the latest counts.
   */
  stopped(how: 'soft' | 'hard'): Probe;
  /** At least so many (default 1) requests since the step began were cut off under way. */
  cut(atLeast?: number): Probe;
  /** The last `lines` (default 3) of its lines since the step acted took at least, or at most, so long. */
  logTook(
    source: M | 'proxy' | 'edge',
    took: {
      readonly atLeastMs?: number;
      readonly atMostMs?: number;
      /** Only lines about requests of this visitor. */
      readonly visitor?: V;
      readonly lines?: number;
    },
  ): Probe;
  /**
   * At least three requests of the visitor since the step acted are in all of these logs: each
   * under one request id, or each under one trace.
   */
  traced(visitor: V, by: 'request' | 'trace', ...sources: readonly (M | 'proxy' | 'edge')[]): Probe;
  /** The proxy's processes, compared with those at the start of the step. */
  processes(are: 'the-same' | 'new-workers' | 'all-new'): Probe;
  /** A reload of the proxy's config file would change nothing, or would change something. */
  file(says: 'what-runs' | 'something-else'): Probe;
}

export interface Share<V extends string = string> {
  readonly percent: number;
  readonly tolerance?: number;
  readonly requests?: number;
  readonly among?: { readonly visitors?: readonly V[]; readonly version?: AppVersion };
}
