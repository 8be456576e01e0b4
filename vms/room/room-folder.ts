/** Opens a room's folder: finds what is in it, and ends it when it is only remains. */
import { MachineError } from '../errors.ts';
import type { Lease, LeaseFolder } from '../lease.ts';
import { findMarked, killAll, MARK, type Marks } from '../programs/marked-processes.ts';
import { isAlive, type ProcessIdentity } from '../programs/process-identity.ts';
import type { ProviderName, RoomOptions } from '../provider.ts';
import { enginePartsOf } from './engine-parts.ts';

/** The lease to go on with; undefined when the room has to be made. */
export async function prepareFolder(
  lease: LeaseFolder,
  provider: ProviderName,
  { subnet }: RoomOptions,
  isWhole: (found: Lease) => boolean,
): Promise<Lease | undefined> {
  const found = lease.read();
  if (found !== undefined && isWhole(found)) {
    if (found.provider === provider && found.subnet === subnet) return found;
    throw new MachineError(
      'VM_LEASE_HELD',
      `The lab in ${lease.folder} runs on ${found.provider} machines in ${found.subnet}.0/24, not ` +
        `on ${provider} machines in ${subnet}.0/24. Take it down first: lab down.`,
    );
  }
  await endRemains(lease);
  lease.removeLogs();
  return undefined;
}

/** What every process of the room carries in its environment. */
export function roomMarks(lease: LeaseFolder, options: RoomOptions): Marks {
  return { [MARK.room]: lease.folder, [MARK.label]: options.label };
}

/** Ends and forgets everything of a room but its logs. An engine is needed to remove its parts: first. */
export async function endRemains(lease: LeaseFolder): Promise<void> {
  await enginePartsOf(lease.read()?.provider).remove(lease.folder);
  let found = [...leasedProcesses(lease), ...findMarked(lease.folder)];
  while (found.length > 0) {
    await killAll(found);
    // A program that was just being started carries its mark only now.
    found = [...findMarked(lease.folder)];
  }
  lease.remove();
}

/** Everything that the lease names and that still lives. */
export function leasedProcesses(lease: LeaseFolder): readonly ProcessIdentity[] {
  const machines = lease.machines().flatMap(record => [record.app, record.holder]);
  const programs = lease.programNames().map(name => lease.program(name)?.process);
  return [...machines, ...programs, lease.read()?.hub].filter(isAlive);
}
