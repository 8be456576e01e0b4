/**
 * Always-on labelled clients. Each asks at its own rate whether or not the last answer came, as
 * people do: a proxy that stalls is seen to stall, instead of slowing its own judge down.
 */
import { Agent } from 'node:http';
import type { RequestRecord } from '../harness/history.ts';
import type { Visitor } from '../harness/lab.ts';
import { askOnce, type Ending, type Question } from './ask-once.ts';
import { Button } from './button.ts';

export interface VisitorsRequest {
  readonly url: string;
  readonly visitors: Readonly<Record<string, Visitor>>;
  /** Told each request when it ended. */
  readonly record: (request: Omit<RequestRecord, 'at'>) => void;
  /** Milliseconds since the run began, monotonic. */
  readonly now: () => number;
  /** A request without a complete answer by then has failed with `ETIMEDOUT`. */
  readonly timeoutMs?: number;
}

export interface Visitors {
  /** No new request until `resume`; resolves when those under way have ended. */
  rest(): Promise<void>;
  resume(): void;
  /**
   * No new request; resolves when the last one has ended and is recorded. What is not answered
   * after `limitMs` is cut off and not recorded, for it did not fail: we left.
   */
  stop(limitMs?: number): Promise<void>;
}

/** Requests of one visitor under way at once; while that many wait, its further ones are left out. */
const MAX_IN_FLIGHT = 4;
/** Loads are bounded: a lab shows behaviour, it is no benchmark. */
const MAX_PER_SECOND = 1000;
const DEFAULT_TIMEOUT_MS = 10_000;
/** A short answer, in place of the way back to the page. */
const BUTTON_ANSWER = { accept: 'application/json' };

export function startVisitors(request: VisitorsRequest): Visitors {
  const visitors = Object.entries(request.visitors);
  for (const [name, { perSecond }] of visitors) {
    if (perSecond > 0 && perSecond <= MAX_PER_SECOND) continue;
    throw new RangeError(
      `visitor ${name} asks ${perSecond} times per second: it must be more than 0 and at most ${MAX_PER_SECOND}`,
    );
  }
  const clients = visitors.map(
    ([name, visitor], index) => new Client(name, visitor, index / visitors.length, request),
  );
  return {
    async rest() {
      await Promise.all(clients.map(client => client.rest()));
    },
    resume() {
      for (const client of clients) client.resume();
    },
    async stop(limitMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS) {
      await Promise.all(clients.map(client => client.stop(limitMs)));
    },
  };
}

class Client {
  readonly #name: string;
  readonly #visitor: Visitor;
  readonly #request: VisitorsRequest;
  readonly #url: URL;
  readonly #button: Button;
  readonly #agent: Agent;
  /** By name; empty for a visitor who brings none back. */
  readonly #cookies = new Map<string, string>();
  readonly #left = new AbortController();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #firstAt: number;
  /** Moments of the visitor's grid that have passed, used or not. */
  #slot = 0;
  #number = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `phase` shifts the visitor by a part of its interval, so that not all ask at once. */
  constructor(name: string, visitor: Visitor, phase: number, request: VisitorsRequest) {
    this.#name = name;
    this.#visitor = visitor;
    this.#request = request;
    this.#url = new URL(visitor.path ?? '', request.url);
    this.#button = new Button(visitor.engages);
    // One free socket: a single connection while answers come in time, more when they do not,
    // as in a browser. With a bound on sockets Node would keep connections alive unasked.
    this.#agent = new Agent({ keepAlive: visitor.keepAlive, maxFreeSockets: 1 });
    this.#firstAt = request.now() + phase * this.#intervalMs;
    this.#schedule();
  }

  async rest(): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all(this.#inFlight);
  }

  resume(): void {
    clearTimeout(this.#timer);
    this.#schedule();
  }

  async stop(limitMs: number): Promise<void> {
    const cut = setTimeout(() => this.#left.abort(), limitMs);
    await this.rest();
    clearTimeout(cut);
    this.#agent.destroy();
  }

  get #intervalMs(): number {
    return 1000 / this.#visitor.perSecond;
  }

  /** Counts moments from the first one, so that delays never add up; those missed are left out. */
  #schedule(): void {
    const passed = this.#request.now() - this.#firstAt;
    this.#slot = Math.max(this.#slot, Math.ceil(passed / this.#intervalMs));
    const delayMs = this.#slot * this.#intervalMs - passed;
    this.#timer = setTimeout(() => {
      this.#slot += 1;
      this.#schedule();
      if (this.#inFlight.size < MAX_IN_FLIGHT) this.#ask();
    }, delayMs);
  }

  #ask(): void {
    const asking = this.#visit().finally(() => this.#inFlight.delete(asking));
    this.#inFlight.add(asking);
  }

  /** A page, and perhaps the button on it. */
  async #visit(): Promise<void> {
    const page = await this.#askAndRecord({ url: this.#url, method: 'GET' });
    if (this.#left.signal.aborted || !this.#button.isPressedAfter(page)) return;
    const url = new URL('/engage', this.#url);
    await this.#askAndRecord({ url, method: 'POST' });
  }

  async #askAndRecord({ url, method }: Pick<Question, 'url' | 'method'>): Promise<Ending> {
    this.#number += 1;
    const number = this.#number;
    const requestId = requestIdOf(this.#name, number);
    const startedAt = this.#request.now();
    const { cookies, ...ending } = await askOnce({
      url,
      method,
      visitor: this.#name,
      headers: { ...this.#headers(), ...(method === 'POST' && BUTTON_ANSWER) },
      requestId,
      agent: this.#agent,
      timeoutMs: this.#request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      signal: this.#left.signal,
    });
    this.#keep(cookies ?? []);
    if (ending.error !== undefined && this.#left.signal.aborted) return ending;
    this.#request.record({
      kind: 'request',
      visitor: this.#name,
      keepAlive: this.#visitor.keepAlive,
      number,
      startedAt,
      durationMs: this.#request.now() - startedAt,
      ...(method === 'POST' && { engages: true as const }),
      requestId,
      ...ending,
    });
    return ending;
  }

  #headers(): Readonly<Record<string, string>> {
    const { host, headers } = this.#visitor;
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return {
      ...(host === undefined ? {} : { host }),
      ...headers,
      ...(cookie === '' ? {} : { cookie }),
    };
  }

  #keep(cookies: readonly string[]): void {
    if (this.#visitor.cookies !== true) return;
    for (const cookie of cookies) {
      const split = cookie.indexOf('=');
      if (split > 0) this.#cookies.set(cookie.slice(0, split), cookie.slice(split + 1));
    }
  }
}

/** `alice-12`: `relais why alice-12` finds it. What may not stand in a token becomes a dash. */
function requestIdOf(visitor: string, number: number): string {
  return `${visitor.replace(/[^\w.~-]/g, '-').slice(0, 100)}-${number}`;
}
