/** Looks at a proxy again and again, over one connection as long as it lasts. */
import type { CommandClient } from '../../command/client.ts';
import type { ProxyEvent } from '../../command/events.ts';
import type { ReplyTo } from '../../command/replies.ts';
import type { ProxyRequest } from '../../command/requests.ts';
import { ProxyError } from '../../shared/errors.ts';
import { type Look, type TopView, topView } from './top-view.ts';

const KEPT_EVENTS = 100;

export class Watch {
  readonly #connect: () => Promise<CommandClient>;
  readonly #timeoutMs: number;
  #client: CommandClient | undefined;
  #before: Look | undefined;
  #now: Look | undefined;
  #events: ProxyEvent[] = [];

  constructor(connect: () => Promise<CommandClient>, timeoutMs: number) {
    this.#connect = connect;
    this.#timeoutMs = timeoutMs;
  }

  /** Rejects when the proxy cannot be asked; the next look tries a new connection. */
  async look(): Promise<void> {
    try {
      this.#client ??= await this.#open();
      const [status, backends, metrics] = await Promise.all([
        this.#ask(this.#client, { kind: 'status' }),
        this.#ask(this.#client, { kind: 'list-backends' }),
        this.#ask(this.#client, { kind: 'show-metrics' }),
      ]);
      if (status === undefined || metrics === undefined) throw nothing();
      this.#before = this.#now;
      this.#now = { at: performance.now(), status, backends: backends?.backends ?? [], metrics };
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Undefined before the first look. */
  get view(): TopView | undefined {
    return this.#now === undefined ? undefined : topView(this.#before, this.#now, this.#events);
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  async #open(): Promise<CommandClient> {
    const client = await this.#connect();
    this.#events = [];
    const keep = (event: ProxyEvent): void => {
      this.#events.push(event);
      if (this.#events.length > KEPT_EVENTS) this.#events.shift();
    };
    client.events(keep, undefined, { last: KEPT_EVENTS });
    return client;
  }

  async #ask<R extends ProxyRequest>(
    client: CommandClient,
    request: R,
  ): Promise<ReplyTo<R>['content']> {
    const reply = await client.send(request, { timeoutMs: this.#timeoutMs });
    if (reply.status !== 'ok') throw new ProxyError('PROXY_UNREACHABLE', reply.message);
    return reply.content;
  }
}

function nothing(): ProxyError {
  return new ProxyError('PROXY_UNREACHABLE', 'the proxy answered nothing');
}
