/** The processes of a bench run: started as groups, all ended with the run, whatever ends it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

const GRACE_MS = 3_000;
/** Thousands of connections need descriptors: as many as the hard limit allows, not the usual 1,024. */
const WITH_DESCRIPTORS = ['-c', 'ulimit -n "$(ulimit -Hn)"; exec "$0" "$@"'];

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** Where its standard output goes; otherwise it is kept for `words`. */
  readonly outputFile?: string;
}

export interface CrewMember {
  readonly name: string;
  readonly pid: number;
  readonly isRunning: () => boolean;
  /** The last words it wrote. */
  readonly words: () => string;
  /** Ends its group, and resolves when it is gone. */
  readonly end: () => Promise<void>;
}

export interface Crew {
  start(name: string, program: Program): CrewMember;
  /** Runs a program to its end; rejects when it fails. Resolves with what it printed. */
  run(name: string, program: Program): Promise<string>;
  /** Fires when the run is over. */
  readonly dismissed: AbortSignal;
  /** Ends every group: SIGTERM, then SIGKILL. After it, nothing can be started. */
  dismiss(): Promise<void>;
}

export function createCrew(): Crew {
  const members = new Set<ChildProcess>();
  const over = new AbortController();

  const launch = ({ file, args, outputFile }: Program) => {
    if (over.signal.aborted) throw new Error('the run is over');
    const output = outputFile === undefined ? 'pipe' : openSync(outputFile, 'a');
    const child = spawn('sh', [...WITH_DESCRIPTORS, file, ...args], {
      stdio: ['ignore', output, 'pipe'],
      detached: true,
    });
    if (typeof output === 'number') closeSync(output);
    members.add(child);
    const said = { text: '' };
    const listen = (text: string): void => {
      said.text = (said.text + text).slice(-10_000);
    };
    child.stdout?.setEncoding('utf8').on('data', listen);
    child.stderr?.setEncoding('utf8').on('data', listen);
    child.on('error', error => listen(error.message));
    return { child, said };
  };

  return {
    start(name, program) {
      const { child, said } = launch(program);
      return {
        name,
        pid: child.pid ?? 0,
        isRunning: () => isRunning(child),
        words: () => said.text.trim(),
        end: async () => {
          await endGroup(child);
          members.delete(child);
        },
      };
    },
    async run(name, program) {
      const { child, said } = launch(program);
      const [code] = (await once(child, 'close')) as [number | null];
      members.delete(child);
      if (code === 0) return said.text;
      throw new Error(`${name} failed with ${code ?? child.signalCode}: ${said.text.trim()}`);
    },
    dismissed: over.signal,
    async dismiss() {
      over.abort();
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
