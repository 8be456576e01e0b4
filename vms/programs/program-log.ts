/** Reads what a program printed. */
import { readFileSync } from 'node:fs';

/** All of it; nothing when there is no file yet. */
export function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** How far the log goes now: what is printed from here on is of the next start. */
export function logLength(file: string): number {
  return readLog(file).length;
}

/** The end of what was printed since then, for error messages. */
export function logTail(file: string, since = 0, lines = 15): string {
  const printed = readLog(file).slice(since).trimEnd();
  return printed.split('\n').slice(-lines).join('\n') || '(it printed nothing)';
}
