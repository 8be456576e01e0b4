/** Processes by their pid, from Linux's /proc: stopped for sure, gone for sure, ours for sure. */
import { readdir, readFile } from 'node:fs/promises';

const DEADLINE_MS = 10_000;

/** Every thread stands still when it resolves: it accepts and reads nothing more. */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await until(`process ${pid} stands still`, async () => {
    const states = await threadStates(pid);
    return states.length === 0 || states.every(state => 'TtZX'.includes(state));
  });
}

/** Its sockets are closed when it resolves. */
export async function killed(pid: number): Promise<void> {
  send(pid, 'SIGKILL');
  await until(`process ${pid} is gone`, () => isGone(pid));
}

/** A process that has ended already is no news. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export async function isGone(pid: number): Promise<boolean> {
  const states = await threadStates(pid);
  return states.every(state => 'ZX'.includes(state));
}

/** Processes that carry this text in their environment: whatever they were started by. */
export async function carrying(mark: string): Promise<number[]> {
  const entries = (await readdir('/proc')).filter(entry => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(
    entries.map(async pid => (await read(pid, 'environ')).split('\0').includes(mark)),
  );
  const ours = entries.filter((pid, index) => found[index] === true && pid !== process.pid);
  const gone = await Promise.all(ours.map(isGone));
  return ours.filter((_, index) => gone[index] === false);
}

export async function until(
  what: string,
  probe: () => Promise<boolean>,
  deadlineMs: number = DEADLINE_MS,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await probe())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${deadlineMs / 1000} s`);
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}

/** proc_pid_stat(5): the state follows the name, which is in parentheses and may hold anything. */
async function threadStates(pid: number): Promise<string[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch((): string[] => []);
  const stats = await Promise.all(tasks.map(task => read(pid, `task/${task}/stat`)));
  return stats.filter(text => text !== '').map(text => text[text.lastIndexOf(')') + 2] ?? 'X');
}

function read(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
}
