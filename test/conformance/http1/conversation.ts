/** The client of a case: one connection, what was sent on it and what came back. */
import { connect, type Socket } from 'node:net';
import { Signal } from './signal.ts';
import { type Message, type Reading, readAnswers } from './strict-reader.ts';

/** How the bytes of a case are cut into writes. */
export type Split = 'whole' | 'lines' | 'bytes';

/** More single pieces than this take too long and show nothing new. */
const MOST_PIECES = 1500;
const PIECE = 997;

export class Conversation {
  /** Methods of the requests sent, as far as they can have answers. */
  readonly methods: string[] = [];
  received = '';
  end: 'open' | 'fin' | 'reset' = 'open';
  private readonly socket: Socket;
  private readonly signal = new Signal();
  private readonly patienceMs: number;

  private constructor(socket: Socket, patienceMs: number) {
    this.socket = socket;
    this.patienceMs = patienceMs;
    socket.on('data', (bytes: Buffer) => this.onBytes(bytes));
    socket.on('end', () => this.onEnd('fin'));
    socket.on('error', () => this.onEnd('reset'));
    socket.on('close', () => this.onEnd('reset'));
  }

  /**
   * `endMatters`: a reset must not pass for an end. When bytes and a reset come together, Node tells
   * of an end if its buffer was larger than what came; so bytes are read one by one.
   */
  static open(port: number, patienceMs: number, endMatters = false): Promise<Conversation> {
    const address = { port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true };
    let conversation: Conversation | undefined;
    const buffer = Buffer.alloc(1);
    const callback = (): boolean => {
      conversation?.onBytes(buffer);
      return true;
    };
    const socket = connect(endMatters ? { ...address, onread: { buffer, callback } } : address);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        conversation = new Conversation(socket, patienceMs);
        resolve(conversation);
      });
    });
  }

  get isOpen(): boolean {
    return this.end === 'open';
  }

  /** Everything that came, as answers to the methods. */
  reading(): Reading {
    return readAnswers(this.received, this.methods, this.end === 'fin');
  }

  finals(): Message[] {
    return this.reading().messages.filter(answer => answer.status >= 200);
  }

  /** Stops early when the other side answers or ends: nobody reads the rest. */
  async send(text: string, split: Split): Promise<void> {
    for (const piece of pieces(text, split)) {
      if (!this.isOpen) return;
      this.socket.write(piece, 'latin1');
      if (split !== 'whole') await new Promise(resolve => setImmediate(resolve));
    }
  }

  finish(): void {
    this.socket.end();
  }

  /** Resolves when this many final answers are complete, or nothing more can come, or time is up. */
  answered(count: number): Promise<boolean> {
    const settled = (): boolean => {
      if (!this.isOpen) return true;
      const { messages, problem } = this.reading();
      return problem !== undefined || messages.filter(each => each.status >= 200).length >= count;
    };
    return this.signal.until(settled, this.patienceMs);
  }

  continued(): Promise<boolean> {
    const interim = (): boolean => !this.isOpen || this.reading().messages.length > 0;
    return this.signal.until(interim, this.patienceMs);
  }

  ended(): Promise<boolean> {
    return this.signal.until(() => !this.isOpen, this.patienceMs);
  }

  /** Waits for the end of the connection when the last answer says that it comes. */
  async endsIfAnnounced(): Promise<void> {
    const fields = this.finals().at(-1)?.fields ?? [];
    const announced = fields.some(([name, value]) => name === 'connection' && /close/i.test(value));
    if (announced) await this.ended();
  }

  close(): void {
    this.socket.destroy();
  }

  private onBytes(bytes: Buffer): void {
    this.received += bytes.toString('latin1');
    this.signal.notify();
  }

  private onEnd(end: 'fin' | 'reset'): void {
    if (this.end === 'open' || end === 'reset') this.end = this.end === 'fin' ? 'fin' : end;
    this.signal.notify();
  }
}

function pieces(text: string, split: Split): string[] {
  if (split === 'whole') return [text];
  const lines = text.split(/(?<=\n)/);
  if (split === 'lines' && lines.length < MOST_PIECES) return lines;
  const size = text.length > MOST_PIECES ? PIECE : 1;
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}
