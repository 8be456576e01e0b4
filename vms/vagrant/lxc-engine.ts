/** Vagrant with LXC: each machine is a container with a system of its own on the hub's bridge. */
import { readFileSync } from 'node:fs';
import { hubAddress } from '../hub-network/addresses.ts';
import { mustRun, runCommand } from '../programs/command.ts';
import type { Engine, MachinePlace } from './engine.ts';
import type { HubSite } from './hub-site.ts';
import { fullName } from './room-paths.ts';
import {
  bridgeMac,
  forgetNeighbour,
  layBridge,
  swallowAtHub,
  swallowAtMachine,
  unswallowAtHub,
  unswallowAtMachine,
  type Wire,
} from './wires.ts';

const BRIDGE = 'br0';

/** Where LXC keeps its containers; in the hub it is a folder of the room. */
export const LXC_FOLDERS: Readonly<Record<string, string>> = { '/var/lib/lxc': 'lxc' };

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export async function layLxcNetwork(site: HubSite): Promise<void> {
  await site.ip(layBridge(BRIDGE, site.subnet));
}

export class LxcEngine implements Engine {
  readonly name = 'lxc';
  readonly hubAddress: string;
  readonly forwardsPorts = false;
  readonly listOptions: Engine['listOptions'] = { bridge: BRIDGE };
  readonly #site: HubSite;

  constructor(site: HubSite) {
    this.#site = site;
    this.hubAddress = hubAddress(site.subnet);
  }

  /** A running container listens for orders on a socket that is named after it. */
  async isOn(machine: string): Promise<boolean> {
    const sockets = readFileSync(`/proc/${this.#site.hub.pid}/net/unix`, 'utf8');
    return sockets.includes(` @/var/lib/lxc/${this.#full(machine)}/command`);
  }

  async afterUp(): Promise<void> {
    // The address is set before it boots.
  }

  async cutPower({ name, ip }: MachinePlace): Promise<void> {
    const argv = ['lxc-stop', '--kill', '--name', this.#full(name)];
    const stopped = await runCommand(this.atEngine(argv), { env: this.#site.marks });
    if (stopped.exitCode !== 0 && (await this.isOn(name))) {
      await mustRun(this.atEngine(argv), { env: this.#site.marks });
    }
    await this.#site.ip(forgetNeighbour({ bridge: BRIDGE, ip }));
  }

  async swallow(machine: MachinePlace): Promise<void> {
    await this.#atMachine(machine, swallowAtMachine);
    await this.#site.ip(swallowAtHub(wireOf(machine)));
  }

  async unswallow(machine: MachinePlace): Promise<void> {
    await this.#site.ip(unswallowAtHub(wireOf(machine)));
    await this.#atMachine(machine, unswallowAtMachine);
  }

  async #atMachine(machine: MachinePlace, half: typeof swallowAtMachine): Promise<void> {
    const { subnet, marks } = this.#site;
    const argv = half(wireOf(machine), this.hubAddress, bridgeMac(subnet));
    await mustRun(this.onMachine(machine.name, argv), { env: marks });
  }

  /** Through the container's own namespaces: no packet is needed. */
  onMachine(machine: string, argv: readonly string[]): readonly string[] {
    const attach = ['lxc-attach', '--clear-env', '--name', this.#full(machine), '--'];
    return this.atEngine([...attach, 'env', `PATH=${PATH}`, `MACHINE=${machine}`, ...argv]);
  }

  atEngine(argv: readonly string[], cwd?: string): readonly string[] {
    return this.#site.inside(argv, cwd);
  }

  onHub(argv: readonly string[]): readonly string[] {
    return this.#site.beside(argv);
  }

  #full(machine: string): string {
    return fullName(this.#site.lease.folder, machine);
  }
}

/** As vms/Vagrantfile names the hub's end. */
function wireOf({ ip }: MachinePlace): Wire {
  const [third, fourth] = ip.split('.').slice(2);
  return { bridge: BRIDGE, port: `rl-${third}-${fourth}`, ip };
}
