/** A connection to the command socket that sends any bytes, and all replies that came back. */
import { connect, type Socket } from 'node:net';
import type { Reply } from '../../proxy/command/replies.ts';
import { eventually } from './eventually.ts';

export class CommandPeer {
  readonly socket: Socket;
  readonly replies: Reply[] = [];
  isClosed = false;
  #rest = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  static async connect(socketPath: string): Promise<CommandPeer> {
    const socket = await eventually('the command socket has room for one more to wait', () =>
      connected(socketPath),
    );
    return new CommandPeer(socket);
  }

  send(bytes: string | Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** The answers that end a request, without those on the way. */
  get ends(): readonly Reply[] {
    return this.replies.filter(({ status }) => status !== 'processing');
  }

  /** Resolves when so many requests are answered. */
  async answered(count: number): Promise<void> {
    await eventually('all answers', () => this.isClosed || this.ends.length >= count).catch(
      () => undefined,
    );
    if (this.ends.length >= count) return;
    const last = JSON.stringify(this.replies.at(-1));
    throw new Error(`${this.ends.length} of ${count} answers, the last is ${last}`);
  }

  async closed(): Promise<void> {
    await eventually('the proxy closes the connection', () => this.isClosed);
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      // Who speaks as in 2017 gets a NUL behind the line.
      const bare = line.replaceAll('\0', '');
      if (bare !== '') this.replies.push(JSON.parse(bare) as Reply);
    }
  }
}

/** Undefined when too many wait to be let in: the kernel says EAGAIN. */
function connected(socketPath: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EAGAIN') resolve(undefined);
      else reject(error);
    });
  });
}
