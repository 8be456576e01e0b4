/** Reads what a program printed. */
import { createReadStream, readFileSync } from 'node:fs';

/** All of it; nothing when there is no file yet. */
export function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The part that begins at this byte, without reading what is before it. */
export async function readLogFrom(file: string, byte: number): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of createReadStream(file, { start: byte })) parts.push(part as Buffer);
  } catch {
    return '';
  }
  return Buffer.concat(parts).toString('utf8');
}

/** How far the log goes now: what is printed from here on is of the next start. */
export function logLength(file: string): number {
  return readLog(file).length;
}

/** The end of what was printed since then, for error messages. */
export function logTail(file: string, since = 0): string {
  return lastLines(readLog(file).slice(since));
}

export function lastLines(printed: string, lines = 15): string {
  return printed.trimEnd().split('\n').slice(-lines).join('\n') || '(it printed nothing)';
}
