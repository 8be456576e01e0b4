/**
 * Vagrant with VirtualBox. Its networks belong to this computer, so the hub is the computer itself,
 * and Vagrant forwards the ports.
 */
import { mustRun } from '../programs/command.ts';
import type { Marks } from '../programs/marked-processes.ts';
import { environment } from './command-line.ts';
import type { Engine, MachinePlace } from './engine.ts';
import { MachineSsh } from './machine-ssh.ts';
import { fullName, roomVagrantHome, vagrantFolder } from './room-paths.ts';
import { pullPlug, virtualMachines } from './virtualbox.ts';

/** Asking VirtualBox takes a tenth of a second; screens ask for each machine several times in one. */
const KNOWN_FOR_MS = 1_000;

const TABLE = 'relais_void';

/** On the card of the lab's network alone: ssh comes by another one, and ARP goes on. */
const SWALLOW = `set -- $(ip -o -4 addr show to "$1")
command -v nft >/dev/null || { echo "this box has no nft: install the package nftables" >&2; exit 1; }
nft -f - <<RULES
table inet ${TABLE} {
  chain in { type filter hook input priority -300; iifname "$2" drop; }
  chain out { type filter hook output priority -300; oifname "$2" drop; }
}
RULES`;
const UNSWALLOW = `nft delete table inet ${TABLE} 2>/dev/null || true`;

export class VirtualBoxEngine implements Engine {
  readonly name = 'virtualbox';
  readonly forwardsPorts = true;
  readonly listOptions: Engine['listOptions'] = {};
  readonly hubAddress: string;
  readonly #folder: string;
  readonly #marks: Marks;
  readonly #ssh: MachineSsh;
  #running: { readonly names: Promise<ReadonlySet<string>>; readonly at: number } | undefined;

  constructor(roomFolder: string, subnet: string, marks: Marks) {
    this.#folder = roomFolder;
    this.#marks = marks;
    this.#ssh = new MachineSsh(roomFolder);
    this.hubAddress = `${subnet}.1`;
  }

  async isOn(machine: string): Promise<boolean> {
    const now = performance.now();
    if (this.#running === undefined || now - this.#running.at > KNOWN_FOR_MS) {
      const names = virtualMachines('runningvms', { env: this.#marks }).then(
        vms => new Set(vms.map(({ name }) => name)),
      );
      this.#running = { names, at: now };
    }
    return (await this.#running.names).has(fullName(this.#folder, machine));
  }

  async afterUp(machines: readonly MachinePlace[]): Promise<void> {
    this.#running = undefined;
    const folder = vagrantFolder(this.#folder);
    const home = roomVagrantHome(this.#folder);
    const env = environment({ folder, engine: this.name, home, env: this.#marks });
    const argv = ['vagrant', 'ssh-config', ...machines.map(({ name }) => name)];
    this.#ssh.remember(await mustRun(argv, { env }));
  }

  async cutPower({ name }: MachinePlace): Promise<void> {
    await pullPlug(fullName(this.#folder, name), { env: this.#marks });
    this.#running = undefined;
  }

  async swallow({ name, ip }: MachinePlace): Promise<void> {
    await this.unswallow({ name, ip });
    const argv = ['sh', '-ec', SWALLOW, 'relais-swallow', ip];
    await mustRun(this.onMachine(name, argv), { env: this.#marks });
  }

  async unswallow({ name }: MachinePlace): Promise<void> {
    await mustRun(this.onMachine(name, ['sh', '-c', UNSWALLOW]), { env: this.#marks });
  }

  onMachine(machine: string, argv: readonly string[]): readonly string[] {
    return this.#ssh.argv(machine, argv);
  }

  watchFrom(machine: string, argv: readonly string[]): readonly string[] {
    return this.#ssh.argv(machine, argv, true);
  }

  atEngine(argv: readonly string[]): readonly string[] {
    return argv;
  }

  onHub(argv: readonly string[]): readonly string[] {
    return argv;
  }
}
