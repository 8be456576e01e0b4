/** Runs the commands about boxes as a user does, in folders of a test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const scripts = path.resolve(import.meta.dirname, '../../scripts');

export interface BoxCommand {
  readonly child: ChildProcess;
  /** What it said so far, both outputs. */
  said(): string;
  /** Resolves with the exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface Elsewhere {
  readonly env?: Readonly<Record<string, string>>;
  /** What runs the command: `setpriv …`. */
  readonly wrap?: readonly string[];
}

/** `box-build`, `box-add` or `box-list`. */
export function startBoxCommand(
  name: string,
  args: readonly string[],
  { env = {}, wrap = [] }: Elsewhere = {},
): BoxCommand {
  const [file = '', ...rest] = [
    ...wrap,
    process.execPath,
    path.join(scripts, `${name}.js`),
    ...args,
  ];
  const child = spawn(file, rest, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, said: () => said, ended };
}

/** Resolves when it has ended. */
export async function boxCommand(
  name: string,
  args: readonly string[],
  elsewhere?: Elsewhere,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const command = startBoxCommand(name, args, elsewhere);
  const code = await command.ended;
  return { code, said: command.said() };
}
