/** Machines as network namespaces around a hub namespace; see network.ts for the picture. */
import { readFileSync } from 'node:fs';
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type { MachineSpec } from '../machine.ts';
import { mustRun } from '../programs/command.ts';
import type { Endpoint } from '../programs/detached-program.ts';
import { killAll, type Marks, partMarks } from '../programs/marked-processes.ts';
import { isAlive, type ProcessIdentity } from '../programs/process-identity.ts';
import type { Capabilities } from '../provider.ts';
import type { Fabric } from '../room/fabric.ts';
import { inhabitantsOf } from './inhabitants.ts';
import { listensOn } from './listening-table.ts';
import { inside, type Rights, startHolder, unshareMachine } from './namespace.ts';
import {
  configureMachine,
  forgetNeighbour,
  hubAddress,
  isOnSubnet,
  plugIn,
  swallowAtHub,
  swallowAtMachine,
  unplug,
  unswallowAtHub,
  unswallowAtMachine,
} from './network.ts';

const REAL = { kind: 'real' } as const;

export const CAPABILITIES: Capabilities = {
  realAddresses: true,
  failures: {
    crash: REAL,
    'power-off': REAL,
    blackhole: REAL,
    freeze: REAL,
    slow: REAL,
    error: REAL,
  },
};

export class NetnsFabric implements Fabric {
  readonly provider = 'netns';
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly hubAddress: string;
  readonly blackholeOutlivesApp = true;
  readonly forwardsPort = true;
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
  }

  async powerOn(
    spec: MachineSpec,
    previous: MachineRecord | undefined,
  ): Promise<ProcessIdentity | undefined> {
    if (!isOnSubnet(spec.ip, this.#subnet)) {
      throw new MachineError(
        'VM_COMMAND_FAILED',
        `${spec.name} has the address ${spec.ip}, which is not on ${this.#subnet}.0/24.`,
      );
    }
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
    return holder;
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

  async powerOff(record: MachineRecord): Promise<undefined> {
    const { ip } = record.spec;
    await this.#unplug(ip);
    await killAll(inhabitantsOf(record.holder));
    await this.#ip(this.#livingHub(), forgetNeighbour(ip));
  }

  isOn(record: MachineRecord): boolean {
    return isAlive(record.holder);
  }

  async forget(record: MachineRecord): Promise<void> {
    if (this.isOn(record)) await this.powerOff(record);
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
    const table = readFileSync(`/proc/${this.#holderOf(record).pid}/net/tcp`, 'utf8');
    return listensOn(table, record.spec.ip, record.spec.port);
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
    if (isAlive(this.#hub)) return this.#hub;
    throw new MachineError(
      'VM_NOT_RUNNING',
      `The lab's network in ${this.#lease.folder} is gone; run \`lab clean\`, then start again.`,
    );
  }

  async #ip(holder: ProcessIdentity, lines: readonly string[]): Promise<void> {
    await mustRun(inside(holder, this.#rights, ['ip', '-batch', '-']), {
      input: lines.map(line => `${line}\n`).join(''),
      env: this.#marks,
    });
  }
}
