/**
 * Small requests at a steady rate, whatever happens to those before them. Half of them go over
 * connections that are kept, half over one of their own; each tenth is a POST with a body.
 */
import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { AnswerReader } from '../../bench/load/answer-reader.ts';
import { now } from '../../bench/load/pacer.ts';
import { CUT, INCOMPLETE, type Visit } from './visit.ts';

/** A request without an answer for so long has failed. */
export const PATIENCE_MS = 20_000;
/** Milliseconds: failures are judged here, not microseconds. */
const TICK_MS = 2;
const MOST_CONNECTIONS = 20_000;
const POST_BYTES = 2_000;
const POST_BODY = 'relais '.repeat(POST_BYTES).slice(0, POST_BYTES);
const POST_DIGEST = createHash('sha1').update(POST_BODY).digest('hex').slice(0, 8);

export interface Traffic {
  readonly host: string;
  readonly port: number;
  readonly hostField: string;
  readonly record: (visit: Visit) => void;
}

/** One connection; it carries one request at a time. */
class Connection {
  readonly isKept: boolean;
  private readonly owner: ShortRequests;
  private readonly socket: Socket;
  private readonly reader = new AnswerReader();
  private readonly connectedAt = now();
  private beganAt = 0;
  /** What the body must say behind the name of the backend; undefined while nothing is asked. */
  private wanted: string | undefined = undefined;
  private port = 0;

  constructor(owner: ShortRequests, { host, port }: Traffic, isKept: boolean) {
    this.owner = owner;
    this.isKept = isKept;
    this.socket = connect({ host, port, noDelay: true });
    this.socket.on('connect', () => {
      this.port = this.socket.localPort ?? 0;
    });
    this.socket.on('data', bytes => this.onData(bytes));
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      if (this.port === 0) this.settle(error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable');
    });
    this.socket.on('close', () => {
      this.settle(this.reader.status === 0 ? CUT : INCOMPLETE);
      owner.forget(this);
    });
  }

  send(request: string, wanted: string): void {
    this.wanted = wanted;
    this.beganAt = now();
    this.reader.begin();
    this.socket.write(request, 'latin1');
  }

  expire(): void {
    if (this.wanted === undefined || now() - this.beganAt < PATIENCE_MS) return;
    this.settle('timeout');
    this.socket.destroy();
  }

  close(): void {
    this.socket.destroy();
  }

  private onData(bytes: Buffer): void {
    const reading = this.wanted === undefined ? 'bad' : this.reader.read(bytes);
    if (reading === 'more') return;
    this.settle(reading === 'bad' ? 'not an answer' : this.judge());
    if (reading === 'bad' || this.reader.closes || !this.isKept) this.socket.destroy();
    else this.owner.rest(this);
  }

  private judge(): string {
    if (this.reader.status !== 200) return `status ${this.reader.status}`;
    const [, ...rest] = this.reader.beginning.split(' ');
    return rest.join(' ') === this.wanted ? 'ok' : 'wrong body';
  }

  private settle(outcome: string): void {
    if (this.wanted === undefined) return;
    this.wanted = undefined;
    this.owner.settled({
      ...{ lane: this.isKept ? 'kept' : 'fresh', beganAt: this.beganAt, outcome },
      ...{ ms: now() - this.beganAt, by: this.reader.beginning.split(' ')[0] ?? '' },
      ...{ port: this.port, connectedAt: this.connectedAt },
    });
  }
}

export class ShortRequests {
  private readonly traffic: Traffic;
  private readonly perSecond: number;
  private readonly idle: Connection[] = [];
  private readonly open = new Set<Connection>();
  private pending = 0;
  private count = 0;
  private timers: NodeJS.Timeout[] = [];

  constructor(traffic: Traffic, perSecond: number) {
    this.traffic = traffic;
    this.perSecond = perSecond;
  }

  start(): void {
    const startedAt = now();
    let sent = 0;
    const tick = (): void => {
      const due = Math.floor(((now() - startedAt) * this.perSecond) / 1000);
      for (; sent < due; sent++) this.send();
    };
    const sweep = (): void => {
      for (const connection of this.open) connection.expire();
    };
    this.timers = [setInterval(tick, TICK_MS), setInterval(sweep, 500)];
  }

  /** Sends nothing more; resolves when each request has its answer or has failed. */
  async stop(): Promise<void> {
    const [ticking, sweeping] = this.timers;
    clearInterval(ticking);
    while (this.pending > 0) await new Promise(resolve => setTimeout(resolve, 10));
    clearInterval(sweeping);
    for (const connection of this.open) connection.close();
  }

  settled(visit: Visit): void {
    this.pending--;
    this.traffic.record(visit);
  }

  rest(connection: Connection): void {
    this.idle.push(connection);
  }

  forget(connection: Connection): void {
    this.open.delete(connection);
    const index = this.idle.indexOf(connection);
    if (index >= 0) this.idle.splice(index, 1);
  }

  /** The connection that has rested longest comes first: none rests until the proxy closes it. */
  private send(): void {
    const number = this.count++;
    const isKept = number % 2 === 0;
    const connection = (isKept ? this.idle.shift() : undefined) ?? this.connect(isKept);
    this.pending++;
    const head = `/${number} HTTP/1.1\r\nHost: ${this.traffic.hostField}\r\n${isKept ? '' : 'Connection: close\r\n'}`;
    if (number % 20 < 18) connection.send(`GET ${head}\r\n`, String(number));
    else {
      const request = `POST ${head}Content-Length: ${POST_BYTES}\r\n\r\n${POST_BODY}`;
      connection.send(request, `${number} ${POST_BYTES} ${POST_DIGEST}`);
    }
  }

  private connect(isKept: boolean): Connection {
    if (this.open.size >= MOST_CONNECTIONS) throw new Error('too many requests are unanswered');
    const connection = new Connection(this, this.traffic, isKept);
    this.open.add(connection);
    return connection;
  }
}
