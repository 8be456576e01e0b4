/** Where a room keeps what Vagrant and its engine need: all of it in one folder, gone with it. */
import { createHash } from 'node:crypto';
import path from 'node:path';

/** Holds the Vagrantfile, machines.json and .vagrant: here `vagrant` is typed by hand. */
export function vagrantFolder(roomFolder: string): string {
  return path.join(roomFolder, 'vagrant');
}

/** Tells the machines of this room from those of all others on this computer. */
export function prefixOf(roomFolder: string): string {
  return createHash('sha256').update(path.resolve(roomFolder)).digest('hex').slice(0, 8);
}

/** What an engine calls a machine; as vms/Vagrantfile does. */
export function fullName(roomFolder: string, machine: string): string {
  return `relais-${prefixOf(roomFolder)}-${machine}`;
}

/**
 * What the engine takes for folders of the system, such as /var/lib/lxc. Its name is in the mount
 * table of every process that lives among them: that is how they are found.
 */
export function engineFolder(roomFolder: string): string {
  return path.join(vagrantFolder(roomFolder), `relais-${prefixOf(roomFolder)}`);
}

/** Vagrant's own folder, of this room alone but for the boxes. */
export function roomVagrantHome(roomFolder: string): string {
  return path.join(vagrantFolder(roomFolder), 'home');
}

/** What is known of the app of a machine, written by its watch. */
export function watchFile(roomFolder: string, machine: string): string {
  return path.join(vagrantFolder(roomFolder), 'watch', `${machine}.json`);
}
