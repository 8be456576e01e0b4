/** A PATH on which nothing is but what a test names. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';

const EVERYWHERE = `${process.env['PATH']}:/usr/sbin:/sbin`;

/** Makes the folder; what is not on this computer is left out. */
export function onlyPrograms(folder: string, ...names: readonly string[]): string {
  mkdirSync(folder);
  for (const name of names) {
    const env = { PATH: EVERYWHERE };
    const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8', env });
    const place = stdout.trim();
    if (path.isAbsolute(place)) symlinkSync(place, path.join(folder, name));
  }
  return folder;
}
