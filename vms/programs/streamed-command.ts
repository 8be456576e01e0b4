/**
 * Runs a program that takes minutes: its lines are told as they come, and it is ended in steps.
 * It is a process group of its own, so that a Ctrl-C in the terminal reaches it once and in
 * order, from here, and what it has started can be ended with it.
 */
import { execa } from 'execa';
import { MachineError } from '../errors.ts';
import type { ExecResult } from '../provider.ts';
import { throwIfAborted } from './deadline.ts';

export interface StreamedLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  /** Since the start of the program. */
  readonly ms: number;
}

export interface StreamedOptions {
  /** Added to this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: (line: StreamedLine) => void;
  /** From SIGINT to SIGTERM, and from there to SIGKILL; default 10 s. */
  readonly graceMs?: number;
}

/**
 * A command that fails resolves with its exit code. Rejects with VM_COMMAND_FAILED when it cannot
 * start or does not end in time, with VM_ABORTED when it was told to stop; it has ended by then.
 */
export async function runStreamed(
  argv: readonly string[],
  options: StreamedOptions = {},
): Promise<ExecResult> {
  const { env = {}, cwd, timeoutMs, signal, onLine, graceMs = 10_000 } = options;
  throwIfAborted(signal);
  const start = performance.now();
  const tell = (stream: StreamedLine['stream']) =>
    function* (text: unknown): Generator<unknown> {
      onLine?.({ stream, text: String(text), ms: performance.now() - start });
      yield text;
    };
  const [file = '', ...args] = argv;
  const running = execa(file, args, {
    reject: false,
    detached: true,
    cleanup: false,
    stripFinalNewline: false,
    stdin: 'ignore',
    stdout: tell('stdout'),
    stderr: tell('stderr'),
    env,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const stop = steps(running.pid, graceMs);
  let timedOut = false;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          stop.begin();
        }, timeoutMs);
  signal?.addEventListener('abort', stop.begin, { once: true });
  try {
    const result = await running;
    throwIfAborted(signal);
    if (timedOut) {
      throw new MachineError('VM_COMMAND_FAILED', `${argv.join(' ')}: no end in ${timeoutMs} ms.`);
    }
    if (result.exitCode === undefined) {
      throw new MachineError(
        'VM_COMMAND_FAILED',
        `${argv.join(' ')}: ${result.shortMessage}`,
        result.cause,
      );
    }
    return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
  } finally {
    clearTimeout(timer);
    stop.end();
    signal?.removeEventListener('abort', stop.begin);
  }
}

/** SIGINT to the program alone, which cleans up on it; then SIGTERM and SIGKILL to its group. */
function steps(pid: number | undefined, graceMs: number): { begin(): void; end(): void } {
  const timers: NodeJS.Timeout[] = [];
  return {
    begin: () => {
      if (pid === undefined || timers.length > 0) return;
      send(pid, 'SIGINT');
      timers.push(
        setTimeout(() => send(-pid, 'SIGTERM'), graceMs),
        setTimeout(() => send(-pid, 'SIGKILL'), 2 * graceMs),
      );
    },
    end: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended
  }
}
