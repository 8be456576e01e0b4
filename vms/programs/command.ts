/** Runs a command to its end and collects what it said. */
import { execa } from 'execa';
import { MachineError } from '../errors.ts';
import type { ExecResult } from '../provider.ts';
import { throwIfAborted } from './deadline.ts';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** How an abort ends it; default SIGTERM. */
  readonly killSignal?: NodeJS.Signals;
  readonly cwd?: string;
}

/** A command that fails resolves with its exit code; one that cannot start or end rejects. */
export async function runCommand(
  argv: readonly string[],
  { env = {}, input = '', timeoutMs, signal, killSignal, cwd }: CommandOptions = {},
): Promise<ExecResult> {
  throwIfAborted(signal);
  const [file = '', ...args] = argv;
  const result = await execa(file, args, {
    reject: false,
    stripFinalNewline: false,
    input,
    env,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    ...(killSignal === undefined ? {} : { killSignal }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  throwIfAborted(signal);
  if (result.timedOut) {
    throw new MachineError('VM_COMMAND_FAILED', `${argv.join(' ')}: no end in ${timeoutMs} ms.`);
  }
  if (result.exitCode === undefined) {
    throw new MachineError('VM_COMMAND_FAILED', `${argv.join(' ')}: ${result.shortMessage}`);
  }
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/** Runs a command that has to succeed. */
export async function mustRun(argv: readonly string[], options?: CommandOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(argv, options);
  if (exitCode === 0) return stdout;
  const said = stderr.trim() || `exit code ${exitCode}`;
  throw new MachineError('VM_COMMAND_FAILED', `${argv.join(' ')}: ${said}`);
}
