/** A simulated visitor: asks, reads strictly, and remembers what became of every request. */
import type { Chance } from './chance.ts';
import { type ReadMessage, readMessage } from './sim-message.ts';
import { connectEnds, type EndUser, SimWire } from './sim-wire.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SimRequest {
  readonly id: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly sentAt: number;
  /** Counts the connections of this client: answers on one come in order. */
  readonly connection: number;
  /** `cut`: the connection ended before the answer was complete; `left`: the client went away. */
  outcome: 'waiting' | 'answered' | 'cut' | 'left';
  status: number;
  endedAt: number;
}

export type AcceptSession = (wire: SimWire) => EndUser;

export class SimClient implements EndUser {
  readonly requests: SimRequest[] = [];
  readonly problems: string[] = [];
  private readonly name: string;
  private readonly time: VirtualTime;
  private readonly chance: Chance;
  private readonly accept: AcceptSession;
  private wire: SimWire | undefined = undefined;
  private received = '';
  private remaining = 0;
  private connections = 0;
  private wireEnded = false;
  private stopped = false;

  constructor(name: string, time: VirtualTime, chance: Chance, accept: AcceptSession) {
    this.name = name;
    this.time = time;
    this.chance = chance;
    this.accept = accept;
  }

  get isDone(): boolean {
    return this.remaining === 0 && this.waiting().length === 0;
  }

  /** Sends this many requests, one after the other or several at once, with pauses between. */
  ask(count: number, polite = false): void {
    this.remaining += count;
    this.stopped = polite;
    this.time.after(this.chance.between(0, 20), () => this.next());
  }

  leave(): void {
    this.wire?.destroy();
  }

  onBytes(bytes: Buffer, end: number): void {
    this.received += bytes.toString('latin1', 0, end);
    this.readAnswers(false);
  }

  onDrain(): void {}

  onEnd(): void {
    this.readAnswers(true);
    this.wire?.end();
    this.wireEnded = true;
  }

  onError(): void {}

  onClose(): void {
    this.readAnswers(true);
    this.lose('cut');
    if (this.remaining > 0) this.time.after(this.chance.between(0, 20), () => this.next());
  }

  private waiting(): SimRequest[] {
    return this.requests.filter(request => request.outcome === 'waiting');
  }

  private next(): void {
    if (this.remaining === 0 || this.waiting().length > 0) return;
    const wire = this.openWire();
    const pipelined = this.chance.hits(0.1) ? this.chance.between(2, 4) : 1;
    for (let n = 0; n < Math.min(pipelined, this.remaining); n++) this.send(wire);
    this.remaining -= Math.min(pipelined, this.remaining);
    if (this.stopped) return;
    if (this.chance.hits(0.02)) this.time.after(this.chance.between(0, 40), () => this.goAway());
    if (this.chance.hits(0.05)) this.dawdle(wire);
  }

  private goAway(): void {
    this.lose('left');
    this.received = '';
    this.wire?.destroy();
  }

  /** Reads nothing for a while. */
  private dawdle(wire: SimWire): void {
    wire.pause();
    this.time.after(this.chance.between(1, 800), () => wire.resume());
  }

  private openWire(): SimWire {
    if (this.wire !== undefined && !this.wireEnded && !this.wire.isClosed) return this.wire;
    this.wireEnded = false;
    this.received = '';
    this.connections++;
    const latency = this.chance.between(0, 5);
    const own = new SimWire(this.time, this.chance, latency, this.once(), false);
    const far = new SimWire(this.time, this.chance, latency, nobody, false);
    connectEnds(own, far);
    far.user = this.accept(far);
    this.wire = own;
    return own;
  }

  /** Only the present connection may speak: the close of an old one comes late. */
  private once(): EndUser {
    const isPresent = (wire: SimWire | undefined): boolean => wire === this.wire;
    let own: SimWire | undefined;
    const present = (): boolean => {
      own ??= this.wire;
      return isPresent(own);
    };
    return {
      onBytes: (bytes, end) => present() && this.onBytes(bytes, end),
      onDrain: () => {},
      onEnd: () => present() && this.onEnd(),
      onError: () => {},
      onClose: () => present() && this.onClose(),
    };
  }

  private send(wire: SimWire): void {
    const { chance } = this;
    const id = `${this.name}-${this.requests.length}`;
    const method = chance.hits(0.7) ? 'GET' : chance.oneOf<SimRequest['method']>(['POST', 'HEAD']);
    const sentAt = this.time.now;
    this.requests.push({
      id,
      method,
      sentAt,
      connection: this.connections,
      outcome: 'waiting',
      status: 0,
      endedAt: 0,
    });
    const own = `X-Sim-Id: ${id}\r\nX-Request-Id: ${id}\r\n${cookie(chance)}`;
    const head = `${method} /${id} HTTP/1.1\r\nHost: web\r\n${own}`;
    if (method !== 'POST') {
      wire.write(`${head}\r\n`);
      return;
    }
    const body = 'y'.repeat(chance.hits(0.1) ? 120_000 : chance.between(0, 3_000));
    if (chance.hits(0.5)) {
      wire.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    } else {
      const chunk = body === '' ? '' : `${body.length.toString(16)}\r\n${body}\r\n`;
      wire.write(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`);
    }
  }

  private readAnswers(ended: boolean): void {
    for (let [request] = this.waiting(); request !== undefined; [request] = this.waiting()) {
      const context = { kind: 'answer', hasNoBody: request.method === 'HEAD' } as const;
      const read = readMessage(this.received, context, ended);
      if (read.state === 'incomplete') return;
      if (read.state === 'wrong') {
        this.problems.push(`${request.id} got nonsense: ${read.why}`);
        this.goAway();
        return;
      }
      this.received = read.rest;
      this.take(request, read);
    }
    if (this.received !== '') this.problems.push(`${this.name} got bytes that nobody asked for`);
    if (this.remaining > 0 && !ended) {
      this.time.after(this.chance.between(0, 60), () => this.next());
    }
  }

  private take(request: SimRequest, { message }: ReadMessage & { state: 'complete' }): void {
    const [, code] = /^HTTP\/1\.1 (\d{3})/.exec(message.startLine) ?? [];
    const status = Number(code);
    if (status < 200) return;
    request.outcome = 'answered';
    request.status = status;
    request.endedAt = this.time.now;
    const relayed = message.fields.get('x-sim-id');
    if (relayed !== undefined && relayed !== request.id) {
      this.problems.push(`${request.id} got the answer of ${relayed}`);
    }
    if (message.fields.get('x-request-id') !== request.id) {
      this.problems.push(`${request.id} has another request id in its answer`);
    }
    const isWhole = message.body.endsWith(`</${request.id}>`);
    if (relayed !== undefined && status === 200 && request.method !== 'HEAD' && !isWhole) {
      this.problems.push(`${request.id} got half an answer that looked whole`);
    }
  }

  private lose(outcome: 'cut' | 'left'): void {
    for (const request of this.waiting()) {
      request.outcome = outcome;
      request.endedAt = this.time.now;
    }
  }
}

const nobody: EndUser = {
  onBytes: () => {},
  onDrain: () => {},
  onEnd: () => {},
  onError: () => {},
  onClose: () => {},
};

/** Often none; sometimes one that names a backend, or one that never was there. */
function cookie(chance: Chance): string {
  if (chance.hits(0.6)) return '';
  return `Cookie: a=1; RELAISBALANCEID=b${chance.between(0, 5)}\r\n`;
}
