/** Lists and removes what a run has left behind: only what is the kit's own. */
import { MachineError } from './errors.ts';
import { LeaseFolder, ownerOf } from './lease.ts';
import { findMarked } from './programs/marked-processes.ts';
import { isAlive } from './programs/process-identity.ts';
import { enginePartsOf } from './room/engine-parts.ts';
import { endRemains, leasedProcesses } from './room/room-folder.ts';

/** One line for each thing of the room, with the processes of it that still live. */
export async function describeLease(folder: string): Promise<readonly string[]> {
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
  const parts = await enginePartsOf(found?.provider).describe(lease.folder);
  return [...machines, ...programs, ...network, ...parts, ...unlisted];
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
  const removed = await describeLease(lease.folder);
  await endRemains(lease);
  return removed;
}

function pidList(pids: readonly number[]): string {
  return pids.length === 0 ? 'not running' : `pid ${pids.join(', ')}`;
}
