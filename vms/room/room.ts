/**
 * The room that all providers share: machine states, apps, programs and records over a fabric.
 * It keeps nothing in memory: every verb reads the lease and asks the kernel what lives, so any
 * process that opens the folder sees the same room.
 */
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type { FailureVerb, MachineSpec, MachineStatus } from '../machine.ts';
import { unknownMachine } from '../names.ts';
import { portError } from '../port-holder.ts';
import { runCommand } from '../programs/command.ts';
import { startProgram } from '../programs/detached-program.ts';
import { openListeningSocket } from '../programs/inherited-socket.ts';
import {
  endGroup,
  findMarked,
  findPartsOf,
  killAll,
  MARK,
  type Marks,
} from '../programs/marked-processes.ts';
import { isAlive, type ProcessIdentity } from '../programs/process-identity.ts';
import { readLog } from '../programs/program-log.ts';
import type {
  Capabilities,
  ExecResult,
  FailureOptions,
  Fidelity,
  HubProcess,
  HubProcessSpec,
  ProviderName,
  Room,
} from '../provider.ts';
import { awaitListening, launchApp } from './app-launch.ts';
import type { Fabric } from './fabric.ts';
import { imposeFailure, liftFailures } from './failures.ts';
import { Turns } from './turns.ts';

const APP_GRACE_MS = 5_000;
const CLOSE_GRACE_MS = 2_000;

export class FabricRoom implements Room {
  readonly #fabric: Fabric;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;
  readonly #turns = new Turns();
  readonly #closing = new AbortController();

  constructor(fabric: Fabric, lease: LeaseFolder, marks: Marks) {
    this.#fabric = fabric;
    this.#lease = lease;
    this.#marks = marks;
  }

  get provider(): ProviderName {
    return this.#fabric.provider;
  }

  get capabilities(): Capabilities {
    return this.#fabric.capabilities;
  }

  get hubAddress(): string {
    return this.#fabric.hubAddress;
  }

  up(spec: MachineSpec, signal?: AbortSignal): Promise<MachineStatus> {
    return this.#turns.take(spec.name, async () => {
      const stop = this.#stopSignal(signal);
      const before = this.#lease.machine(spec.name);
      if (before !== undefined && !sameSpec(before.spec, spec)) await this.#destroy(spec.name);
      return this.#statusOf(await this.#bringUp(spec, stop));
    });
  }

  halt(name: string): Promise<void> {
    return this.#turns.take(name, async () => {
      const record = this.#lease.machine(name);
      if (record === undefined || !this.#isOn(record)) return;
      if (isAlive(record.app)) await endGroup(record.app, APP_GRACE_MS);
      await this.#powerOff(record, []);
    });
  }

  destroy(name: string): Promise<void> {
    return this.#turns.take(name, () => this.#destroy(name));
  }

  async status(): Promise<readonly MachineStatus[]> {
    return this.#lease.machines().map(record => this.#statusOf(record));
  }

  async exec(name: string, argv: readonly string[]): Promise<ExecResult> {
    const record = this.#runningMachine(name);
    return runCommand(this.#fabric.onMachine(record, argv), {
      env: { ...this.#marks, [MARK.machine]: name },
      signal: this.#closing.signal,
    });
  }

  async logs(name: string): Promise<string> {
    this.#knownMachine(name);
    return readLog(this.#lease.logFile(name));
  }

  fail(name: string, how: FailureVerb, options: FailureOptions = {}): Promise<Fidelity> {
    return this.#turns.take(name, async () => {
      const fidelity = this.#fabric.capabilities.failures[how];
      const record = this.#knownMachine(name);
      if (how === 'power-off') {
        if (this.#isOn(record)) await this.#powerOff(record, ['power-off']);
        return fidelity;
      }
      const failures = await imposeFailure(this.#fabric, this.#runningMachine(name), how, options);
      this.#lease.writeMachine({ ...record, failures });
      return fidelity;
    });
  }

  heal(name: string, signal?: AbortSignal): Promise<MachineStatus> {
    return this.#turns.take(name, async () => {
      const stop = this.#stopSignal(signal);
      const record = this.#knownMachine(name);
      if (this.#isOn(record)) await liftFailures(this.#fabric, record);
      const up = await this.#bringUp(record.spec, stop);
      await this.#awaitAnswer(up, stop);
      return this.#statusOf(this.#lease.writeMachine({ ...up, failures: [] }));
    });
  }

  spawnHub(spec: HubProcessSpec): Promise<HubProcess> {
    return this.#turns.take(`program ${spec.name}`, async () => {
      this.#stopSignal(undefined);
      const logFile = this.#lease.logFile(spec.name);
      const before = this.#lease.program(spec.name);
      if (before !== undefined && isAlive(before.process)) {
        return { pid: before.process.pid, logFile, bound: before.bound };
      }
      const started = await startProgram({
        title: spec.name,
        argv: this.#fabric.onHub([spec.file, ...spec.args]),
        env: { ...spec.env, ...this.#marks },
        cwd: spec.cwd,
        logFile,
        sockets: spec.sockets,
      });
      this.#lease.writeProgram(spec.name, started);
      return { pid: started.process.pid, logFile, bound: started.bound };
    });
  }

  async execHub(
    argv: readonly string[],
    options: { readonly timeoutMs?: number } = {},
  ): Promise<ExecResult> {
    return runCommand(this.#fabric.onHub(argv), {
      env: this.#marks,
      signal: this.#stopSignal(undefined),
      ...options,
    });
  }

  stopHub(name: string, graceMs = 5_000): Promise<void> {
    return this.#turns.take(`program ${name}`, async () => {
      const record = this.#lease.program(name);
      if (record !== undefined) await endGroup(record.process, graceMs);
      this.#lease.removeProgram(name);
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#turns.settled();
    const programs = this.#lease.programNames().map(name => this.#lease.program(name)?.process);
    await Promise.all(programs.filter(isAlive).map(leader => endGroup(leader, CLOSE_GRACE_MS)));
    await killAll([...leasedProcesses(this.#lease), ...findMarked(this.#lease.folder)]);
    this.#lease.remove();
  }

  /** Boots what is off, starts the app that is not running, leaves alone what runs. */
  async #bringUp(spec: MachineSpec, signal: AbortSignal): Promise<MachineRecord> {
    let record = this.#lease.machine(spec.name);
    if (record !== undefined && this.#isOn(record) && isAlive(record.app)) {
      if (record.failures.length === 0) {
        await awaitListening(this.#fabric, this.#lease, record, signal);
      }
      return record;
    }
    const port = record?.forwardedPort ?? spec.forwardedPort;
    this.#checkAddress(spec);
    await this.#endStrays(spec.name, record);
    const free = await freePort(`the forwarded port of ${spec.name}`, '127.0.0.1', port);
    if (record === undefined || !this.#isOn(record)) record = await this.#powerOn(spec, record);
    const forwardedPort = this.#fabric.forwardsPort ? port : free;
    await this.#checkAddressIsFree(spec, forwardedPort);
    record = this.#lease.writeMachine(
      await launchApp(this.#fabric, this.#lease, { ...record, forwardedPort }, this.#marks),
    );
    await awaitListening(this.#fabric, this.#lease, record, signal);
    return record;
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

  /** Written before and after: whoever is killed in between leaves a machine that is off. */
  async #powerOff(record: MachineRecord, failures: readonly FailureVerb[]): Promise<void> {
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

  async #destroy(name: string): Promise<void> {
    const record = this.#lease.machine(name);
    if (record === undefined) return;
    if (isAlive(record.app)) await endGroup(record.app, APP_GRACE_MS);
    await this.#fabric.forget(record);
    this.#lease.removeMachine(name);
  }

  async #awaitAnswer(record: MachineRecord, signal: AbortSignal): Promise<void> {
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

  #isOn(record: MachineRecord): boolean {
    return record.power === 'on' && this.#fabric.isOn(record);
  }

  #knownMachine(name: string): MachineRecord {
    const record = this.#lease.machine(name);
    if (record !== undefined) return record;
    throw unknownMachine(
      name,
      this.#lease.machines().map(machine => machine.spec.name),
    );
  }

  #runningMachine(name: string): MachineRecord {
    const record = this.#knownMachine(name);
    if (this.#isOn(record)) return record;
    throw new MachineError('VM_NOT_RUNNING', `${name} is powered off. Start it first: up ${name}.`);
  }

  #statusOf(record: MachineRecord): MachineStatus {
    const { spec, forwardedPort, failures } = record;
    const on = this.#isOn(record);
    const appRunning = on && isAlive(record.app);
    const { host, port } = this.#fabric.address(spec, forwardedPort);
    return {
      name: spec.name,
      state: on ? 'running' : 'poweroff',
      address: `${host}:${port}`,
      nominalAddress: `${spec.ip}:${spec.port}`,
      forwarded: on && forwardedPort !== 0 ? `127.0.0.1:${forwardedPort}` : undefined,
      version: spec.app.version,
      appRunning,
      failures,
      pid: appRunning ? record.app?.pid : undefined,
    };
  }

  #stopSignal(signal: AbortSignal | undefined): AbortSignal {
    if (this.#closing.signal.aborted) {
      throw new MachineError('VM_ABORTED', 'The room is closed; open it again.');
    }
    return signal === undefined
      ? this.#closing.signal
      : AbortSignal.any([signal, this.#closing.signal]);
  }
}

/** Everything that the lease names and that still lives. */
export function leasedProcesses(lease: LeaseFolder): readonly ProcessIdentity[] {
  const machines = lease.machines().flatMap(record => [record.app, record.holder]);
  const programs = lease.programNames().map(name => lease.program(name)?.process);
  return [...machines, ...programs, lease.read()?.hub].filter(isAlive);
}

function sameSpec(before: MachineSpec, wanted: MachineSpec): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(wanted)), before);
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
