/** Does what an action says, to machines or proxy, and records what came of it. */
import type { MachineSpec } from '../../../vms/machine.ts';
import type { Action, AddressBook } from '../actions.ts';
import { commandOf } from '../commands.ts';
import { LabError } from '../errors.ts';
import { recordMachines } from './machine-records.ts';
import { measureMachines } from './measure.ts';
import type { Recorder } from './recorder.ts';
import { runLine } from './run-line.ts';
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
      await Promise.all(
        action.machines.map(async name =>
          stage.room.up(await specNow(stage, specOf(stage, name)), signal),
        ),
      );
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
    case 'machine-deploy':
      await stage.room.deploy(action.machine, { version: action.version }, signal);
      await recordMachines(stage.room, recorder);
      return {};
    case 'machine-knobs':
      await stage.room.knobs(action.machine, action.knobs);
      await recordMachines(stage.room, recorder);
      return {};
    case 'measure':
      await measureMachines(action.machines, stage.room, recorder);
      return {};
    case 'backend-add':
      return { told: await stage.proxy.addBackend(action.machine, await dialled(stage, action)) };
    case 'backend-remove':
      return { told: await stage.proxy.removeBackend(await dialled(stage, action)) };
    case 'backend-weight': {
      const address = await dialled(stage, action);
      return { told: await stage.proxy.setWeight(address, action.weight) };
    }
    case 'relais':
    case 'shell': {
      const told = await runLine(commandOf(action, await addressBook(stage)), stage.shell, signal);
      await recordMachines(stage.room, recorder);
      return { told };
    }
  }
}

/** How the proxy dials each machine, also one that was never started, and where proxies listen. */
export async function addressBook(stage: Stage): Promise<AddressBook> {
  const known = new Map((await stage.room.status()).map(one => [one.name, one]));
  return (machine, from) => {
    const [spec, status] = [stage.machines.get(machine), known.get(machine)];
    const listener = stage.listeners[machine];
    if (listener !== undefined) return listener;
    if (from === 'outside') return status?.forwarded ?? `127.0.0.1:${spec?.forwardedPort ?? 0}`;
    return status?.address ?? (spec === undefined ? machine : stage.room.addressOf(spec));
  };
}

function specOf(stage: Stage, name: string): MachineSpec {
  const spec = stage.machines.get(name);
  if (spec === undefined) throw new LabError('LAB_DEFINITION', `there is no machine "${name}"`);
  return spec;
}

/** A machine that was switched off comes back with the version that was deployed on it. */
async function specNow(stage: Stage, spec: MachineSpec): Promise<MachineSpec> {
  const before = (await stage.room.status()).find(({ name }) => name === spec.name);
  if (before === undefined) return spec;
  return { ...spec, app: { ...spec.app, version: before.version } };
}

async function dialled(stage: Stage, { machine }: { readonly machine: string }): Promise<string> {
  const status = (await stage.room.status()).find(({ name }) => name === machine);
  return status?.address ?? stage.room.addressOf(specOf(stage, machine));
}
