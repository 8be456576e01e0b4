/** The history of a run as it grows: in memory for the checks, line by line on disk for later. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { HistoryRecord } from '../history.ts';

type WithoutTime<R> = R extends HistoryRecord ? Omit<R, 'at'> : never;
/** A record before the recorder says when. */
export type HistoryEntry = WithoutTime<HistoryRecord>;

export class Recorder {
  readonly #records: HistoryRecord[] = [];
  readonly #listeners = new Set<(record: HistoryRecord) => void>();
  readonly #now: () => number;
  readonly #file: WriteStream | undefined;

  /** `now` is monotonic milliseconds since the run began; without a file it keeps memory only. */
  constructor(now: () => number, file?: string) {
    this.#now = now;
    this.#file = file === undefined ? undefined : createWriteStream(file, { flags: 'a' });
  }

  get records(): readonly HistoryRecord[] {
    return this.#records;
  }

  now(): number {
    return this.#now();
  }

  append(entry: HistoryEntry): void {
    const at = Math.max(round(this.#now()), this.#records.at(-1)?.at ?? 0);
    const record: HistoryRecord = { ...entry, at };
    this.#records.push(record);
    this.#file?.write(`${JSON.stringify(record)}\n`);
    for (const listener of this.#listeners) listener(record);
  }

  /** Returns the way to stop listening. */
  onAppend(listener: (record: HistoryRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#file === undefined) return;
    this.#file.end();
    await finished(this.#file);
  }
}

/** Microseconds are enough, and keep the file readable. */
function round(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
