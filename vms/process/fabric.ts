/** Machines as plain processes on loopback addresses: nothing to install, no rights needed. */
import net from 'node:net';
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type { MachineSpec } from '../machine.ts';
import type { Endpoint } from '../programs/detached-program.ts';
import { groupOf, killAll, type Marks, partMarks } from '../programs/marked-processes.ts';
import { isAlive, type ProcessIdentity, signalProcess } from '../programs/process-identity.ts';
import type { Capabilities, Fidelity } from '../provider.ts';
import type { Fabric } from '../room/fabric.ts';
import type { Addresses } from './addresses.ts';
import { fillQueue, occupySilently } from './silent-address.ts';

const REAL: Fidelity = { kind: 'real' };

export function capabilitiesWith({ powerOff, blackhole }: Addresses): Capabilities {
  return {
    realAddresses: false,
    failures: {
      crash: REAL,
      'power-off': powerOff,
      blackhole,
      freeze: REAL,
      slow: REAL,
      error: REAL,
    },
  };
}

export class ProcessFabric implements Fabric {
  readonly provider = 'process';
  readonly capabilities: Capabilities;
  readonly hubAddress = '127.0.0.1';
  readonly blackholeOutlivesApp = false;
  readonly forwardsPort: boolean;
  readonly #addresses: Addresses;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;

  constructor(addresses: Addresses, lease: LeaseFolder, marks: Marks) {
    this.#addresses = addresses;
    this.#lease = lease;
    this.#marks = marks;
    this.capabilities = capabilitiesWith(addresses);
    this.forwardsPort = addresses.forwardsPort;
  }

  async powerOn(_spec: MachineSpec, previous: MachineRecord | undefined): Promise<undefined> {
    if (previous !== undefined) await this.forget(previous);
  }

  async powerOff(record: MachineRecord): Promise<ProcessIdentity | undefined> {
    await this.forget(record);
    if (!this.#addresses.canSwallow) return undefined;
    return occupySilently(
      this.address(record.spec, record.forwardedPort),
      `the address of ${record.spec.name}`,
      partMarks(this.#marks, record.spec.name, 'holder'),
      this.#lease.logFile(record.spec.name),
    );
  }

  isOn(record: MachineRecord): boolean {
    return record.power === 'on';
  }

  async forget({ app, holder }: MachineRecord): Promise<void> {
    const processes = [...(app ? groupOf(app) : []), ...(holder ? [holder] : [])];
    await killAll(processes);
  }

  async swallow(record: MachineRecord): Promise<void> {
    if (!isAlive(record.app)) {
      const { name } = record.spec;
      throw new MachineError(
        'VM_NOT_RUNNING',
        `The app of ${name} is not running; heal ${name} first.`,
      );
    }
    for (const member of groupOf(record.app)) signalProcess(member, 'SIGSTOP');
    if (this.#addresses.canSwallow)
      await fillQueue(this.address(record.spec, record.forwardedPort));
  }

  async unswallow({ app }: MachineRecord): Promise<void> {
    if (!isAlive(app)) return;
    for (const member of groupOf(app)) signalProcess(member, 'SIGCONT');
  }

  address(spec: MachineSpec, forwardedPort: number): Endpoint {
    return this.#addresses.of(spec, forwardedPort);
  }

  isListening(record: MachineRecord): Promise<boolean> {
    return new Promise(resolve => {
      const socket = net.connect(this.address(record.spec, record.forwardedPort));
      const settle = (listens: boolean) => {
        socket.destroy();
        resolve(listens);
      };
      socket.on('connect', () => settle(true));
      socket.on('error', () => settle(false));
      socket.setTimeout(1_000, () => settle(false));
    });
  }

  onMachine(_record: MachineRecord, argv: readonly string[]): readonly string[] {
    return argv;
  }

  onHub(argv: readonly string[]): readonly string[] {
    return argv;
  }
}
