/**
 * A load of so many requests per second, whatever happens to them: a request that cannot be sent in
 * time is late from the moment when it was due, so slow answers are not left out of the figures
 * ("coordinated omission"). `node open-loop.js '{…}'` writes its recording to a file.
 */
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerReader } from './answer-reader.ts';
import { keepPace, now } from './pacer.ts';
import type { Recording, Sample } from './recording.ts';

export interface OpenLoop {
  readonly host: string;
  readonly port: number;
  readonly hostField: string;
  readonly path: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** Requests that have no answer so long after the last one was due are unanswered. */
  readonly patienceMs: number;
  readonly recordingFile: string;
}

/** Opened before the first request. */
const STANDBY = 32;
const MOST_CONNECTIONS = 4_000;

/** One connection; it carries one request at a time. */
class Connection {
  readonly socket: Socket;
  private readonly load: Load;
  private readonly reader = new AnswerReader();
  private dueAt = 0;
  private lateMs = 0;
  private busy = false;

  constructor(load: Load, { host, port }: OpenLoop) {
    this.load = load;
    this.socket = connect({ host, port, noDelay: true });
    this.socket.on('data', bytes => this.onData(bytes));
    this.socket.on('error', (error: NodeJS.ErrnoException) =>
      this.settle(error.code === 'ECONNREFUSED' ? 'refused' : 'cut'),
    );
    this.socket.on('close', () => {
      this.settle('cut');
      load.forget(this);
    });
  }

  send(request: string, dueAt: number): void {
    this.busy = true;
    this.dueAt = dueAt;
    this.lateMs = now() - dueAt;
    this.reader.begin();
    this.socket.write(request, 'latin1');
  }

  settle(outcome: string): void {
    if (!this.busy) return;
    this.busy = false;
    const at = this.dueAt - this.load.startedAt;
    const { lateMs } = this;
    this.load.samples.push({
      at,
      ms: now() - this.dueAt,
      lateMs,
      outcome,
      by: this.reader.beginning,
    });
  }

  private onData(bytes: Buffer): void {
    const reading = this.busy ? this.reader.read(bytes) : 'bad';
    if (reading === 'more') return;
    this.settle(reading === 'bad' ? 'bad' : String(this.reader.status));
    if (reading === 'bad' || this.reader.closes) this.socket.destroy();
    else this.load.idle.push(this);
  }
}

class Load {
  readonly samples: Sample[] = [];
  readonly idle: Connection[] = [];
  startedAt = 0;
  private readonly options: OpenLoop;
  private readonly request: string;
  private readonly open = new Set<Connection>();

  constructor(options: OpenLoop) {
    this.options = options;
    this.request = `GET ${options.path} HTTP/1.1\r\nHost: ${options.hostField}\r\nUser-Agent: relais-bench\r\nAccept: */*\r\n\r\n`;
    for (let n = 0; n < STANDBY; n++) this.idle.push(this.connect());
  }

  async run(): Promise<Recording> {
    const { perSecond, seconds, patienceMs } = this.options;
    const count = perSecond * seconds;
    await keepPace({ perSecond, count }, dueAt => this.send(dueAt));
    const end = now() + patienceMs;
    while (this.samples.length < count && now() < end) await sleep(20);
    for (const connection of this.open) connection.settle('unanswered');
    for (const connection of this.open) connection.socket.destroy();
    return { startedAt: this.startedAt, samples: this.samples };
  }

  forget(connection: Connection): void {
    this.open.delete(connection);
    const index = this.idle.indexOf(connection);
    if (index >= 0) this.idle.splice(index, 1);
  }

  private send(dueAt: number): void {
    if (this.startedAt === 0) this.startedAt = dueAt;
    const connection = this.idle.shift() ?? this.connect();
    connection.send(this.request, dueAt);
  }

  private connect(): Connection {
    if (this.open.size >= MOST_CONNECTIONS) throw new Error('too many requests are unanswered');
    const connection = new Connection(this, this.options);
    this.open.add(connection);
    return connection;
  }
}

const order = JSON.parse(process.argv[2] ?? '') as OpenLoop;
const recording = await new Load(order).run();
await writeFile(order.recordingFile, JSON.stringify(recording));
