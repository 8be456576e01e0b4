/**
 * Finds and removes what a room's engine has made, from nothing but the room's folder: a killed
 * run may have left anything half made. All processes of an engine, of its containers and virtual
 * machines live among folders of the room, which their mount tables tell; all files lie there.
 */
import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { LeaseFolder } from '../lease.ts';
import { killAll, processIds } from '../programs/marked-processes.ts';
import { identify, type ProcessIdentity } from '../programs/process-identity.ts';
import type { EngineParts } from '../room/engine-parts.ts';
import { controlFolder } from './machine-ssh.ts';
import { engineFolder, prefixOf, vagrantFolder } from './room-paths.ts';
import { deleteVm, virtualMachines } from './virtualbox.ts';

export const vagrantParts: EngineParts = { describe, remove };

async function describe(roomFolder: string): Promise<readonly string[]> {
  const living = inhabitants(roomFolder).length;
  const vms = await virtualBoxMachines(roomFolder);
  return [
    ...vms.map(name => `virtual machine ${name}`),
    ...list(path.join(vagrantFolder(roomFolder), '.vagrant', 'machines')).map(
      name => `what Vagrant made for ${name}`,
    ),
    ...(living === 0 ? [] : [`${living} processes of machines and their engine`]),
  ];
}

async function remove(roomFolder: string): Promise<void> {
  for (const name of await virtualBoxMachines(roomFolder)) await deleteVm(name);
  for (let found = inhabitants(roomFolder); found.length > 0; found = inhabitants(roomFolder)) {
    await killAll(found);
  }
  await rm(controlFolder(roomFolder), { recursive: true, force: true });
  removeControlGroups(`relais-${prefixOf(roomFolder)}-`);
  await rm(vagrantFolder(roomFolder), { recursive: true, force: true, maxRetries: 5 });
}

/** By their names; of the folder there may be nothing left. */
async function virtualBoxMachines(roomFolder: string): Promise<readonly string[]> {
  if (new LeaseFolder(roomFolder).read()?.engine !== 'virtualbox') return [];
  const mark = `relais-${prefixOf(roomFolder)}-`;
  return (await virtualMachines('vms')).map(({ name }) => name).filter(it => it.startsWith(mark));
}

function inhabitants(roomFolder: string): readonly ProcessIdentity[] {
  const mark = `/${path.basename(engineFolder(roomFolder))}/`;
  return processIds()
    .filter(pid => pid !== process.pid && read(`/proc/${pid}/mountinfo`).includes(mark))
    .flatMap(pid => identify(pid) ?? []);
}

const CONTROL_GROUPS = '/sys/fs/cgroup';

/** Engines make them, and remove them only when a machine ends in order. */
function removeControlGroups(mark: string): void {
  const trees = list(CONTROL_GROUPS).map(tree => path.join(CONTROL_GROUPS, tree));
  for (const tree of [CONTROL_GROUPS, ...trees, ...trees.map(it => path.join(it, 'machine'))]) {
    for (const name of list(tree)) {
      if (name.includes(mark)) removeTree(path.join(tree, name));
    }
  }
}

/** Innermost first: of the files in it, which are the kernel's, none can be removed. */
function removeTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(path.join(folder, entry.name));
  }
  try {
    rmdirSync(folder);
  } catch {
    // the same tree by its other name, or it is gone
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
