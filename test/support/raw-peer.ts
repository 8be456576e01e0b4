/** Peers that speak raw bytes: a client that writes what it is told, a backend that answers it. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from './eventually.ts';

/** A client connection and everything it has received. */
export class RawClient {
  readonly socket: Socket;
  received = '';
  /** `open`, or how the other side ended it. */
  end: 'open' | 'fin' | 'reset' | 'closed' = 'open';

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.received += text;
    });
    socket.on('end', () => {
      this.end = 'fin';
    });
    socket.on('error', () => {
      this.end = 'reset';
    });
    socket.on('close', () => {
      if (this.end === 'open') this.end = 'closed';
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** Resolves with everything received so far once it holds `text` this many times. */
  async until(text: string, times = 1): Promise<string> {
    await eventually(`client received ${JSON.stringify(text)} ×${times}`, () => {
      return this.received.split(text).length > times;
    }).catch((error: unknown) => {
      throw new Error(`received so far: ${JSON.stringify(this.received)}`, { cause: error });
    });
    return this.received;
  }

  /** Resolves when the other side has ended the connection. */
  async ended(): Promise<string> {
    await eventually('the connection is ended', () => this.end !== 'open').catch(error => {
      throw new Error(`received so far: ${JSON.stringify(this.received)}`, { cause: error });
    });
    return this.received;
  }

  /** Resolves when an answer with a length is here as a whole, or the other side has ended. */
  async settled(): Promise<void> {
    await eventually('the answer is whole or the connection is ended', () => {
      const end = this.received.indexOf('\r\n\r\n');
      const length = /\r\nContent-Length: (\d+)/.exec(this.received)?.[1];
      const whole = length !== undefined && this.received.length >= end + 4 + Number(length);
      return this.end !== 'open' || (end >= 0 && whole);
    }).catch(error => {
      throw new Error(`received so far: ${JSON.stringify(this.received)}`, { cause: error });
    });
  }

  /** Goes away for good; an orderly end would only say that no more requests come. */
  close(): void {
    this.socket.resetAndDestroy();
  }
}

/** What a backend does with a connection whose bytes it has collected. */
export type Behaviour = (peer: BackendPeer) => void;

/** One connection of a backend: what came, and the means to answer. */
export class BackendPeer {
  readonly socket: Socket;
  readonly index: number;
  received = '';

  constructor(socket: Socket, index: number) {
    this.socket = socket;
    this.index = index;
  }

  send(text: string): void {
    if (!this.socket.destroyed) this.socket.write(text, 'latin1');
  }
}

export class RawBackend {
  readonly server: Server;
  readonly peers: BackendPeer[] = [];
  /** Heads that came, over all connections. */
  requests: string[] = [];

  private constructor(server: Server) {
    this.server = server;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get openConnections(): number {
    return this.peers.filter(peer => !peer.socket.destroyed).length;
  }

  /** `onBytes` is called with every piece; `onConnect` before the first. */
  static async start(onBytes: Behaviour, onConnect: Behaviour = () => {}): Promise<RawBackend> {
    const server = createServer({ allowHalfOpen: false, noDelay: true });
    const backend = new RawBackend(server);
    server.on('connection', socket => {
      const peer = new BackendPeer(socket, backend.peers.length);
      backend.peers.push(peer);
      socket.on('error', () => {});
      socket.setEncoding('latin1');
      onConnect(peer);
      socket.on('data', (text: string) => {
        peer.received += text;
        onBytes(peer);
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return backend;
  }

  /** Answers each complete head (requests without a body) with what `answer` returns. */
  static answering(
    answer: (head: string, peer: BackendPeer) => string | undefined,
  ): Promise<RawBackend> {
    const started = RawBackend.start(peer => {
      for (;;) {
        const end = peer.received.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = peer.received.slice(0, end + 4);
        peer.received = peer.received.slice(end + 4);
        backend?.requests.push(head);
        const text = answer(head, peer);
        if (text !== undefined) peer.send(text);
      }
    });
    let backend: RawBackend | undefined;
    return started.then(ready => {
      backend = ready;
      return ready;
    });
  }

  /** Resolves when a whole head has come. */
  async requested(): Promise<void> {
    await eventually('the backend has a request', () => this.requests.length > 0);
  }

  /** Resolves when any connection has received this. */
  async received(text: string): Promise<void> {
    await eventually(`the backend received ${JSON.stringify(text)}`, () =>
      this.peers.some(peer => peer.received.includes(text)),
    );
  }

  /** Resolves when no connection is left. */
  async abandoned(): Promise<void> {
    await eventually('the backend is left alone', () => this.openConnections === 0);
  }

  async close(): Promise<void> {
    for (const peer of this.peers) peer.socket.destroy();
    await new Promise<void>(resolve => this.server.close(() => resolve()));
  }
}

/** An answer with a length. */
export function answerOf(body: string, fields = ''): string {
  return `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
