/** A simulated machine with an app: answers in many ways, fails in many ways, and keeps a list. */
import type { Chance } from './chance.ts';
import { readMessage, type SimMessage } from './sim-message.ts';
import { connectEnds, type EndUser, SimWire } from './sim-wire.ts';
import type { VirtualTime } from './virtual-time.ts';

/** `frozen` connects and says nothing; `silent` swallows every packet; the others refuse. */
export type MachineState = 'up' | 'crashed' | 'unreachable' | 'silent' | 'frozen';

/** How an app misbehaves, as probabilities per request. */
export interface Manners {
  readonly resets: number;
  readonly cuts: number;
  readonly garbage: number;
  readonly answersEarly: number;
  readonly closesIdle: number;
  readonly errors: number;
}

/** How long ARP takes to give up. */
const UNREACHABLE_AFTER_MS = 3_000;

export interface DialedUser extends EndUser {
  onConnect(): void;
}

export class SimBackend {
  readonly name: string;
  state: MachineState = 'up';
  manners: Manners;
  /** Ids of the requests that the app has acted on, in order. */
  readonly acted: string[] = [];
  readonly problems: string[] = [];
  readonly time: VirtualTime;
  readonly chance: Chance;
  private readonly connections = new Set<BackendConnection>();

  constructor(name: string, time: VirtualTime, chance: Chance, manners: Manners) {
    this.name = name;
    this.time = time;
    this.chance = chance;
    this.manners = manners;
  }

  get openConnections(): number {
    return this.connections.size;
  }

  dial(user: DialedUser): SimWire {
    const latency = this.chance.between(0, 3);
    const near = new SimWire(this.time, this.chance, latency, user, true);
    if (this.state === 'silent') return near;
    if (this.state === 'unreachable') {
      this.time.after(UNREACHABLE_AFTER_MS, () => this.fail(near, user, 'EHOSTUNREACH'));
    } else if (this.state === 'crashed') {
      this.time.after(latency, () => this.fail(near, user, 'ECONNREFUSED'));
    } else {
      this.time.after(latency, () => this.accept(near, user, latency));
    }
    return near;
  }

  change(state: MachineState): void {
    this.state = state;
    for (const connection of [...this.connections]) connection.onStateChanged(state);
  }

  forget(connection: BackendConnection): void {
    this.connections.delete(connection);
  }

  private fail(near: SimWire, user: DialedUser, code: string): void {
    if (near.isClosed) return;
    user.onError(code);
    near.destroy();
  }

  private accept(near: SimWire, user: DialedUser, latency: number): void {
    if (near.isClosed) return;
    if (this.state !== 'up' && this.state !== 'frozen') {
      this.fail(near, user, 'ECONNREFUSED');
      return;
    }
    const connection = new BackendConnection(this);
    connection.wire = new SimWire(this.time, this.chance, latency, connection, false);
    connectEnds(near, connection.wire);
    this.connections.add(connection);
    user.onConnect();
  }
}

class BackendConnection implements EndUser {
  wire: SimWire | undefined = undefined;
  private readonly backend: SimBackend;
  private received = '';
  private busy = false;
  private ended = false;
  private doomed = false;

  constructor(backend: SimBackend) {
    this.backend = backend;
  }

  onBytes(bytes: Buffer, end: number): void {
    this.received += bytes.toString('latin1', 0, end);
    this.next();
  }

  onDrain(): void {}

  onEnd(): void {
    this.ended = true;
    if (!this.busy) this.wire?.end();
  }

  onError(): void {}

  onClose(): void {
    // The other side of a lost connection does not know; it will when the machine is back.
    if (this.wire?.isLost !== true) this.backend.forget(this);
  }

  onStateChanged(state: MachineState): void {
    if (this.wire === undefined) return;
    if (state === 'unreachable' || state === 'silent') this.wire.loseTouch();
    else if (this.wire.isLost) this.wire.comeBackAsStranger();
    else if (state === 'crashed') this.wire.resetAndDestroy();
    if (state === 'up') this.next();
  }

  private next(): void {
    const { backend, wire } = this;
    if (this.busy || this.doomed || wire === undefined || backend.state === 'frozen') return;
    if (this.received !== '' && this.begunEarly()) return;
    const read = readMessage(this.received, { kind: 'request', hasNoBody: false }, this.ended);
    if (read.state === 'incomplete') return;
    if (read.state === 'wrong') {
      backend.problems.push(`${backend.name} got nonsense: ${read.why}`);
      wire.destroy();
      return;
    }
    this.received = read.rest;
    if (read.rest !== '') backend.problems.push(`${backend.name} got two requests at once`);
    this.busy = true;
    backend.acted.push(idOf(read.message));
    backend.time.after(this.thinkingMs(), () => this.answer(read.message));
  }

  /** Some apps answer before they have read everything, and hang up. */
  private begunEarly(): boolean {
    const { backend, wire } = this;
    const id = /\r\nx-sim-id: (\S+)\r\n/i.exec(this.received)?.[1];
    const isEarly = id !== undefined && !this.received.startsWith('GET ');
    if (!isEarly || !backend.chance.hits(backend.manners.answersEarly)) return false;
    this.doomed = true;
    wire?.write(
      `HTTP/1.1 413 Content Too Large\r\nX-Sim-Id: ${id}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    wire?.end();
    return true;
  }

  private thinkingMs(): number {
    const { chance } = this.backend;
    return chance.hits(0.05) ? chance.between(500, 2_500) : chance.between(0, 30);
  }

  private answer(request: SimMessage): void {
    const { backend, wire } = this;
    if (wire === undefined || wire.isClosed) return;
    if (backend.state === 'frozen') {
      backend.time.after(100, () => this.answer(request));
      return;
    }
    const { chance, manners } = backend;
    if (chance.hits(manners.resets)) {
      wire.resetAndDestroy();
      return;
    }
    if (chance.hits(manners.garbage)) {
      wire.write(
        chance.oneOf(['HTTP/1.1 0 no\r\n\r\n', 'hello\r\n\r\n', 'HTTP/1.1 200\nA: b\n\n']),
      );
      wire.end();
      return;
    }
    const { text, closes } = this.compose(request);
    const isCut = text.length > 200 && chance.hits(manners.cuts);
    wire.write(isCut ? text.slice(0, chance.between(1, text.length - 1)) : text);
    this.busy = false;
    if (isCut) wire.resetAndDestroy();
    else if (closes || this.ended) wire.end();
    else this.rest();
  }

  /** Idle: the next request, or a close that nobody announced. */
  private rest(): void {
    const { backend, wire } = this;
    if (backend.chance.hits(backend.manners.closesIdle)) {
      backend.time.after(backend.chance.between(0, 50), () => {
        if (!this.busy && wire?.writableLength === 0) wire.destroy();
      });
    }
    this.next();
  }

  private compose(request: SimMessage): { text: string; closes: boolean } {
    const { chance, manners, name } = this.backend;
    const id = idOf(request);
    const failure = chance.oneOf(['500 Internal Server Error', '503 Service Unavailable']);
    const status = chance.hits(manners.errors) ? failure : '200 OK';
    const body = `<${id}>${'x'.repeat(chance.hits(0.1) ? 90_000 : chance.between(0, 600))}</${id}>`;
    const interim = chance.hits(0.1) ? 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' : '';
    const head = `${interim}HTTP/1.1 ${status}\r\nX-Sim-Id: ${id}\r\nX-Sim-Backend: ${name}\r\n`;
    const isHead = request.startLine.startsWith('HEAD ');
    const form = chance.next();
    if (isHead || form < 0.6) {
      const text = `${head}Content-Length: ${body.length}\r\n\r\n${isHead ? '' : body}`;
      return { text, closes: false };
    }
    if (form < 0.9) {
      const text = `${head}Transfer-Encoding: chunked\r\n\r\n${this.chunked(body)}`;
      return { text, closes: false };
    }
    return { text: `${head}Connection: close\r\n\r\n${body}`, closes: true };
  }

  private chunked(body: string): string {
    let text = '';
    for (let at = 0; at < body.length; ) {
      const size = this.backend.chance.between(1, 4_000);
      const piece = body.slice(at, at + size);
      text += `${piece.length.toString(16)}\r\n${piece}\r\n`;
      at += size;
    }
    return `${text}0\r\n\r\n`;
  }
}

function idOf(request: SimMessage): string {
  return request.fields.get('x-sim-id') ?? '?';
}
