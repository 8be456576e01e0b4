/** Machines as network namespaces around a hub namespace; see network.ts for the picture. */
import { MachineError } from '../errors.ts';
import { forgetNeighbour, hubAddress, mustBeOnSubnet } from '../hub-network/addresses.ts';
import { ipBatch } from '../hub-network/ip-batch.ts';
import { inside, livingHub, type Rights, startHolder } from '../hub-network/namespace.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type { MachineSpec } from '../machine.ts';
import type { Endpoint } from '../programs/detached-program.ts';
import { isListeningIn } from '../programs/listening-table.ts';
import { killAll, type Marks, partMarks } from '../programs/marked-processes.ts';
import { isAlive, type ProcessIdentity } from '../programs/process-identity.ts';
import type { Capabilities } from '../provider.ts';
import type { AppHost } from '../room/app-host.ts';
import type { Fabric, Place } from '../room/fabric.ts';
import { LocalApps } from '../room/local-apps.ts';
import { REAL_FAILURES } from '../room/real-failures.ts';
import { inhabitantsOf } from './inhabitants.ts';
import { unshareMachine } from './machine-namespace.ts';
import {
  configureMachine,
  plugIn,
  swallowAtHub,
  swallowAtMachine,
  unplug,
  unswallowAtHub,
  unswallowAtMachine,
} from './network.ts';

export const CAPABILITIES: Capabilities = {
  realAddresses: true,
  failures: REAL_FAILURES,
};

export class NetnsFabric implements Fabric {
  readonly provider = 'netns';
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly hubAddress: string;
  readonly blackholeOutlivesApp = true;
  readonly forwardedPortIs = 'held-by-app';
  readonly apps: AppHost;
  readonly #hub: ProcessIdentity;
  readonly #rights: Rights;
  readonly #subnet: string;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;

  constructor(
    hub: ProcessIdentity,
    rights: Rights,
    subnet: string,
    lease: LeaseFolder,
    marks: Marks,
  ) {
    this.#hub = hub;
    this.#rights = rights;
    this.#subnet = subnet;
    this.#lease = lease;
    this.#marks = marks;
    this.hubAddress = hubAddress(subnet);
    this.apps = new LocalApps(this, lease, marks);
  }

  async powerOn(spec: MachineSpec, previous: MachineRecord | undefined): Promise<Place> {
    mustBeOnSubnet(spec.name, spec.ip, this.#subnet);
    if (previous !== undefined) await this.forget(previous);
    const holder = await startHolder(
      `machine ${spec.name}`,
      unshareMachine(this.#livingHub(), this.#rights, spec.name),
      partMarks(this.#marks, spec.name, 'holder'),
      this.#lease.logFile(spec.name),
    );
    try {
      await this.#plugIn(spec.ip, holder);
      await this.#ip(holder, configureMachine(spec.ip));
    } catch (error) {
      await killAll([holder]);
      throw error;
    }
    return { holder };
  }

  /** A wire that a killed run left behind is removed first. */
  async #plugIn(ip: string, holder: ProcessIdentity): Promise<void> {
    const hub = this.#livingHub();
    try {
      await this.#ip(hub, plugIn(ip, holder.pid));
    } catch {
      await this.#unplug(ip);
      await this.#ip(hub, plugIn(ip, holder.pid));
    }
  }

  async #unplug(ip: string): Promise<void> {
    try {
      await this.#ip(this.#livingHub(), unplug(ip));
    } catch (error) {
      if (!/Cannot find device/.test(String(error))) throw error; // it is unplugged already
    }
  }

  async powerOff(record: MachineRecord): Promise<Place> {
    const { ip } = record.spec;
    await this.#unplug(ip);
    await killAll(inhabitantsOf(record.holder));
    await this.#ip(this.#livingHub(), forgetNeighbour(ip, 'br0'));
    return {};
  }

  async isOn(record: MachineRecord): Promise<boolean> {
    return isAlive(record.holder);
  }

  async forget(record: MachineRecord): Promise<void> {
    if (isAlive(record.holder)) await this.powerOff(record);
  }

  async swallow(record: MachineRecord): Promise<void> {
    await this.#ip(this.#holderOf(record), swallowAtMachine(this.hubAddress));
    await this.#ip(this.#livingHub(), swallowAtHub(record.spec.ip));
  }

  async unswallow(record: MachineRecord): Promise<void> {
    await this.#ip(this.#livingHub(), unswallowAtHub(record.spec.ip));
    await this.#ip(this.#holderOf(record), unswallowAtMachine(this.hubAddress));
  }

  address(spec: MachineSpec): Endpoint {
    return { host: spec.ip, port: spec.port };
  }

  async isListening(record: MachineRecord): Promise<boolean> {
    const { ip, port } = record.spec;
    return isListeningIn(this.#holderOf(record).pid, ip, port);
  }

  onMachine(record: MachineRecord, argv: readonly string[]): readonly string[] {
    return inside(this.#holderOf(record), this.#rights, argv);
  }

  onHub(argv: readonly string[]): readonly string[] {
    return inside(this.#livingHub(), this.#rights, argv);
  }

  #holderOf(record: MachineRecord): ProcessIdentity {
    if (isAlive(record.holder)) return record.holder;
    throw new MachineError('VM_NOT_RUNNING', `${record.spec.name} is not running.`);
  }

  #livingHub(): ProcessIdentity {
    return livingHub(this.#hub, this.#lease.folder);
  }

  async #ip(holder: ProcessIdentity, lines: readonly string[]): Promise<void> {
    await ipBatch(holder, this.#rights, lines, this.#marks);
  }
}
