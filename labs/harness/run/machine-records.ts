/** Writes down what machines are like; every change of a machine is followed by such records. */
import type { Fidelity, Room } from '../../../vms/provider.ts';
import type { Recorder } from './recorder.ts';

/** `imitated` names the machine that just failed in an imitated way. */
export async function recordMachines(
  room: Room,
  recorder: Recorder,
  failed?: { readonly machine: string; readonly fidelity: Fidelity },
): Promise<void> {
  for (const status of await room.status()) {
    const imitated =
      failed?.machine === status.name && failed.fidelity.kind === 'imitated'
        ? { imitated: failed.fidelity.how }
        : {};
    recorder.append({
      kind: 'machine',
      machine: status.name,
      state: status.state,
      failures: status.failures,
      address: status.address,
      version: status.version,
      ...imitated,
    });
  }
}
