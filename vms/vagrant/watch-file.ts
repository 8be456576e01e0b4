/** What a machine's watch has seen last, as a file that every process of the kit may read. */
import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import type { ProcessIdentity } from '../programs/process-identity.ts';

export interface Seen {
  /** Who looks. */
  readonly watch?: ProcessIdentity | undefined;
  readonly connected: boolean;
  /** Of the app, as its machine counts. */
  readonly pid: number | undefined;
  readonly listens: boolean;
  /** Which machine it was, of those that had this name. */
  readonly machineId: string;
  /** Length of our copy of the log when that machine's own log began. */
  readonly logBase: number;
}

export interface WatchOrder {
  /** Runs the watch's script on the machine. */
  readonly argv: readonly string[];
  readonly logFile: string;
  readonly seenFile: string;
  readonly retryMs: number;
}

const NOTHING: Seen = {
  connected: false,
  pid: undefined,
  listens: false,
  machineId: '',
  logBase: 0,
};

export function readSeen(file: string): Seen {
  try {
    return { ...NOTHING, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Seen>) };
  } catch {
    return NOTHING;
  }
}

export function writeSeen(file: string, seen: Seen): void {
  try {
    writeFileSync(`${file}.new`, JSON.stringify(seen));
    renameSync(`${file}.new`, file);
  } catch {
    // the room is being removed
  }
}

/** Seen again, unchanged. */
export function touchSeen(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // the room is being removed
  }
}

/** When the machine was looked at last; 0: never. */
export function seenAt(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
