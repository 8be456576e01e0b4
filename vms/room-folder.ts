/** Opens a room's folder: finds what is in it, and sweeps it when it is only remains. */
import { MachineError } from './errors.ts';
import { type Lease, LeaseFolder, ownerOf } from './lease.ts';
import { findMarked, killAll, MARK } from './marked-processes.ts';
import { isAlive } from './process-identity.ts';
import type { ProviderName, RoomOptions } from './provider.ts';
import { leasedProcesses } from './room.ts';

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
  return undefined;
}

/** What every process of the room carries in its environment. */
export function roomMarks(
  lease: LeaseFolder,
  options: RoomOptions,
): Readonly<Record<string, string>> {
  return { [MARK.room]: lease.folder, [MARK.label]: options.label };
}

/** One line for each thing of the room that still lives. */
export function describeLease(folder: string): readonly string[] {
  const lease = new LeaseFolder(folder);
  const found = lease.read();
  const machines = lease.machines().map(({ spec, app, holder }) => {
    const processes = [app, holder].filter(isAlive).map(({ pid }) => pid);
    return `machine ${spec.name} (${spec.ip}, ${pidList(processes)})`;
  });
  const programs = lease.programNames().map(name => {
    const leader = lease.program(name)?.process;
    return `program ${name} (${pidList(isAlive(leader) ? [leader.pid] : [])})`;
  });
  const network = isAlive(found?.hub)
    ? [`network ${found?.subnet}.0/24 (pid ${found?.hub?.pid})`]
    : [];
  const leased = new Set(leasedProcesses(lease).map(({ pid }) => pid));
  const others = findMarked(lease.folder).filter(({ pid }) => !leased.has(pid));
  const unlisted = others.map(({ pid }) => `process ${pid}`);
  return [...machines, ...programs, ...network, ...unlisted];
}

/** Ends and forgets everything of a room whose owner is gone; resolves with what that was. */
export async function sweep(folder: string): Promise<readonly string[]> {
  const lease = new LeaseFolder(folder);
  const owner = ownerOf(lease.folder);
  if (owner !== undefined && owner.pid !== process.pid) {
    throw new MachineError(
      'VM_LEASE_HELD',
      `The lab in ${lease.folder} is in use by process ${owner.pid}; stop that one first.`,
    );
  }
  const removed = describeLease(lease.folder);
  await endRemains(lease);
  return removed;
}

async function endRemains(lease: LeaseFolder): Promise<void> {
  await killAll([...leasedProcesses(lease), ...findMarked(lease.folder)]);
  lease.remove();
}

function pidList(pids: readonly number[]): string {
  return pids.length === 0 ? 'not running' : `pid ${pids.join(', ')}`;
}
