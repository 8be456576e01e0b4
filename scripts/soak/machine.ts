/** A backend of the soak as a process: killed, stopped, started again at the same address. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { AppMood, AppReport } from './app.ts';

const program = path.resolve(import.meta.dirname, 'app.js');

export class Machine {
  readonly name: string;
  /** Ids of the POSTs that its app has acted on. */
  readonly acted: string[] = [];
  private child: ChildProcess | undefined = undefined;
  private port = 0;

  constructor(name: string) {
    this.name = name;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    if (this.child !== undefined) return;
    const child = fork(program, [this.name, String(this.port)]);
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', code => reject(new Error(`${this.name} ended with ${code}`)));
      child.on('message', (report: AppReport) => {
        if (report.kind === 'acted') this.acted.push(report.id);
        else {
          this.port = report.port;
          resolve();
        }
      });
    });
  }

  async crash(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  be(mood: AppMood): void {
    this.child?.send(mood, () => {});
  }
}
