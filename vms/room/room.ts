/**
 * The room that all providers share: machine states, apps, programs and records over a fabric.
 * It keeps nothing in memory: every verb reads the lease and asks the kernel what lives, so any
 * process that opens the folder sees the same room.
 */
import { isDeepStrictEqual } from 'node:util';
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type { FailureVerb, MachineSpec, MachineStatus } from '../machine.ts';
import { unknownMachine } from '../names.ts';
import { runCommand } from '../programs/command.ts';
import { MARK, type Marks } from '../programs/marked-processes.ts';
import { isAlive } from '../programs/process-identity.ts';
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
import type { Fabric } from './fabric.ts';
import { imposeFailure, liftFailures } from './failures.ts';
import { HubPrograms } from './hub-programs.ts';
import { MachineLife } from './machine-life.ts';
import { endRemains } from './room-folder.ts';
import { Turns } from './turns.ts';

const CLOSE_GRACE_MS = 2_000;

export class FabricRoom implements Room {
  readonly #fabric: Fabric;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;
  readonly #life: MachineLife;
  readonly #programs: HubPrograms;
  readonly #turns = new Turns();
  readonly #closing = new AbortController();

  constructor(fabric: Fabric, lease: LeaseFolder, marks: Marks) {
    this.#fabric = fabric;
    this.#lease = lease;
    this.#marks = marks;
    this.#life = new MachineLife(fabric, lease, marks);
    this.#programs = new HubPrograms(fabric, lease, marks);
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
      if (before !== undefined && !sameSpec(before.spec, spec)) await this.#life.destroy(before);
      return this.#statusOf(await this.#life.bringUp(spec, stop));
    });
  }

  halt(name: string): Promise<void> {
    return this.#turns.take(name, async () => {
      const record = this.#lease.machine(name);
      if (record !== undefined) await this.#life.halt(record);
    });
  }

  destroy(name: string): Promise<void> {
    return this.#turns.take(name, async () => {
      const record = this.#lease.machine(name);
      if (record !== undefined) await this.#life.destroy(record);
    });
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
        if (this.#life.isOn(record)) await this.#life.powerOff(record, ['power-off']);
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
      if (this.#life.isOn(record)) await liftFailures(this.#fabric, record);
      const up = await this.#life.bringUp(record.spec, stop);
      await this.#life.awaitAnswer(up, stop);
      return this.#statusOf(this.#lease.writeMachine({ ...up, failures: [] }));
    });
  }

  spawnHub(spec: HubProcessSpec): Promise<HubProcess> {
    return this.#turns.take(programTurn(spec.name), async () => {
      this.#stopSignal(undefined);
      return this.#programs.start(spec);
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
    return this.#turns.take(programTurn(name), () => this.#programs.stop(name, graceMs));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#turns.settled();
    await this.#programs.stopAll(CLOSE_GRACE_MS);
    await endRemains(this.#lease);
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
    if (this.#life.isOn(record)) return record;
    throw new MachineError('VM_NOT_RUNNING', `${name} is powered off. Start it first: up ${name}.`);
  }

  #statusOf(record: MachineRecord): MachineStatus {
    const { spec, forwardedPort, failures } = record;
    const on = this.#life.isOn(record);
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

/** Machines and programs may have the same names. */
function programTurn(name: string): string {
  return `program ${name}`;
}

function sameSpec(before: MachineSpec, wanted: MachineSpec): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(wanted)), before);
}
