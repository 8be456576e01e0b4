/** Runs a line as it is printed, in the lab's own shell, and returns what it said. */
import { execa } from 'execa';
import { posixShell, shellPath, wordsAsTyped } from '../posix-shell.ts';
import type { LabShell } from './stage.ts';

const LIMIT_MS = 60_000;
const ownCommands = 'PATH="$LAB_BIN:$PATH"';

/** Rejects with the line and what it complained about when it ends with another code than 0. */
export async function runLine(line: string, shell: LabShell, signal: AbortSignal): Promise<string> {
  const { cwd } = shell;
  const bin = shellPath(shell.env['LAB_BIN'] ?? '');
  const env = { ...shell.env, ...shell.marks, ...wordsAsTyped(), LAB_BIN: bin };
  // biome-ignore lint/style/noProcessEnv: where Windows has its programs
  const program = posixShell(process.env);
  const options = { cwd, env, stdin: 'ignore', all: true, reject: false } as const;
  const limits = { timeout: LIMIT_MS, cancelSignal: signal } as const;
  const { all, exitCode, timedOut } = await execa(program, ['-c', `${ownCommands}\n${line}`], {
    ...options,
    ...limits,
  });
  if (timedOut) throw new Error(`\`${line}\` had not ended after ${LIMIT_MS / 1_000} s`);
  if (exitCode !== 0) throw new Error(`\`${line}\` ended with ${exitCode ?? 'a signal'}: ${all}`);
  return all.trim();
}
