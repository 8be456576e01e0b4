/** A program of ours with an IPC channel: told what to do, asked what it knows. Ends with this process. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export class HelperProcess<Order extends object, Report extends { readonly kind: string }> {
  private readonly name: string;
  private readonly child: ChildProcess;
  private readonly lost: Promise<never>;

  constructor(program: string, parameters: readonly string[], env: NodeJS.ProcessEnv) {
    this.name = program.split('/').at(-1) ?? program;
    this.child = fork(program, parameters, { env, execArgv: [] });
    this.lost = new Promise((_, reject) => {
      this.child.once('exit', (code, signal) =>
        reject(new Error(`${this.name} ended by itself (${signal ?? code})`)),
      );
    });
    // Whoever waits for a report gets it; nobody else needs to know.
    this.lost.catch(() => undefined);
  }

  tell(order: Order): void {
    if (this.child.connected) this.child.send(order, () => {});
  }

  /** The next report of this kind; rejects when the process ends before. */
  next<K extends Report['kind']>(kind: K): Promise<Extract<Report, { kind: K }>> {
    const told = new Promise<Extract<Report, { kind: K }>>(resolve => {
      const listen = (message: unknown): void => {
        const report = message as Report;
        if (report.kind !== kind) return;
        this.child.off('message', listen);
        resolve(report as Extract<Report, { kind: K }>);
      };
      this.child.on('message', listen);
    });
    return Promise.race([told, this.lost]);
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}
