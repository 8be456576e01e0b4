/**
 * Puts one file in the place of another in one move. Windows refuses that while somebody has the
 * old one open, an editor or a virus scanner: those let go within moments, so it is tried again.
 */
import { rename } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { HERE, type Platform } from './platform.ts';

const AGAIN_AFTER_MS = [5, 10, 20, 40, 80, 160, 320];
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** `move` is an argument for the tests' sake. */
export async function replaceFile(
  from: string,
  to: string,
  platform: Platform = HERE,
  move: (from: string, to: string) => Promise<void> = rename,
): Promise<void> {
  for (const pauseMs of platform === 'win32' ? AGAIN_AFTER_MS : []) {
    try {
      return await move(from, to);
    } catch (error) {
      if (!HELD.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await wait(pauseMs);
    }
  }
  await move(from, to);
}
