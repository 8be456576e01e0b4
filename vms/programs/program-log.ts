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

/** The end of it, for error messages. */
export function logTail(file: string, lines = 15): string {
  return readLog(file).trimEnd().split('\n').slice(-lines).join('\n') || '(it printed nothing)';
}
