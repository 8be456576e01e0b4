/**
 * The backend of every case: it reads strictly, remembers what arrived, and answers with a field
 * that says which request this is the answer to.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { Signal } from './signal.ts';
import { type Message, readRequests } from './strict-reader.ts';

/** What a witness does with a request in place of an ordinary answer. */
export type Script = (socket: Socket) => void;

interface Link {
  readonly socket: Socket;
  unread: string;
  continued: boolean;
  closed: boolean;
}

/** `METHOD TARGET BODY-LENGTH`, in the field X-Seen of the answer. */
export function seenMark({ method, target, body }: Message): string {
  return `${method} ${target} ${body.length}`;
}

export class Witness {
  /** Whole requests since the last `forget`, over all connections, in order. */
  readonly seen: Message[] = [];
  /** Bytes that are no request, and why. */
  readonly problems: string[] = [];
  /** For the target `/case`, while it is set. */
  script: Script | undefined = undefined;
  private readonly server: Server;
  private readonly links = new Set<Link>();
  private readonly signal = new Signal();

  private constructor(server: Server) {
    this.server = server;
    server.on('connection', socket => this.accept(socket));
  }

  static async start(): Promise<Witness> {
    const server = createServer({ noDelay: true });
    const witness = new Witness(server);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return witness;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Parts of requests that wait for their rest, on connections that are still open. */
  get pending(): string[] {
    return [...this.links].map(link => link.unread).filter(unread => unread !== '');
  }

  /** True when no connection holds part of a request any more. */
  nothingPending(patienceMs: number): Promise<boolean> {
    return this.signal.until(() => this.pending.length === 0, patienceMs);
  }

  /** A new case begins. Connections with parts of requests are of no use to it. */
  forget(): void {
    this.seen.length = 0;
    this.problems.length = 0;
    this.script = undefined;
    for (const link of this.links) if (link.unread !== '') link.socket.destroy();
  }

  async close(): Promise<void> {
    for (const { socket } of this.links) socket.destroy();
    await new Promise<void>(resolve => this.server.close(() => resolve()));
  }

  private accept(socket: Socket): void {
    const link: Link = { socket, unread: '', continued: false, closed: false };
    this.links.add(link);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.onData(link, text));
    socket.on('error', () => {});
    socket.on('close', () => {
      link.closed = true;
      this.links.delete(link);
      this.signal.notify();
    });
  }

  private onData(link: Link, text: string): void {
    if (link.socket.writableEnded) return;
    link.unread += text;
    const { messages, rest, problem } = readRequests(link.unread);
    link.unread = rest;
    for (const request of messages) this.answer(link, request);
    if (problem !== undefined) {
      this.problems.push(problem);
      link.unread = '';
      link.socket.end('HTTP/1.1 400 Not read\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    } else if (!link.continued && /\r\nexpect: *100-continue\r\n(?:.*\r\n)?\r\n/is.test(rest)) {
      link.continued = true;
      link.socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    }
    this.signal.notify();
  }

  private answer(link: Link, request: Message): void {
    this.seen.push(request);
    link.continued = false;
    if (this.script !== undefined && request.target === '/case') this.script(link.socket);
    else {
      const body = request.method === 'HEAD' ? '' : 'seen';
      link.socket.write(
        `HTTP/1.1 200 OK\r\nX-Seen: ${seenMark(request)}\r\nContent-Length: 4\r\n\r\n${body}`,
        'latin1',
      );
    }
  }
}
