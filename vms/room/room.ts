/**
 * The room that all providers share: machine states, apps, programs and records over a fabric.
 * It keeps nothing in memory: every verb reads the lease and asks the kernel what lives, so any
 * process that opens the folder sees the same room.
 */
import { isDeepStrictEqual } from 'node:util';
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import type {
  AppChange,
  AppSpec,
  FailureVerb,
  Knobs,
  MachineSpec,
  MachineStatus,
} from '../machine.ts';
import { unknownMachine } from '../names.ts';
import type { Deed, NativeProgram } from '../native-words.ts';
import { runCommand } from '../programs/command.ts';
import { MARK, type Marks } from '../programs/marked-processes.ts';
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
import { isRunning } from './app-host.ts';
import { companionMarks, endCompanions } from './companions.ts';
import type { Fabric } from './fabric.ts';
import { imposeFailure, liftFailures, turnKnobs, unreachable } from './failures.ts';
import { HubPrograms } from './hub-programs.ts';
import { knobsAfterHealing } from './knobs.ts';
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

  get companionMarks(): Marks {
    return companionMarks(this.#marks);
  }

  get nativeProgram(): NativeProgram | undefined {
    return this.#fabric.native?.program;
  }

  nativeLine(deed: Deed, name: string): string | undefined {
    return this.#fabric.native?.line(deed, name, this.#lease.machine(name)?.failures ?? []);
  }

  addressOf(spec: MachineSpec): string {
    const made = this.#lease.machine(spec.name);
    const { host, port } = this.#fabric.address(spec, made?.forwardedPort ?? spec.forwardedPort);
    return `${host}:${port}`;
  }

  up(spec: MachineSpec, signal?: AbortSignal): Promise<MachineStatus> {
    return this.#turns.take(spec.name, async () => {
      const stop = this.#stopSignal(signal);
      const before = this.#lease.machine(spec.name);
      if (before !== undefined && !sameData(before.spec, spec)) await this.#life.destroy(before);
      return this.#statusOf(await this.#life.bringUp(spec, stop));
    });
  }

  deploy(name: string, change: AppChange, signal?: AbortSignal): Promise<MachineStatus> {
    return this.#turns.take(name, async () => {
      const stop = this.#stopSignal(signal);
      const record = await this.#runningMachine(name);
      if (record.failures.includes('blackhole')) throw unreachable(record);
      const app = changedApp(record.spec.app, change);
      const same = sameData(record.spec.app, app);
      const runs = same && (await isRunning(this.#fabric.apps, record));
      return this.#statusOf(
        await (runs ? this.#life.bringUp(record.spec, stop) : this.#life.deploy(record, app, stop)),
      );
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
    return Promise.all(this.#lease.machines().map(record => this.#statusOf(record)));
  }

  async exec(name: string, argv: readonly string[]): Promise<ExecResult> {
    const record = await this.#runningMachine(name);
    return runCommand(this.#fabric.onMachine(record, argv), {
      env: { ...this.#marks, [MARK.machine]: name },
      signal: this.#closing.signal,
    });
  }

  async logs(name: string, fromByte = 0): Promise<string> {
    return this.#fabric.apps.readLog(this.#knownMachine(name), fromByte);
  }

  fail(name: string, how: FailureVerb, options: FailureOptions = {}): Promise<Fidelity> {
    return this.#turns.take(name, async () => {
      const fidelity = this.#fabric.capabilities.failures[how];
      const record = this.#knownMachine(name);
      if (how === 'power-off') {
        if (await this.#life.isOn(record)) await this.#life.powerOff(record, ['power-off']);
        return fidelity;
      }
      const running = await this.#runningMachine(name);
      const failures = await imposeFailure(this.#fabric, running, how, options);
      this.#lease.writeMachine({ ...record, failures });
      return fidelity;
    });
  }

  heal(name: string, signal?: AbortSignal): Promise<MachineStatus> {
    return this.#turns.take(name, async () => {
      const stop = this.#stopSignal(signal);
      const record = this.#knownMachine(name);
      if (await this.#life.isOn(record)) await liftFailures(this.#fabric, record);
      const up = await this.#life.bringUp(record.spec, stop);
      await this.#life.awaitAnswer(up, stop);
      const knobs = knobsAfterHealing(up.knobs);
      return this.#statusOf(this.#lease.writeMachine({ ...up, failures: [], knobs }));
    });
  }

  knobs(name: string, change?: Knobs | 'reset'): Promise<Knobs> {
    return this.#turns.take(name, async () => {
      const running = await this.#runningMachine(name);
      const { inForce, record } = await turnKnobs(this.#fabric, running, change);
      if (change !== undefined) this.#lease.writeMachine(record);
      return inForce;
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

  endCompanions(graceMs = 5_000): Promise<void> {
    return endCompanions(this.#lease.folder, graceMs);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#turns.settled();
    await Promise.all([this.#programs.stopAll(CLOSE_GRACE_MS), this.endCompanions(CLOSE_GRACE_MS)]);
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

  async #runningMachine(name: string): Promise<MachineRecord> {
    const record = this.#knownMachine(name);
    if (await this.#life.isOn(record)) return record;
    throw new MachineError('VM_NOT_RUNNING', `${name} is powered off. Start it first: up ${name}.`);
  }

  async #statusOf(record: MachineRecord): Promise<MachineStatus> {
    const { spec, forwardedPort, failures, knobs = {} } = record;
    const on = await this.#life.isOn(record);
    const pid = on ? await this.#fabric.apps.pidOf(record) : undefined;
    const appRunning = pid !== undefined;
    const { host, port } = this.#fabric.address(spec, forwardedPort);
    return {
      name: spec.name,
      state: on ? 'running' : 'poweroff',
      address: `${host}:${port}`,
      nominalAddress: `${spec.ip}:${spec.port}`,
      forwarded: on && forwardedPort !== 0 ? `127.0.0.1:${forwardedPort}` : undefined,
      version: spec.app.version,
      appRunning,
      failures: on ? failures.filter(failure => failure !== 'power-off') : failures,
      pid,
      ...(appRunning && Object.keys(knobs).length > 0 && { knobs }),
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

function changedApp(app: AppSpec, change: AppChange): AppSpec {
  const env = { ...app.env, ...change.env };
  return { ...app, ...change, ...(Object.keys(env).length > 0 && { env }) };
}

/** As the lease gives it back. */
function sameData(before: MachineSpec | AppSpec, wanted: MachineSpec | AppSpec): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(wanted)), before);
}
