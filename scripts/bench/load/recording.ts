/** What the open-loop load writes down about each request, and how it is summed up. */
import { readFile } from 'node:fs/promises';

export interface Sample {
  /** When it was due, in milliseconds since the first one. */
  readonly at: number;
  /** From the moment when it was due until its answer was complete. */
  readonly ms: number;
  /** From the moment when it was due until it was written: the load's own lateness. */
  readonly lateMs: number;
  /** Status, or what went wrong: 'cut', 'refused', 'unanswered', 'bad'. */
  readonly outcome: string;
  /** The beginning of the body. */
  readonly by: string;
}

export interface Recording {
  /** Monotonic milliseconds, the same in every process of the machine. */
  readonly startedAt: number;
  readonly samples: readonly Sample[];
}

export async function readRecording(file: string): Promise<Recording> {
  return JSON.parse(await readFile(file, 'utf8')) as Recording;
}

export function isGood(sample: Sample): boolean {
  return sample.outcome === '200';
}

/** Exact: every sample is kept, there are few enough. NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.ceil((percent / 100) * sorted.length) - 1;
  return sorted[Math.max(0, rank)] ?? Number.NaN;
}
