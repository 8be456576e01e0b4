/** The folder in which boxes are built: beside those that are done, and gone afterwards. */
import {
  chown,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  statfs,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import { identify, isAlive, type ProcessIdentity } from '../programs/process-identity.ts';

const PREFIX = '.building-';
const OWNER = 'owner.json';

export interface BuildFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Removes what builds left behind whose process is gone. Rejects with VM_LEASE_HELD while another
 * build works there.
 */
export async function openBuildFolder(boxes: string): Promise<BuildFolder> {
  await mkdir(boxes, { recursive: true });
  for (const name of await readdir(boxes)) {
    if (name.startsWith(PREFIX)) await clearAway(path.join(boxes, name));
  }
  const folder = path.join(boxes, `${PREFIX}${process.pid}`);
  await mkdir(folder);
  await writeFile(path.join(folder, OWNER), JSON.stringify(identify(process.pid)));
  return { path: folder, remove: () => removeAll(folder) };
}

async function clearAway(folder: string): Promise<void> {
  const owner = await ownerOf(folder);
  if (!isAlive(owner)) return removeAll(folder);
  throw new MachineError(
    'VM_LEASE_HELD',
    `Boxes are being built in ${path.dirname(folder)} already, by process ${owner.pid}. Wait for it, or end it.`,
  );
}

async function ownerOf(folder: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path.join(folder, OWNER), 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** A program that was just killed may write its last file while we remove. */
async function removeAll(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}

/** Rejects with VM_PROVIDER_UNREADY where files have no owners and links, as on most sticks. */
export async function requireOwners(folder: string): Promise<void> {
  if (await keepsOwners(folder)) return;
  throw new MachineError(
    'VM_PROVIDER_UNREADY',
    `Files in ${path.dirname(folder)} cannot have owners and links, which Debian needs. Build in another folder (--folder FOLDER) and copy the boxes.`,
  );
}

async function keepsOwners(folder: string): Promise<boolean> {
  const [file, link] = [path.join(folder, 'file'), path.join(folder, 'link')];
  try {
    await writeFile(file, '');
    await chown(file, 1, 1);
    await symlink(file, link);
    return (await stat(file)).uid === 1;
  } catch {
    return false;
  } finally {
    for (const made of [link, file]) await rm(made, { force: true });
  }
}

/** Rejects with VM_PROVIDER_UNREADY when there is less room than that. */
export async function requireRoom(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= neededBytes) return;
  throw new MachineError(
    'VM_PROVIDER_UNREADY',
    `Building needs ${inGigabytes(neededBytes)} in ${folder}, and there are ${inGigabytes(bavail * bsize)}. Make room, or name another folder: --folder FOLDER.`,
  );
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
