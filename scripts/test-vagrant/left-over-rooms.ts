/**
 * Rooms of tests that were ended before they could clear up: a test file that meets its time limit
 * leaves its machines running. Rooms that were there before are somebody else's.
 */
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sweep } from '../../vms/sweep.ts';

const ROOM = /^relais-room-/;

export async function roomsNow(): Promise<ReadonlySet<string>> {
  const names = await readdir(tmpdir());
  return new Set(names.filter(name => ROOM.test(name)));
}

/** Resolves with what was there still, one line each. */
export async function sweepRoomsSince(before: ReadonlySet<string>): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await roomsNow()) {
    if (before.has(name)) continue;
    const folder = path.join(tmpdir(), name);
    removed.push(...(await sweep(folder)));
    await rm(folder, { recursive: true, force: true });
  }
  return removed;
}
