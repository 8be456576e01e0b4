/**
 * What other terminals measured, for the session that follows the lab: one record per line, in the
 * folder of the instance. Without a session nobody reads it, and nothing is written.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { HistoryEntry } from '../harness/run/recorder.ts';

function fileIn(folder: string): string {
  return path.join(folder, 'journal.ndjson');
}

export function writeToJournal(folder: string, entries: readonly HistoryEntry[]): void {
  const file = fileIn(folder);
  if (entries.length === 0 || !existsSync(file)) return;
  appendFileSync(file, entries.map(entry => `${JSON.stringify(entry)}\n`).join(''));
}

export class JournalReader {
  readonly #file: string;
  #read = 0;

  /** Begins an empty journal. */
  constructor(folder: string) {
    this.#file = fileIn(folder);
    mkdirSync(folder, { recursive: true });
    writeFileSync(this.#file, '');
  }

  /** What was written since the last call; a line that is not whole yet waits. */
  next(): readonly HistoryEntry[] {
    if ((statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0) <= this.#read) return [];
    const text = readFileSync(this.#file).subarray(this.#read).toString();
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.#read += Buffer.byteLength(whole);
    return whole.split('\n').flatMap(line => parsed(line) ?? []);
  }

  close(): void {
    rmSync(this.#file, { force: true });
  }
}

/** The folder belongs to the learner alone: what is no record was no record of ours. */
function parsed(line: string): HistoryEntry | undefined {
  try {
    const entry = JSON.parse(line) as HistoryEntry;
    return entry.kind === 'connect' ? entry : undefined;
  } catch {
    return undefined;
  }
}
