/** What is asked of VirtualBox itself, by the names of its machines. */
import { type CommandOptions, mustRun, runCommand } from '../programs/command.ts';

export interface NamedVm {
  readonly name: string;
  readonly uuid: string;
}

/** Of lines such as `"relais-1a2b3c4d-webapp1" {1f0c…}`. */
export function parseVms(printed: string): readonly NamedVm[] {
  return [...printed.matchAll(/^"(.*)" \{([0-9a-f-]+)\}$/gm)].map(([, name = '', uuid = '']) => ({
    name,
    uuid,
  }));
}

export async function virtualMachines(
  which: 'vms' | 'runningvms',
  options?: CommandOptions,
): Promise<readonly NamedVm[]> {
  return parseVms(await mustRun(['VBoxManage', 'list', which], options));
}

/** As if its plug were pulled; nothing when it does not run. */
export async function pullPlug(name: string, options?: CommandOptions): Promise<void> {
  const { exitCode } = await runCommand(['VBoxManage', 'controlvm', name, 'poweroff'], options);
  if (exitCode === 0) return;
  const running = await virtualMachines('runningvms', options);
  if (!running.some(vm => vm.name === name)) return;
  await mustRun(['VBoxManage', 'controlvm', name, 'poweroff'], options);
}

/** With its disks. */
export async function deleteVm(name: string, options?: CommandOptions): Promise<void> {
  await pullPlug(name, options);
  await mustRun(['VBoxManage', 'unregistervm', name, '--delete'], options);
}
