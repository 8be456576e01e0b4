/** Vagrant with libvirt: each machine is a virtual machine with a kernel of its own. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import { hubAddress } from '../hub-network/addresses.ts';
import { mustRun, runCommand } from '../programs/command.ts';
import { environment } from './command-line.ts';
import type { Engine, MachinePlace } from './engine.ts';
import { bridgeWith, type Link, portOf } from './hub-links.ts';
import type { HubSite } from './hub-site.ts';
import { MachineSsh } from './machine-ssh.ts';
import { engineFolder, fullName, roomVagrantHome, vagrantFolder } from './room-paths.ts';
import {
  forgetNeighbour,
  swallowAtHub,
  swallowAtMachine,
  unswallowAtHub,
  unswallowAtMachine,
  type Wire,
} from './wires.ts';

export class LibvirtEngine implements Engine {
  readonly name = 'libvirt';
  readonly hubAddress: string;
  readonly forwardsPorts = false;
  readonly listOptions: Engine['listOptions'];
  readonly #site: HubSite;
  readonly #ssh: MachineSsh;

  /** `driver`: 'qemu' emulates, where KVM does not run ordinary systems. */
  constructor(site: HubSite, driver: 'kvm' | 'qemu') {
    this.#site = site;
    this.hubAddress = hubAddress(site.subnet);
    this.#ssh = new MachineSsh(site.lease.folder);
    this.listOptions = { driver, hostIp: this.hubAddress };
  }

  /** libvirt keeps a file with the pid of QEMU, as long as that runs. */
  async isOn(machine: string): Promise<boolean> {
    const folder = path.join(engineFolder(this.#site.lease.folder), 'run', 'qemu');
    try {
      const pid = readFileSync(path.join(folder, `${this.#full(machine)}.pid`), 'utf8').trim();
      return existsSync(`/proc/${pid}`);
    } catch {
      return false;
    }
  }

  async afterUp(machines: readonly MachinePlace[]): Promise<void> {
    const { lease, marks } = this.#site;
    const folder = vagrantFolder(lease.folder);
    const home = roomVagrantHome(lease.folder);
    const env = environment({ folder, engine: this.name, home, env: marks });
    const argv = ['vagrant', 'ssh-config', ...machines.map(({ name }) => name)];
    this.#ssh.remember(await mustRun(this.atEngine(argv, folder), { env }));
  }

  async cutPower(machine: MachinePlace): Promise<void> {
    const argv = ['virsh', '--quiet', 'destroy', this.#full(machine.name)];
    const { exitCode, stderr } = await runCommand(this.atEngine(argv), { env: this.#site.marks });
    if (exitCode !== 0 && (await this.isOn(machine.name))) {
      throw new MachineError('VM_COMMAND_FAILED', `${argv.join(' ')}: ${stderr.trim()}`);
    }
    const bridge = (await this.#bridge()).ifname;
    await this.#site.ip(forgetNeighbour({ bridge, ip: machine.ip }));
  }

  async swallow(machine: MachinePlace): Promise<void> {
    const wire = await this.#wire(machine);
    await this.#atMachine(machine, wire, swallowAtMachine);
    await this.#site.ip(swallowAtHub(wire));
  }

  async unswallow(machine: MachinePlace): Promise<void> {
    const wire = await this.#wire(machine);
    await this.#site.ip(unswallowAtHub(wire));
    await this.#atMachine(machine, wire, unswallowAtMachine);
  }

  async #atMachine(
    machine: MachinePlace,
    wire: Wire & { readonly mac: string },
    half: typeof swallowAtMachine,
  ): Promise<void> {
    const argv = half(wire, this.hubAddress, wire.mac);
    await mustRun(this.onMachine(machine.name, argv), { env: this.#site.marks });
  }

  /** By libvirt's management network, on which nothing is swallowed. */
  onMachine(machine: string, argv: readonly string[]): readonly string[] {
    return this.atEngine(this.#ssh.argv(machine, argv));
  }

  watchFrom(machine: string, argv: readonly string[]): readonly string[] {
    return this.atEngine(this.#ssh.argv(machine, argv, true));
  }

  atEngine(argv: readonly string[], cwd?: string): readonly string[] {
    return this.#site.inside(argv, cwd);
  }

  onHub(argv: readonly string[]): readonly string[] {
    return this.#site.beside(argv);
  }

  async #wire({ name, ip }: MachinePlace): Promise<Wire & { readonly mac: string }> {
    const bridge = await this.#bridge();
    const port = portOf(await this.#links(), ip);
    if (port !== undefined) {
      return { bridge: bridge.ifname, port: port.ifname, ip, mac: bridge.address ?? '' };
    }
    throw new MachineError('VM_NOT_RUNNING', `${name} has no wire to the hub; heal ${name} first.`);
  }

  async #bridge(): Promise<Link> {
    const found = bridgeWith(await this.#links(), this.hubAddress);
    if (found !== undefined) return found;
    throw new MachineError(
      'VM_NOT_RUNNING',
      `Nothing in the hub has the address ${this.hubAddress}.`,
    );
  }

  async #links(): Promise<readonly Link[]> {
    const { marks } = this.#site;
    return JSON.parse(await mustRun(this.atEngine(['ip', '-json', 'addr']), { env: marks }));
  }

  #full(machine: string): string {
    return fullName(this.#site.lease.folder, machine);
  }
}
