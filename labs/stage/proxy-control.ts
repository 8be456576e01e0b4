/**
 * The proxy's command socket in the few words that labs use. The proxy behind it may be replaced or
 * started anew: no event is missed or told twice.
 */
import { setTimeout } from 'node:timers/promises';
import {
  type CommandClient,
  connectCommand,
  ProxyError,
  type ProxyEvent,
  type ProxyRequest,
  type ReplyTo,
  type SendOptions,
} from '../../proxy/index.ts';
import { CLUSTER } from '../harness/commands.ts';
import type { ProxyControl } from '../harness/run/stage.ts';

const ANSWER_MS = 5_000;
/** A removal ends when the last request on the backend has: as long as a backend may be silent. */
const DRAIN_MS = 40_000;
const LOOK_AGAIN_MS = 25;
const REACH_AGAIN_MS = 50;

/** Rejects when no proxy answers now; later it follows whichever proxy has the socket. */
export async function connectProxy(commandSocket: string): Promise<ProxyControl> {
  const control = new SocketControl(commandSocket);
  await control.reach();
  return control;
}

type Options = Pick<SendOptions, 'dryRun'>;

class SocketControl implements ProxyControl {
  readonly #path: string;
  readonly #listeners = new Set<(event: ProxyEvent) => void>();
  #reaching: Promise<CommandClient> | undefined;
  #latest: Pick<ProxyEvent, 'seq' | 'time'> = { seq: 0, time: '' };
  #mainPid: number | undefined;
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** An upgrade or a stop of the proxy ends the connection: the next one is made when it is needed. */
  reach(): Promise<CommandClient> {
    this.#reaching ??= connectCommand(this.#path).catch((error: unknown) => {
      this.#reaching = undefined;
      throw error;
    });
    return this.#reaching;
  }

  async #send<R extends ProxyRequest>(request: R, options: Options = {}): Promise<ReplyTo<R>> {
    const reaching = this.reach();
    const client = await reaching;
    try {
      return await client.send(request, { ...options, timeoutMs: ANSWER_MS });
    } catch (error) {
      if (isUnreachable(error)) this.#leave(reaching);
      throw error;
    }
  }

  /** A question may be asked again, and of another proxy. */
  async #ask<R extends ProxyRequest>(question: R, options: Options = {}): Promise<ReplyTo<R>> {
    try {
      return await this.#send(question, options);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      return this.#send(question, options);
    }
  }

  #leave(reaching: Promise<CommandClient>): void {
    if (this.#reaching === reaching) this.#reaching = undefined;
    reaching.then(
      client => client.close(),
      () => {},
    );
  }

  /** A main process that is replaced passes questions on while it drains, but no events. */
  #meetNext(): void {
    if (this.#reaching !== undefined) this.#leave(this.#reaching);
  }

  async identity(): ReturnType<ProxyControl['identity']> {
    const { content } = ok(await this.#ask({ kind: 'status' }));
    const { pid: mainPid, workers, stateHash } = content;
    if (this.#mainPid !== undefined && this.#mainPid !== mainPid) this.#meetNext();
    this.#mainPid = mainPid;
    const clients = workers.reduce((sum, one) => sum + (one.snapshot?.clientConnections ?? 0), 0);
    return { mainPid, workerPids: workers.map(({ pid }) => pid), stateHash, clients };
  }

  async backends(): ReturnType<ProxyControl['backends']> {
    const { content } = ok(await this.#ask({ kind: 'list-backends' }));
    return content.backends;
  }

  async compareFile(): ReturnType<ProxyControl['compareFile']> {
    const { status, message, content } = await this.#ask(
      { kind: 'reload', prune: true },
      { dryRun: true },
    );
    if (status !== 'ok' || content === undefined) return { problem: message };
    return { changes: content.changes };
  }

  async addBackend(name: string, address: string): Promise<string> {
    const backend = { clusterId: CLUSTER, backendId: name, address };
    return accepted(await this.#send({ kind: 'add-backend', backend }));
  }

  async removeBackend(address: string): Promise<string> {
    const removal = { kind: 'remove-backend', clusterId: CLUSTER, address } as const;
    const message = accepted(await this.#send(removal));
    await this.#drained(address);
    return `${message}; its last request has ended`;
  }

  async setWeight(address: string, weight: number): Promise<string> {
    const change = { kind: 'set-weight', clusterId: CLUSTER, address, weight } as const;
    return accepted(await this.#send(change));
  }

  /** A removed backend is listed as leaving as long as one of its requests runs. */
  async #drained(address: string): Promise<void> {
    const deadline = performance.now() + DRAIN_MS;
    const drains = async (): Promise<boolean> =>
      (await this.backends()).some(one => one.address === address && one.admin === 'leaving');
    while (await drains()) {
      if (performance.now() > deadline) {
        throw new Error(`requests still run on ${address} ${DRAIN_MS / 1_000} s after its removal`);
      }
      await setTimeout(LOOK_AGAIN_MS);
    }
  }

  async saveState(file: string): Promise<void> {
    accepted(await this.#send({ kind: 'save-state', file }));
  }

  async loadState(file: string): Promise<void> {
    accepted(await this.#send({ kind: 'load-state', file, prune: true }));
  }

  onEvent(listener: Parameters<ProxyControl['onEvent']>[0]): void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) void this.#follow();
  }

  async #follow(): Promise<void> {
    while (!this.#isClosed) {
      const reaching = this.reach();
      await reaching.then(
        client => this.#listenTo(client),
        () => {},
      );
      this.#leave(reaching);
      if (!this.#isClosed) await setTimeout(REACH_AGAIN_MS);
    }
  }

  /** Resolves when the connection has ended. */
  #listenTo(client: CommandClient): Promise<void> {
    return new Promise(resolve => {
      client.events(
        event => this.#hear(event),
        () => resolve(),
      );
    });
  }

  /**
   * All that a proxy keeps comes first. After an upgrade it has been heard already, and numbers go
   * on; a proxy that was started anew counts from 1, at a later time.
   */
  #hear(event: ProxyEvent): void {
    const { seq, time } = this.#latest;
    if (event.seq <= seq && event.time <= time) return;
    this.#latest = event;
    for (const listener of this.#listeners) listener(event);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reaching?.then(
      client => client.close(),
      () => {},
    );
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof ProxyError && error.code === 'PROXY_UNREACHABLE';
}

interface Replied {
  readonly status: string;
  readonly message: string;
}

function accepted({ status, message }: Replied): string {
  if (status !== 'ok') throw new Error(`the proxy refused: ${message}`);
  return message;
}

function ok<C>(reply: Replied & { readonly content?: C }): { readonly content: C } {
  accepted(reply);
  if (reply.content === undefined) throw new Error(`the proxy answered nothing: ${reply.message}`);
  return { content: reply.content };
}
