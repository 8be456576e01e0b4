/** The kinds of machines that are timed, and what is promised of each. */
import type { Provider } from '../../../vms/provider.ts';
import { providerNamed } from '../../../vms/registry.ts';

export interface MachineKind {
  readonly name: string;
  readonly provider: Provider;
  /** From nothing to the first page through the proxy, with whatever is downloaded or built once already there. */
  readonly promisedMs: number;
  readonly rounds: number;
}

export const kindsOfMachines: readonly MachineKind[] = [
  { name: 'netns', provider: providerNamed('netns'), promisedMs: 500, rounds: 5 },
  { name: 'process', provider: providerNamed('process'), promisedMs: 1_000, rounds: 5 },
  { name: 'docker', provider: providerNamed('docker'), promisedMs: 4_000, rounds: 3 },
  { name: 'vagrant+lxc', provider: onVagrant('lxc'), promisedMs: 20_000, rounds: 3 },
  { name: 'vagrant+libvirt', provider: onVagrant('libvirt'), promisedMs: 100_000, rounds: 1 },
];

function onVagrant(engine: string): Provider {
  return providerNamed('vagrant', { engine });
}
