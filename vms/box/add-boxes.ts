/** Hands boxes to Vagrant, once, and only those that are as they were built. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import { mustRunVagrant } from '../vagrant/command-line.ts';
import { OWN_BOX } from '../vagrant/engines.ts';
import { type Architecture, type BoxTarget, boxFileName } from './box-names.ts';
import { verifyChecksum } from './checksums.ts';

export type VagrantTarget = Exclude<BoxTarget, 'docker'>;
export const VAGRANT_TARGETS: readonly VagrantTarget[] = ['lxc', 'libvirt'];

export interface AddOrder {
  /** Where the boxes are. */
  readonly folder: string;
  readonly targets: readonly VagrantTarget[];
  readonly architecture: Architecture;
  /** VAGRANT_HOME: where Vagrant keeps them; made when it is not there. */
  readonly vagrantHome: string;
}

export interface AddedBox {
  readonly target: VagrantTarget;
  /** false: Vagrant had this very box already. */
  readonly added: boolean;
}

/**
 * Replaces a box of the same name that differs. Rejects with VM_UNKNOWN (no such box here),
 * VM_COMMAND_FAILED (damaged, or Vagrant refused), VM_PROVIDER_UNREADY (no Vagrant).
 */
export async function addBoxes(
  { folder, targets, architecture, vagrantHome }: AddOrder,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<readonly AddedBox[]> {
  const files = targets.map(target => path.join(folder, boxFileName(target, architecture)));
  const absent = targets.filter((_, index) => !existsSync(files[index] ?? ''));
  if (absent.length > 0) throw noSuchBox(folder, absent);
  await mkdir(vagrantHome, { recursive: true });
  const boxes: AddedBox[] = [];
  for (const [index, target] of targets.entries()) {
    const file = files[index] ?? '';
    const sha256 = await verifyChecksum(file);
    const added = (await checksumInVagrant(vagrantHome, target)) !== sha256;
    if (added) await addBox(vagrantHome, target, file, sha256, signal);
    boxes.push({ target, added });
  }
  return boxes;
}

function noSuchBox(folder: string, absent: readonly BoxTarget[]): MachineError {
  const names = absent.join(' ');
  const fix = `Build it: npm run box:build -- ${names}. Or name the folder that has it: --folder FOLDER; what was built with sudo lies in root's home folder.`;
  return new MachineError('VM_UNKNOWN', `No box for ${absent.join(', ')} in ${folder}. ${fix}`);
}

async function addBox(
  home: string,
  target: VagrantTarget,
  file: string,
  sha256: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const place = { folder: path.dirname(file), engine: target, home };
  const options = signal === undefined ? {} : { signal };
  const name = ['--name', OWN_BOX.name, '--provider', target];
  await mustRunVagrant(place, ['box', 'add', '--force', ...name, file], options);
  const folder = folderInVagrant(home, target);
  if (folder !== undefined) await writeFile(path.join(folder, NOTE), `${sha256}\n`);
}

/** Beside the parts of a box that Vagrant unpacked: which file it came from. */
const NOTE = 'relais-sha256';

/** Of the box file that was added; undefined when none was, or not by us. */
export async function checksumInVagrant(
  home: string,
  target: VagrantTarget,
): Promise<string | undefined> {
  const folder = folderInVagrant(home, target);
  if (folder === undefined) return undefined;
  const text = await readFile(path.join(folder, NOTE), 'utf8').catch(() => undefined);
  return text?.trim();
}

/** Where Vagrant unpacked the box; since 2.4 it may keep one for each processor. */
export function folderInVagrant(home: string, target: VagrantTarget): string | undefined {
  const box = path.join(home, 'boxes', OWN_BOX.name.replace('/', '-VAGRANTSLASH-'), '0');
  return ['', 'amd64', 'arm64']
    .map(processor => path.join(box, processor, target))
    .find(folder => existsSync(path.join(folder, 'metadata.json')));
}
