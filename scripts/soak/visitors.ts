/** The traffic of the soak: many kinds of requests, each checked to the last byte. */
import { createHash, randomBytes } from 'node:crypto';
import { Agent, request as ask, type IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import type { Tally } from './tally.ts';

export interface Traffic {
  readonly port: number;
  readonly tally: Tally;
  /** Visitors at the same time. */
  readonly visitors: number;
  /** Requests per second of one visitor, about. */
  readonly pace: number;
}

interface Plan {
  readonly id: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly size: number;
  readonly body: Buffer;
}

interface Outcome {
  readonly status: number;
  readonly body: string;
  readonly whose: string | undefined;
}

const REQUEST_TIMEOUT_MS = 60_000;

export class Visitors {
  private readonly traffic: Traffic;
  private readonly loops: Promise<void>[] = [];
  private stopping = false;
  private count = 0;

  constructor(traffic: Traffic) {
    this.traffic = traffic;
  }

  start(): void {
    for (let n = 0; n < this.traffic.visitors; n++) this.loops.push(this.visit(n));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.loops);
  }

  /** Every fourth visitor opens a connection per request, every eighth speaks WebSocket. */
  private async visit(n: number): Promise<void> {
    const agent = new Agent({ keepAlive: n % 4 !== 1, maxSockets: 1 });
    while (!this.stopping) {
      if (n % 8 === 3) await this.converse();
      else await this.request(agent, this.plan());
      await pause((Math.random() * 2_000) / this.traffic.pace);
    }
    agent.destroy();
  }

  private plan(): Plan {
    const id = `r${++this.count}`;
    const method = Math.random() < 0.75 ? 'GET' : Math.random() < 0.5 ? 'POST' : 'HEAD';
    const size = Math.floor(Math.random() < 0.02 ? Math.random() * 1e6 : Math.random() * 2_000);
    const body = method === 'POST' ? randomBytes(Math.floor(Math.random() * 50_000)) : NO_BODY;
    return { id, method, size, body };
  }

  private async request(agent: Agent, plan: Plan): Promise<void> {
    const { tally } = this.traffic;
    const startedAt = performance.now();
    const progress = { hasBegun: false };
    try {
      const outcome = await this.send(agent, plan, progress);
      tally.ended(String(outcome.status), startedAt);
      this.judge(plan, outcome);
    } catch (error) {
      const { message } = error as Error;
      tally.ended(message, startedAt);
      // An answer that a dying backend cut off must look cut, and it did.
      if (progress.hasBegun || plan.method === 'POST') tally.excused++;
      else tally.isWrong(`${plan.id} ${plan.method}: ${message}`);
    }
  }

  private send(agent: Agent, plan: Plan, progress: { hasBegun: boolean }): Promise<Outcome> {
    const { id, method, size, body } = plan;
    const isChunked = method === 'POST' && size % 2 === 0;
    return new Promise((resolve, reject) => {
      const request = ask(
        {
          host: '127.0.0.1',
          port: this.traffic.port,
          agent,
          method,
          path: `/?size=${size}`,
          headers: {
            Host: 'soak',
            'X-Soak-Id': id,
            ...(method === 'POST' && !isChunked ? { 'Content-Length': body.length } : {}),
          },
          timeout: REQUEST_TIMEOUT_MS,
        },
        response => {
          progress.hasBegun = true;
          collect(response).then(
            text => resolve({ ...headOf(response), body: text }),
            error => reject(error),
          );
        },
      );
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.on('error', reject);
      request.end(body);
    });
  }

  private judge({ id, method, body }: Plan, { status, whose, body: text }: Outcome): void {
    const { tally } = this.traffic;
    if (whose === undefined) {
      // An answer of the proxy itself: only a POST may have lost its only chance.
      if (method === 'POST' && status >= 500) tally.excused++;
      else tally.isWrong(`${id} ${method}: the proxy answered ${status}`);
      return;
    }
    const digest = createHash('sha256').update(body).digest('hex');
    const begins = status === 500 || method === 'HEAD' ? '' : `<${id}>${digest}`;
    const ends = method === 'HEAD' ? '' : `</${id}>`;
    const isWhole = text.startsWith(begins) && text.endsWith(ends);
    if (whose === id && isWhole) tally.right++;
    else tally.isWrong(`${id} ${method}: got the answer of ${whose}, ${text.length} bytes`);
  }

  /** One connection with some messages; a backend that dies may end it early. */
  private converse(): Promise<void> {
    const { tally, port } = this.traffic;
    const startedAt = performance.now();
    const id = `w${++this.count}`;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, {
      headers: { Host: 'soak', 'X-Soak-Id': id },
    });
    let echoes = 0;
    return new Promise(resolve => {
      const timeout = setTimeout(() => socket.terminate(), 10_000);
      socket.on('open', () => socket.send(`${id}:0`));
      socket.on('message', data => {
        if (String(data) !== `${id}:${echoes}`) tally.isWrong(`${id} got another's message`);
        if (++echoes === 5) socket.close();
        else socket.send(`${id}:${echoes}`);
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        clearTimeout(timeout);
        tally.ended(echoes === 5 ? 'conversation' : 'broken conversation', startedAt);
        if (echoes === 5) tally.right++;
        else tally.excused++;
        resolve();
      });
    });
  }
}

const NO_BODY = Buffer.alloc(0);

function headOf(response: IncomingMessage): Omit<Outcome, 'body'> {
  const whose = response.headers['x-soak-id'];
  return { status: response.statusCode ?? 0, whose: typeof whose === 'string' ? whose : undefined };
}

async function collect(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('latin1');
  for await (const piece of response) text += String(piece);
  return text;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
