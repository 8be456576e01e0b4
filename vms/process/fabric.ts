/** Machines as plain processes on loopback addresses: nothing to install, no rights needed. */
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type { MachineSpec } from '../machine.ts';
import type { Platform } from '../platform.ts';
import { answersAt } from '../programs/answers-at.ts';
import type { Endpoint } from '../programs/detached-program.ts';
import { groupOf, killAll, type Marks, partMarks } from '../programs/marked-processes.ts';
import { isAlive } from '../programs/process-identity.ts';
import type { Capabilities } from '../provider.ts';
import type { AppHost } from '../room/app-host.ts';
import type { Fabric, Place } from '../room/fabric.ts';
import { LocalApps } from '../room/local-apps.ts';
import { REAL_FAILURES } from '../room/real-failures.ts';
import type { Addresses } from './addresses.ts';
import { fillQueue, occupySilently } from './silent-address.ts';
import { WindowsApps } from './windows-apps.ts';

export function capabilitiesWith({ powerOff, blackhole, canSwallow }: Addresses): Capabilities {
  return {
    realAddresses: false,
    silentConnects: canSwallow,
    failures: { ...REAL_FAILURES, 'power-off': powerOff, blackhole },
  };
}

export class ProcessFabric implements Fabric {
  readonly provider = 'process';
  readonly platform: Platform;
  readonly capabilities: Capabilities;
  readonly hubAddress = '127.0.0.1';
  readonly blackholeOutlivesApp = false;
  readonly forwardedPortIs: Fabric['forwardedPortIs'];
  readonly apps: AppHost;
  readonly #addresses: Addresses;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;

  constructor(addresses: Addresses, lease: LeaseFolder, marks: Marks, platform: Platform) {
    this.platform = platform;
    this.#addresses = addresses;
    this.#lease = lease;
    this.#marks = marks;
    this.capabilities = capabilitiesWith(addresses);
    this.forwardedPortIs = addresses.forwardsPort ? 'held-by-app' : 'address';
    const Apps = platform === 'win32' ? WindowsApps : LocalApps;
    this.apps = new Apps(this, lease, marks, platform);
  }

  async powerOn(_spec: MachineSpec, previous: MachineRecord | undefined): Promise<Place> {
    if (previous !== undefined) await this.forget(previous);
    return {};
  }

  async powerOff(record: MachineRecord): Promise<Place> {
    await this.forget(record);
    if (!this.#addresses.canSwallow) return {};
    const holder = await occupySilently(
      this.address(record.spec, record.forwardedPort),
      `the address of ${record.spec.name}`,
      partMarks(this.#marks, record.spec.name, 'holder'),
      this.#lease.logFile(record.spec.name),
    );
    return { holder };
  }

  async isOn(record: MachineRecord): Promise<boolean> {
    return record.power === 'on';
  }

  async forget({ app, holder }: MachineRecord): Promise<void> {
    const processes = [...(app ? groupOf(app, this.platform) : []), ...(holder ? [holder] : [])];
    await killAll(processes, this.platform);
  }

  async swallow(record: MachineRecord): Promise<void> {
    if (!isAlive(record.app)) {
      const { name } = record.spec;
      throw new MachineError(
        'VM_NOT_RUNNING',
        `The app of ${name} is not running; heal ${name} first.`,
      );
    }
    await this.apps.freeze(record);
    if (this.#addresses.canSwallow)
      await fillQueue(this.address(record.spec, record.forwardedPort));
  }

  async unswallow(record: MachineRecord): Promise<void> {
    await this.apps.thaw(record);
  }

  address(spec: MachineSpec, forwardedPort: number): Endpoint {
    return this.#addresses.of(spec, forwardedPort);
  }

  isListening(record: MachineRecord): Promise<boolean> {
    return answersAt(this.address(record.spec, record.forwardedPort));
  }

  onMachine(_record: MachineRecord, argv: readonly string[]): readonly string[] {
    return argv;
  }

  onHub(argv: readonly string[]): readonly string[] {
    return argv;
  }
}
