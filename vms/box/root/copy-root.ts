/** A copy of a root file system that costs no space: new files in one are not in the other. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Workshop } from '../workshop.ts';

/**
 * The files themselves are shared. Whoever has the copy may add, remove and replace files in it,
 * and never writes into one that was there.
 */
export async function copyRoot(workshop: Workshop, root: string, copy: string): Promise<void> {
  await mkdir(path.dirname(copy), { recursive: true });
  await workshop.run(['cp', '--archive', '--link', root, copy]);
}
