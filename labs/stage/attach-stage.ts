/** Finds the lab that runs on an instance, from whatever terminal, without owning it. */
import { addressPlan } from '../../vms/address-plan.ts';
import type { MachineSpec } from '../../vms/machine.ts';
import type { Room } from '../../vms/provider.ts';
import { providerNamed } from '../../vms/registry.ts';
import { describeLease } from '../../vms/sweep.ts';
import { catalogue } from '../catalogue/catalogue.ts';
import { allMachines } from '../catalogue/machines.ts';
import { PROXY } from '../harness/actions.ts';
import { LabError } from '../harness/errors.ts';
import { instanceFolder } from '../harness/run/run-folder.ts';
import { listenersOf } from './listeners.ts';
import { machineSpecs } from './machine-specs.ts';
import { readStageNote, type StageNote } from './stage-file.ts';

export interface Attached {
  readonly room: Room;
  readonly note: StageNote;
  /** Every machine that could be there; those of the lab as the lab has them. */
  readonly specs: ReadonlyMap<string, MachineSpec>;
}

export async function attachStage(home: string, instance: number): Promise<Attached | undefined> {
  const folder = instanceFolder(home, instance);
  const note = await readStageNote(folder);
  if (note === undefined || (await describeLease(folder)).length === 0) return undefined;
  const { provider, subnet, label, seed } = note;
  const room = await providerNamed(provider).open({ folder, subnet, label });
  const own = catalogue.find(({ id }) => id === note.lab);
  const plan = addressPlan(instance);
  const proxyAddress = own && listenersOf(own, plan, room.hubAddress)[PROXY];
  const specs = machineSpecs({ ...allMachines, ...own?.machines }, plan, seed, proxyAddress);
  return { room, note, specs };
}

/** Throws what to do when nothing runs there. */
export async function requireStage(home: string, instance: number): Promise<Attached> {
  const attached = await attachStage(home, instance);
  if (attached !== undefined) return attached;
  const beside = instance === 0 ? '' : ` --instance ${instance}`;
  throw new LabError(
    'LAB_ENVIRONMENT',
    `No lab runs on instance ${instance}. Start one first: lab up${beside}`,
  );
}
