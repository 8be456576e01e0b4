/** The processes of a bench run: started as groups, all ended with the run, whatever ends it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const GRACE_MS = 3_000;

export interface CrewMember {
  readonly name: string;
  readonly pid: number;
  readonly isRunning: () => boolean;
  /** The last words it wrote. */
  readonly words: () => string;
}

export interface Crew {
  start(name: string, file: string, args: readonly string[]): CrewMember;
  /** Runs a program to its end; rejects when it fails. Resolves with what it printed. */
  run(name: string, file: string, args: readonly string[]): Promise<string>;
  readonly isDismissed: () => boolean;
  /** Ends every group: SIGTERM, then SIGKILL. After it, nothing can be started. */
  dismiss(): Promise<void>;
}

export function createCrew(): Crew {
  const members = new Set<ChildProcess>();
  let dismissed = false;

  const launch = (file: string, args: readonly string[]) => {
    if (dismissed) throw new Error('the run is over');
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    members.add(child);
    const said = { text: '' };
    const listen = (text: string): void => {
      said.text = (said.text + text).slice(-10_000);
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    child.on('error', error => listen(error.message));
    return { child, said };
  };

  return {
    start(name, file, args) {
      const { child, said } = launch(file, args);
      return {
        name,
        pid: child.pid ?? 0,
        isRunning: () => isRunning(child),
        words: () => said.text.trim(),
      };
    },
    async run(name, file, args) {
      const { child, said } = launch(file, args);
      const [code] = (await once(child, 'close')) as [number | null];
      members.delete(child);
      if (code === 0) return said.text;
      throw new Error(`${name} failed with ${code ?? child.signalCode}: ${said.text.trim()}`);
    },
    isDismissed: () => dismissed,
    async dismiss() {
      dismissed = true;
      await Promise.all([...members].map(endGroup));
      members.clear();
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (isRunning(child)) {
    const exited = once(child, 'exit');
    const watchdog = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
    signalGroup(child, 'SIGTERM');
    await exited;
    clearTimeout(watchdog);
  }
  // A leader that died alone leaves its workers in the group.
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
