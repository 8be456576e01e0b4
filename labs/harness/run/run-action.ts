/** Does what an action says, to machines or proxy, and records what came of it. */
import type { MachineSpec } from '../../../vms/machine.ts';
import type { Action } from '../actions.ts';
import { LabError } from '../errors.ts';
import { recordMachines } from './machine-records.ts';
import { measureMachines } from './measure.ts';
import type { Recorder } from './recorder.ts';
import type { Stage } from './stage.ts';

export interface ActionOutcome {
  /** How a failure was imitated, when it was not done truly. */
  readonly imitated?: string;
  /** What the proxy answered. */
  readonly told?: string;
}

export async function runAction(
  action: Action,
  stage: Stage,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  switch (action.kind) {
    case 'machine-up':
      await Promise.all(action.machines.map(name => stage.room.up(specOf(stage, name), signal)));
      await recordMachines(stage.room, recorder);
      return {};
    case 'machine-down': {
      const fidelity = await stage.room.fail(action.machine, action.how);
      await recordMachines(stage.room, recorder, { machine: action.machine, fidelity });
      return fidelity.kind === 'imitated' ? { imitated: fidelity.how } : {};
    }
    case 'machine-heal':
      await stage.room.heal(action.machine, signal);
      await recordMachines(stage.room, recorder);
      return {};
    case 'measure':
      await measureMachines(action.machines, stage.room, recorder);
      return {};
    case 'backend-add':
      return { told: await stage.proxy.addBackend(action.machine, await dialled(stage, action)) };
    case 'backend-remove':
      return {
        told: await stage.proxy.removeBackend(action.machine, await dialled(stage, action)),
      };
  }
}

function specOf(stage: Stage, name: string): MachineSpec {
  const spec = stage.machines.get(name);
  if (spec === undefined) throw new LabError('LAB_DEFINITION', `there is no machine "${name}"`);
  return spec;
}

async function dialled(stage: Stage, { machine }: { readonly machine: string }): Promise<string> {
  const status = (await stage.room.status()).find(({ name }) => name === machine);
  if (status !== undefined) return status.address;
  const spec = specOf(stage, machine);
  return `${spec.ip}:${spec.port}`;
}
