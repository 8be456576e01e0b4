/**
 * Tells systemd how it stands (sd_notify(3)): through the program systemd-notify, since Node has no
 * datagram sockets in the file system. Its unit needs NotifyAccess=all.
 */
import { spawn } from 'node:child_process';
import type { ProxyRequest } from '../../command/requests.ts';

export interface ServiceManagerOptions {
  /** What systemd has put into the environment. */
  readonly notifySocket: string | undefined;
  /** Microseconds without a sign of life after which systemd ends the service. */
  readonly watchdogUsec: string | undefined;
  readonly onProblem: (message: string) => void;
  readonly pid: number;
}

export class ServiceManager {
  readonly #options: ServiceManagerOptions;
  #watchdog: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();
  #hasComplained = false;

  constructor(options: ServiceManagerOptions) {
    this.#options = options;
  }

  /** There is one. */
  get isThere(): boolean {
    return this.#options.notifySocket !== undefined;
  }

  /** This process serves, as the main one. */
  ready(): void {
    this.#tell('READY=1', `MAINPID=${this.#options.pid}`);
    const interval = Number(this.#options.watchdogUsec) / 1000 / 2;
    if (!(interval > 0) || !this.isThere) return;
    this.#watchdog ??= setInterval(() => this.#tell('WATCHDOG=1'), interval).unref();
  }

  stopping(): void {
    this.#tell('STOPPING=1');
  }

  /** Another process is the main one, and says the rest. */
  leave(): void {
    clearInterval(this.#watchdog);
  }

  /** A reload begins and ends; a stop begins. */
  async around(request: ProxyRequest, action: () => Promise<void>): Promise<void> {
    if (request.kind === 'soft-stop' || request.kind === 'hard-stop') this.stopping();
    if (request.kind !== 'reload') return action();
    this.#tell('RELOADING=1');
    try {
      await action();
    } finally {
      this.ready();
    }
  }

  /** In order, although each takes a process. */
  #tell(...assignments: readonly string[]): void {
    if (!this.isThere) return;
    this.#last = this.#last.then(() => this.#run(assignments));
  }

  #run(assignments: readonly string[]): Promise<void> {
    const { onProblem } = this.#options;
    return new Promise(resolve => {
      const complain = (why: string): void => {
        if (!this.#hasComplained) onProblem(`systemd is not told ${assignments.join(' ')}: ${why}`);
        this.#hasComplained = true;
        resolve();
      };
      // It finds NOTIFY_SOCKET in the environment that it inherits.
      const child = spawn('systemd-notify', [...assignments], { stdio: 'ignore' });
      child.once('error', error => complain(error.message));
      child.once('exit', code => {
        if (code === 0) resolve();
        else complain(`systemd-notify ended with ${code}`);
      });
    });
  }
}
