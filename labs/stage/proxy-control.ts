/** The proxy's command socket in the few words that labs use. */
import { setTimeout } from 'node:timers/promises';
import { type CommandClient, connectCommand } from '../../proxy/index.ts';
import { CLUSTER } from '../harness/commands.ts';
import type { ProxyControl } from '../harness/run/stage.ts';

const ANSWER_MS = 5_000;
/** A removal ends when the last request on the backend has: as long as a backend may be silent. */
const DRAIN_MS = 40_000;
const LOOK_AGAIN_MS = 25;

export async function connectProxy(commandSocket: string): Promise<ProxyControl> {
  return new SocketControl(await connectCommand(commandSocket));
}

class SocketControl implements ProxyControl {
  readonly #client: CommandClient;

  constructor(client: CommandClient) {
    this.#client = client;
  }

  async identity(): ReturnType<ProxyControl['identity']> {
    const { content } = ok(await this.#client.send({ kind: 'status' }, { timeoutMs: ANSWER_MS }));
    return { mainPid: content.pid, workerPids: content.workers.map(({ pid }) => pid) };
  }

  async backends(): ReturnType<ProxyControl['backends']> {
    const { content } = ok(
      await this.#client.send({ kind: 'list-backends' }, { timeoutMs: ANSWER_MS }),
    );
    return content.backends;
  }

  async addBackend(name: string, address: string): Promise<string> {
    const backend = { clusterId: CLUSTER, backendId: name, address };
    const reply = await this.#client.send(
      { kind: 'add-backend', backend },
      { timeoutMs: ANSWER_MS },
    );
    return accepted(reply);
  }

  async removeBackend(name: string, address: string): Promise<string> {
    const reply = await this.#client.send(
      { kind: 'remove-backend', clusterId: CLUSTER, backendId: name, address },
      { timeoutMs: ANSWER_MS },
    );
    const message = accepted(reply);
    await this.#drained(name, address);
    return `${message}; its last request has ended`;
  }

  /** A removed backend is listed as leaving as long as one of its requests runs. */
  async #drained(name: string, address: string): Promise<void> {
    const deadline = performance.now() + DRAIN_MS;
    const drains = async (): Promise<boolean> =>
      (await this.backends()).some(
        one => one.backendId === name && one.address === address && one.admin === 'leaving',
      );
    while (await drains()) {
      if (performance.now() > deadline) {
        throw new Error(`requests still run on ${name} ${DRAIN_MS / 1_000} s after its removal`);
      }
      await setTimeout(LOOK_AGAIN_MS);
    }
  }

  onEvent(listener: Parameters<ProxyControl['onEvent']>[0]): void {
    this.#client.events(listener);
  }

  async close(): Promise<void> {
    this.#client.close();
  }
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
