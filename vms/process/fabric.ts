/** Machines as plain processes on loopback addresses: nothing to install, no rights needed. */
import net from 'node:net';
import type { Endpoint } from '../detached-program.ts';
import type { Fabric } from '../fabric.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type { MachineSpec } from '../machine.ts';
import { groupOf, killAll } from '../marked-processes.ts';
import { isAlive, type ProcessIdentity, signalProcess } from '../process-identity.ts';
import type { Capabilities, Fidelity } from '../provider.ts';
import { hasLoopbackNetwork, machineAddress } from './address-map.ts';
import { fillQueue, occupySilently } from './silent-address.ts';

const REAL: Fidelity = { kind: 'real' };

const ON_LOOPBACK_NETWORK: Readonly<Record<'power-off' | 'blackhole', Fidelity>> = {
  'power-off': {
    kind: 'imitated',
    how:
      'the app is killed and its address swallows connects: new clients wait until their own ' +
      'timeout instead of hearing "unreachable" after 3 s, open connections end at once',
  },
  blackhole: {
    kind: 'imitated',
    how:
      'the app is stopped and its accept queue filled: new connects stay unanswered as on a real ' +
      'network, but data sent on open connections is acknowledged and the forwarded port is silent too',
  },
};

const ON_ONE_ADDRESS: Readonly<Record<'power-off' | 'blackhole', Fidelity>> = {
  'power-off': { kind: 'imitated', how: 'the app is killed: clients are refused, not unreachable' },
  blackhole: { kind: 'imitated', how: 'the app is stopped: clients connect, then hear nothing' },
};

export const CAPABILITIES: Capabilities = {
  realAddresses: false,
  failures: {
    crash: REAL,
    freeze: REAL,
    slow: REAL,
    error: REAL,
    ...(hasLoopbackNetwork() ? ON_LOOPBACK_NETWORK : ON_ONE_ADDRESS),
  },
};

export class ProcessFabric implements Fabric {
  readonly provider = 'process';
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly hubAddress = '127.0.0.1';
  readonly #lease: LeaseFolder;
  readonly #marks: Readonly<Record<string, string>>;

  constructor(lease: LeaseFolder, marks: Readonly<Record<string, string>>) {
    this.#lease = lease;
    this.#marks = marks;
  }

  async powerOn(_spec: MachineSpec, previous: MachineRecord | undefined): Promise<undefined> {
    if (previous !== undefined) await this.forget(previous);
  }

  async powerOff(record: MachineRecord): Promise<ProcessIdentity | undefined> {
    await this.forget(record);
    if (!hasLoopbackNetwork()) return undefined;
    return occupySilently(
      this.address(record.spec, record.forwardedPort),
      `the address of ${record.spec.name}`,
      { ...this.#marks, MACHINE: record.spec.name },
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
    if (!isAlive(record.app)) return;
    for (const member of groupOf(record.app)) signalProcess(member, 'SIGSTOP');
    if (hasLoopbackNetwork()) await fillQueue(this.address(record.spec, record.forwardedPort));
  }

  async unswallow({ app }: MachineRecord): Promise<void> {
    if (!isAlive(app)) return;
    for (const member of groupOf(app)) signalProcess(member, 'SIGCONT');
  }

  address(spec: MachineSpec, forwardedPort: number): Endpoint {
    return machineAddress(spec, forwardedPort);
  }

  /** Where the machine is its forwarded port, the app opens that itself. */
  forwardedSockets(forwardedPort: number): readonly Endpoint[] {
    return hasLoopbackNetwork() ? [{ host: '127.0.0.1', port: forwardedPort }] : [];
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
