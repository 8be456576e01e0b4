/**
 * Rooms of test processes that were ended before they could clear up: a test file that meets its
 * time limit leaves its machines running. The name of a room tells whose it is.
 */
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sweep } from '../../vms/sweep.ts';

/** As test/support/machines.ts names it. */
const ROOM = /^relais-room-(\d+)-/;

/** Resolves with what was there still, one line each. */
export async function sweepLeftOverRooms(): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(tmpdir())) {
    const pid = ROOM.exec(name)?.[1];
    if (pid === undefined || isThere(Number(pid))) continue;
    const folder = path.join(tmpdir(), name);
    removed.push(...(await sweep(folder)));
    await rm(folder, { recursive: true, force: true });
  }
  return removed;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
