/** How much memory processes have in use; only Linux tells without a program of its own. */
import { readFile } from 'node:fs/promises';

/** All of them together; undefined when one cannot be read. */
export async function residentMiB(pids: readonly number[]): Promise<number | undefined> {
  try {
    const sizes = await Promise.all(pids.map(residentKiB));
    return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 102.4) / 10;
  } catch {
    return undefined;
  }
}

async function residentKiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, size] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  if (size === undefined) throw new Error(`process ${pid} has no memory`);
  return Number(size);
}
