/**
 * Puts one file in the place of another in one move. Windows refuses that while somebody has the
 * old one open, a reader or a virus scanner: those let go within moments, so it is tried again.
 */
import { renameSync } from 'node:fs';
import { HERE, type Platform } from './platform.ts';

const AGAIN_AFTER_MS = [5, 10, 20, 40, 80, 160, 320];
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** `move` is an argument for the tests' sake. */
export function replaceFile(
  from: string,
  to: string,
  platform: Platform = HERE,
  move: (from: string, to: string) => void = renameSync,
): void {
  for (const pauseMs of platform === 'win32' ? AGAIN_AFTER_MS : []) {
    try {
      move(from, to);
      return;
    } catch (error) {
      if (!HELD.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      standStill(pauseMs);
    }
  }
  move(from, to);
}

/** Writers of records are synchronous: two of one process must not overtake each other. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
