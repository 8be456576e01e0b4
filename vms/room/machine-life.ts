/** How a machine is booted, taken off, and forgotten, from any state a killed run may have left. */
import path from 'node:path';
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type { FailureVerb, MachineSpec } from '../machine.ts';
import { portError } from '../port-holder.ts';
import { runCommand } from '../programs/command.ts';
import { openListeningSocket } from '../programs/inherited-socket.ts';
import { endGroup, findPartsOf, killAll, type Marks } from '../programs/marked-processes.ts';
import { isAlive } from '../programs/process-identity.ts';
import { awaitListening, launchApp } from './app-launch.ts';
import type { Fabric } from './fabric.ts';

const APP_GRACE_MS = 5_000;

export class MachineLife {
  readonly #fabric: Fabric;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;

  constructor(fabric: Fabric, lease: LeaseFolder, marks: Marks) {
    this.#fabric = fabric;
    this.#lease = lease;
    this.#marks = marks;
  }

  isOn(record: MachineRecord): boolean {
    return record.power === 'on' && this.#fabric.isOn(record);
  }

  /** Boots what is off, starts the app that is not running, leaves alone what runs. */
  async bringUp(spec: MachineSpec, signal: AbortSignal): Promise<MachineRecord> {
    let record = this.#lease.machine(spec.name);
    if (record !== undefined && this.isOn(record) && isAlive(record.app)) {
      if (record.failures.length === 0) {
        await awaitListening(this.#fabric, this.#lease, record, signal);
      }
      return record;
    }
    const port = record?.forwardedPort ?? spec.forwardedPort;
    this.#checkAddress(spec);
    await this.#endStrays(spec.name, record);
    const free = await freePort(`the forwarded port of ${spec.name}`, '127.0.0.1', port);
    if (record === undefined || !this.isOn(record)) record = await this.#powerOn(spec, record);
    const forwardedPort = this.#fabric.forwardsPort ? port : free;
    await this.#checkAddressIsFree(spec, forwardedPort);
    record = this.#lease.writeMachine(
      await launchApp(this.#fabric, this.#lease, { ...record, forwardedPort }, this.#marks),
    );
    await awaitListening(this.#fabric, this.#lease, record, signal);
    return record;
  }

  /** Orderly: the app is asked to end, then the machine leaves the network. */
  async halt(record: MachineRecord): Promise<void> {
    if (!this.isOn(record)) return;
    if (isAlive(record.app)) await endGroup(record.app, APP_GRACE_MS);
    await this.powerOff(record, []);
  }

  /** Written before and after: whoever is killed in between leaves a machine that is off. */
  async powerOff(record: MachineRecord, failures: readonly FailureVerb[]): Promise<void> {
    this.#lease.writeMachine({ ...record, power: 'off', failures });
    const holder = await this.#fabric.powerOff(record);
    const { spec, forwardedPort } = record;
    this.#lease.writeMachine({
      spec,
      power: 'off',
      ...(holder && { holder }),
      forwardedPort,
      failures,
    });
  }

  async destroy(record: MachineRecord): Promise<void> {
    if (isAlive(record.app)) await endGroup(record.app, APP_GRACE_MS);
    await this.#fabric.forget(record);
    this.#lease.removeMachine(record.spec.name);
  }

  async awaitAnswer(record: MachineRecord, signal: AbortSignal): Promise<void> {
    const { host, port } = this.#fabric.address(record.spec, record.forwardedPort);
    const probe = path.join(import.meta.dirname, 'answer-probe.js');
    const argv = [process.execPath, probe, host, String(port), '15000'];
    const { exitCode } = await runCommand(this.#fabric.onHub(argv), { env: this.#marks, signal });
    if (exitCode === 0) return;
    throw new MachineError(
      'VM_APP_FAILED',
      `${record.spec.name} was healed, but its app does not answer on ${host}:${port} within 15 s.`,
    );
  }

  async #powerOn(spec: MachineSpec, before: MachineRecord | undefined): Promise<MachineRecord> {
    const holder = await this.#fabric.powerOn(spec, before);
    return this.#lease.writeMachine({
      spec,
      power: 'on',
      ...(holder && { holder }),
      forwardedPort: before?.forwardedPort ?? spec.forwardedPort,
      failures: [],
    });
  }

  #checkAddress({ name, ip }: MachineSpec): void {
    const other = this.#lease.machines().find(({ spec }) => spec.ip === ip && spec.name !== name);
    if (other === undefined && ip !== this.#fabric.hubAddress) return;
    const holder = other?.spec.name ?? 'the proxy';
    throw new MachineError(
      'VM_COMMAND_FAILED',
      `${name} cannot have ${ip}: that is the address of ${holder}. Give it another one.`,
    );
  }

  /** An address that is not the machine's own may be another program's: that one would answer. */
  async #checkAddressIsFree(spec: MachineSpec, forwardedPort: number): Promise<void> {
    if (this.#fabric.capabilities.realAddresses) return;
    const { host, port } = this.#fabric.address(spec, forwardedPort);
    await freePort(spec.name, host, port);
  }

  /** A killed run may have started parts of the machine without writing them down. */
  async #endStrays(name: string, record: MachineRecord | undefined): Promise<void> {
    const parts = findPartsOf(name, this.#lease.folder);
    await killAll(parts.filter(({ pid }) => pid !== record?.holder?.pid));
  }
}

/** Says that a port is taken before anything is made for nothing; 0 becomes a free one. */
async function freePort(use: string, host: string, port: number): Promise<number> {
  try {
    const socket = openListeningSocket(host, port);
    socket.close();
    return socket.port;
  } catch (error) {
    throw await portError(use, host, port, error);
  }
}
