/** Makes a disk out of a root file system without mounting anything. */
import { lstat, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Workshop } from '../workshop.ts';
import { BOX_EPOCH } from '../workshop.ts';

/** As large as it may grow; what is not used costs nothing. */
export const DISK_GIB = 2;

/**
 * Plugs are pulled in labs. As ext4 does by default, what was written in the last half minute would
 * be empty files then; like this, it is the last second.
 */
export const DISK_OPTIONS = 'noatime,nodelalloc,commit=1';

/** Of the file system, in every box: it is the only disk of its machine. */
const UUID = '72656c61-6973-4c61-8b00-000000000001';

/** Writes a qcow2 image of an ext4 file system that fills the whole disk. */
export async function makeDiskImage(
  { run }: Workshop,
  root: string,
  target: string,
): Promise<void> {
  const raw = `${target}.raw`;
  await writeFile(raw, '');
  await truncate(raw, DISK_GIB * 2 ** 30);
  // The journal lets a machine whose plug was pulled come back without a check.
  const format = ['-q', '-F', '-U', UUID, '-J', 'size=8', '-E', `hash_seed=${UUID},nodiscard`];
  const env = { E2FSPROGS_FAKE_TIME: String(BOX_EPOCH) };
  await run(['mkfs.ext4', ...format, '-d', root, raw], { env });
  const commands = `${target}.debugfs`;
  await writeFile(commands, timeCommands(await timesOf(root)));
  await run(['debugfs', '-w', '-f', commands, raw], { env });
  await run(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, target]);
  for (const file of [raw, commands]) await rm(file);
}

export interface FileTime {
  /** In the file system, from its root on. */
  readonly name: string;
  /** Of its last change, in seconds. */
  readonly changed: number;
}

/** Of everything under `folder`, which is `/` followed by a path in the root file system. */
async function timesOf(root: string, folder = '/'): Promise<readonly FileTime[]> {
  const times: FileTime[] = [];
  // Not readdir's own recursion: that follows links, out of the root file system.
  for (const entry of await readdir(path.join(root, folder), { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    const { mtimeMs } = await lstat(path.join(root, name));
    times.push({ name, changed: Math.floor(mtimeMs / 1000) });
    if (entry.isDirectory()) times.push(...(await timesOf(root, name)));
  }
  return times;
}

/**
 * Commands for debugfs(8): mkfs takes times over that tell when the box was built, some of which
 * no program can set in the files themselves.
 */
export function timeCommands(files: readonly FileTime[]): string {
  return files
    .flatMap(({ name, changed }) => [
      `set_inode_field "${name}" ctime @${BOX_EPOCH}`,
      `set_inode_field "${name}" atime @${BOX_EPOCH}`,
      ...(changed > BOX_EPOCH ? [`set_inode_field "${name}" mtime @${BOX_EPOCH}`] : []),
    ])
    .map(command => `${command}\n`)
    .join('');
}
