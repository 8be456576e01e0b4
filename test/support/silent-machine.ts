/**
 * A backend process that can vanish as a machine does whose network is gone: its open connections
 * fall silent, and new connects are not answered. Linux drops a SYN when the backlog is full.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const PROGRAM = `const server = require('node:http').createServer((request, response) => {
    setTimeout(() => response.end(process.argv[1]), Number(request.headers['x-delay'] ?? 0));
  });
  server.keepAliveTimeout = 60_000;
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.send(server.address().port));`;

export class SilentMachine {
  readonly address: string;
  private readonly child: ChildProcess;
  private readonly port: number;
  private readonly fillers: Socket[] = [];

  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
    this.address = `127.0.0.1:${port}`;
  }

  /** Answers 200 with its name, after the milliseconds in \`x-delay\`. */
  static async start(name: string): Promise<SilentMachine> {
    const child = spawn(process.execPath, ['-e', PROGRAM, name], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [port] = await once(child, 'message');
    return new SilentMachine(child, port);
  }

  async vanish(): Promise<void> {
    this.child.kill('SIGSTOP');
    while (this.fillers.length < 50) {
      const filler = connect(this.port, '127.0.0.1').on('error', () => {});
      this.fillers.push(filler);
      const limit = AbortSignal.timeout(300);
      const connected = once(filler, 'connect', { signal: limit }).then(
        () => true,
        () => false,
      );
      if (!(await connected)) return;
    }
    throw new Error('the backlog never filled');
  }

  async stop(): Promise<void> {
    for (const filler of this.fillers) filler.destroy();
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}
