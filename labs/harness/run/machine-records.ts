/** Writes down what machines are like; every change of a machine is followed by such records. */
import type { MachineStatus } from '../../../vms/machine.ts';
import type { Fidelity, Room } from '../../../vms/provider.ts';
import type { HistoryEntry, Recorder } from './recorder.ts';

/**
 * Also that a machine is gone that was there. `imitated` names the machine that just failed in an
 * imitated way.
 */
export async function recordMachines(
  room: Room,
  recorder: Recorder,
  failed?: { readonly machine: string; readonly fidelity: Fidelity },
): Promise<void> {
  const statuses = await room.status();
  for (const status of statuses) {
    const imitated =
      failed?.machine === status.name && failed.fidelity.kind === 'imitated'
        ? { imitated: failed.fidelity.how }
        : {};
    recorder.append({ ...machineEntry(status), ...imitated });
  }
  for (const name of goneMachines(statuses, recorder)) recorder.append(goneEntry(name, recorder));
}

function goneMachines(
  statuses: readonly MachineStatus[],
  { records }: Recorder,
): readonly string[] {
  const states = new Map(
    records.flatMap(one => (one.kind === 'machine' ? [[one.machine, one.state]] : [])),
  );
  for (const { name } of statuses) states.delete(name);
  return [...states].filter(([, state]) => state !== 'not-created').map(([name]) => name);
}

export function goneEntry(name: string, { records }: Recorder): MachineEntry {
  const last = records.findLast(one => one.kind === 'machine' && one.machine === name);
  const known = last?.kind === 'machine' ? last : { address: '', version: '' };
  const { address, version } = known;
  return { kind: 'machine', machine: name, state: 'not-created', failures: [], address, version };
}

type MachineEntry = Extract<HistoryEntry, { kind: 'machine' }>;

export function machineEntry(status: MachineStatus): MachineEntry {
  const { name, state, failures, address, version, knobs } = status;
  const told = knobs === undefined ? {} : { knobs };
  return { kind: 'machine', machine: name, state, failures, address, version, ...told };
}
