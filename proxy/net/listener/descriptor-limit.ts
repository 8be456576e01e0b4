/** The soft limit of open files, which an administrator may change while the process runs. */
import { openSync, readSync } from 'node:fs';

/** Opened once: when it matters there is no descriptor left to open it with. */
let limits: number | undefined;
const text = Buffer.alloc(4096);

/** Infinity where it is not known. */
export function descriptorLimit(): number {
  try {
    limits ??= openSync('/proc/self/limits', 'r');
    const line = /^Max open files\s+(\d+)/m;
    const found = line.exec(text.toString('latin1', 0, readSync(limits, text, 0, text.length, 0)));
    return found === null ? Number.POSITIVE_INFINITY : Number(found[1]);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
