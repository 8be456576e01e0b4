/** How a machine is booted, taken off, and forgotten, from any state a killed run may have left. */
import path from 'node:path';
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type { AppSpec, FailureVerb, MachineSpec } from '../machine.ts';
import { portError } from '../port-holder.ts';
import { runCommand } from '../programs/command.ts';
import { openListeningSocket } from '../programs/inherited-socket.ts';
import { findPartsOf, killAll, type Marks } from '../programs/marked-processes.ts';
import { isAlive } from '../programs/process-identity.ts';
import { isRunning } from './app-host.ts';
import { awaitListening } from './app-launch.ts';
import type { Fabric, Place } from './fabric.ts';

const APP_GRACE_MS = 5_000;
const ANSWERS_WITHIN_MS = 15_000;

export class MachineLife {
  readonly #fabric: Fabric;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;

  constructor(fabric: Fabric, lease: LeaseFolder, marks: Marks) {
    this.#fabric = fabric;
    this.#lease = lease;
    this.#marks = marks;
  }

  async isOn(record: MachineRecord): Promise<boolean> {
    if (record.power === 'off' && this.#fabric.bootsByHand !== true) return false;
    return this.#fabric.isOn(record);
  }

  /** Boots what is off, starts the app that is not running, leaves alone what runs. */
  async bringUp(spec: MachineSpec, signal: AbortSignal): Promise<MachineRecord> {
    let record = this.#lease.machine(spec.name);
    const on = record !== undefined && (await this.isOn(record));
    const isWhole = record === undefined || (this.#fabric.isWhole?.(record) ?? true);
    const isComplete = on && isWhole;
    if (record !== undefined && isComplete && (await isRunning(this.#fabric.apps, record))) {
      if (record.failures.length === 0) await awaitListening(this.#fabric, record, signal);
      return record;
    }
    this.#checkAddress(spec);
    await this.#endStrays(spec.name, on ? record : undefined);
    const forwardedPort = await this.#forwardedPort(spec, record, on);
    if (record === undefined || !isComplete) record = await this.#powerOn(spec, record, signal);
    const placed = { ...record, forwardedPort: forwardedPort ?? record.forwardedPort };
    await this.#checkAddressIsFree(spec, placed.forwardedPort);
    return this.#startApp(placed, signal);
  }

  /** Undefined when the machine's record has it once the machine is on. */
  async #forwardedPort(
    spec: MachineSpec,
    record: MachineRecord | undefined,
    on: boolean,
  ): Promise<number | undefined> {
    const { forwardedPortIs } = this.#fabric;
    // A machine that somebody else has stopped has left its own holder there.
    const isHeld = on || isAlive(record?.holder);
    if (isHeld && forwardedPortIs === 'held-by-machine') return undefined;
    const port = record?.forwardedPort ?? spec.forwardedPort;
    const free = await freePort(`the forwarded port of ${spec.name}`, '127.0.0.1', port);
    if (forwardedPortIs === 'held-by-machine') return undefined;
    return forwardedPortIs === 'address' ? free : port;
  }

  /** The machine keeps its place while one app ends and the next one starts. */
  async deploy(record: MachineRecord, app: AppSpec, signal: AbortSignal): Promise<MachineRecord> {
    await this.#fabric.apps.end(record, APP_GRACE_MS);
    const { app: _ended, ...rest } = record;
    const emptied = this.#lease.writeMachine({ ...rest, spec: { ...record.spec, app } });
    return this.#startApp(emptied, signal);
  }

  async #startApp(stopped: MachineRecord, signal: AbortSignal): Promise<MachineRecord> {
    const record = this.#lease.writeMachine(await this.#fabric.apps.start(stopped));
    await awaitListening(this.#fabric, record, signal);
    return record;
  }

  /** Orderly: the app is asked to end, then the machine leaves the network. */
  async halt(record: MachineRecord): Promise<void> {
    if (!(await this.isOn(record))) return;
    await this.#fabric.apps.end(record, APP_GRACE_MS);
    await this.#leave(record, [], () =>
      this.#fabric.shutDown === undefined
        ? this.#fabric.powerOff(record)
        : this.#fabric.shutDown(record),
    );
  }

  /** As if its plug were pulled. */
  async powerOff(record: MachineRecord, failures: readonly FailureVerb[]): Promise<void> {
    await this.#leave(record, failures, () => this.#fabric.powerOff(record));
  }

  /** Written before and after: whoever is killed in between leaves a machine that is off. */
  async #leave(
    record: MachineRecord,
    failures: readonly FailureVerb[],
    off: () => Promise<Place>,
  ): Promise<void> {
    this.#lease.writeMachine({ ...record, power: 'off', failures });
    const { holder } = await off();
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
    await this.#fabric.apps.end(record, APP_GRACE_MS);
    await this.#fabric.forget(record);
    this.#lease.removeMachine(record.spec.name);
  }

  async awaitAnswer(record: MachineRecord, signal: AbortSignal): Promise<void> {
    const { host, port } = this.#fabric.address(record.spec, record.forwardedPort);
    const probe = path.join(import.meta.dirname, 'answer-probe.js');
    const withinMs = ANSWERS_WITHIN_MS * (this.#fabric.capabilities.pace ?? 1);
    const argv = [process.execPath, probe, host, String(port), String(withinMs)];
    const { exitCode } = await runCommand(this.#fabric.onHub(argv), { env: this.#marks, signal });
    if (exitCode === 0) return;
    throw new MachineError(
      'VM_APP_FAILED',
      `${record.spec.name} was healed, but its app does not answer on ${host}:${port} within ${withinMs / 1000} s.`,
    );
  }

  async #powerOn(
    spec: MachineSpec,
    before: MachineRecord | undefined,
    signal: AbortSignal,
  ): Promise<MachineRecord> {
    const { holder, forwardedPort } = await this.#fabric.powerOn(spec, before, signal);
    return this.#lease.writeMachine({
      spec,
      power: 'on',
      ...(holder && { holder }),
      forwardedPort: forwardedPort ?? before?.forwardedPort ?? spec.forwardedPort,
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
