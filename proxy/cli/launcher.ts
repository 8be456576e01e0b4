/**
 * Starts the process that replaces this one, in a session of its own: signals come to it from here.
 * Whoever started this process waits for its end; so it stays, with nothing left to do, as long as
 * its successor runs, and ends as that does. A successor that is to be replaced itself asks for
 * it here: there is never more than one process that stands in.
 *
 *     shell, lab ── first process ── main process of today
 *                        └────────── main process of tomorrow
 *
 * Under a service manager (`standsIn` false) nobody has to stay: it is told who the main process is.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Launched } from '../master/succession/main-upgrade.ts';
import type { Told, Wish } from './launch-messages.ts';

export interface LauncherOptions {
  /** Program and arguments of this process, without those of a hand-over. */
  readonly program: string;
  readonly words: readonly string[];
  readonly standsIn: boolean;
}

export const TAKE_OVER_OPTION = '--take-over';

export class Launcher {
  readonly #options: LauncherOptions;
  readonly #launched = new Map<number, Launched>();
  #followed: ChildProcess | undefined;

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /** The process that serves now is another one: the signal is for that. False: it is this one. */
  pass(signal: NodeJS.Signals): boolean {
    return this.#followed?.kill(signal) ?? false;
  }

  launch(place: string): Launched {
    const child = this.#spawn(place);
    const ended = new Promise<string>(resolve => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
      child.once('error', error => resolve(error.message));
    });
    return {
      pid: child.pid ?? 0,
      ended,
      kill: signal => void child.kill(signal),
      follow: () => {
        if (this.#options.standsIn) this.#followed = child;
        else child.unref();
      },
    };
  }

  /** Resolves with the exit code of the last of the successors; undefined when there is none. */
  async succeeded(): Promise<number | undefined> {
    let child = this.#followed;
    while (child !== undefined) {
      const code = await endOf(child);
      if (this.#followed === child) return code;
      child = this.#followed;
    }
    return undefined;
  }

  #spawn(place: string): ChildProcess {
    const { program, words, standsIn } = this.#options;
    const child = spawn(process.execPath, [program, ...words, TAKE_OVER_OPTION, place], {
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', ...(standsIn ? (['ipc'] as const) : [])],
    });
    child.on('message', wish => this.#obey(child, wish as Wish));
    return child;
  }

  #obey(asker: ChildProcess, wish: Wish): void {
    if (wish.wish === 'follow') {
      this.#launched.get(wish.pid)?.follow();
      return;
    }
    const launched = this.launch(wish.place);
    this.#launched.set(launched.pid, launched);
    tell(asker, { told: 'launched', place: wish.place, pid: launched.pid });
    void launched.ended.then(how => {
      this.#launched.delete(launched.pid);
      tell(asker, { told: 'ended', pid: launched.pid, how });
    });
  }
}

function tell(child: ChildProcess, message: Told): void {
  if (child.connected) child.send(message, () => {});
}

/** By then all that it had to say is here. */
async function endOf(child: ChildProcess): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise(resolve => child.once('exit', resolve));
  }
  if (child.connected) await new Promise(resolve => child.once('disconnect', resolve));
  return child.exitCode ?? 128 + constants.signals[child.signalCode ?? 'SIGKILL'];
}
