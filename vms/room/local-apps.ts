/** Apps that are processes of this computer, wherever their network is. */
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import { HERE, type Platform } from '../platform.ts';
import { type Endpoint, startProgram } from '../programs/detached-program.ts';
import { endGroup, groupOf, killAll, type Marks, partMarks } from '../programs/marked-processes.ts';
import { isAlive, signalProcess } from '../programs/process-identity.ts';
import { logLength, readLogFrom } from '../programs/program-log.ts';
import type { AppHost } from './app-host.ts';
import { appEnvironment } from './app-launch.ts';
import { knobsAfterHealing } from './knobs.ts';

/** What of its fabric such an app needs. */
export interface AppPlace {
  readonly forwardedPortIs: 'held-by-app' | 'held-by-machine' | 'address';
  address(spec: MachineRecord['spec'], forwardedPort: number): Endpoint;
  onMachine(record: MachineRecord, argv: readonly string[]): readonly string[];
}

export class LocalApps implements AppHost {
  readonly #place: AppPlace;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;
  readonly #platform: Platform;

  constructor(place: AppPlace, lease: LeaseFolder, marks: Marks, platform: Platform = HERE) {
    this.#place = place;
    this.#lease = lease;
    this.#marks = marks;
    this.#platform = platform;
  }

  start(record: MachineRecord): Promise<MachineRecord> {
    return this.startWith(record, {});
  }

  /** `env`: variables besides those of every app. */
  protected async startWith(
    record: MachineRecord,
    env: Readonly<Record<string, string>>,
  ): Promise<MachineRecord> {
    const { spec, forwardedPort } = record;
    const inherits = this.#place.forwardedPortIs === 'held-by-app';
    const logFile = this.#lease.logFile(spec.name);
    const logStart = logLength(logFile);
    const address = this.#place.address(spec, forwardedPort);
    const marks = partMarks(this.#marks, spec.name, 'app');
    const program = {
      title: `the forwarded port of ${spec.name}`,
      argv: this.#place.onMachine(record, [process.execPath, spec.app.file]),
      env: { ...appEnvironment(record, address), ...marks, ...env },
      logFile,
      sockets: inherits ? [{ host: '127.0.0.1', port: forwardedPort }] : [],
    };
    const started = await startProgram(program, this.#platform);
    return {
      ...record,
      knobs: knobsAfterHealing(record.knobs),
      app: started.process,
      logStart,
      forwardedPort: started.bound[0]?.port ?? forwardedPort,
      failures: record.failures.filter(failure => failure === 'blackhole'),
    };
  }

  async pidOf({ app }: MachineRecord): Promise<number | undefined> {
    return isAlive(app) ? app.pid : undefined;
  }

  async end({ app }: MachineRecord, graceMs: number): Promise<void> {
    if (isAlive(app)) await endGroup(app, graceMs);
  }

  async kill({ app }: MachineRecord): Promise<void> {
    if (isAlive(app)) await killAll(groupOf(app, this.#platform), this.#platform);
  }

  async freeze(record: MachineRecord): Promise<void> {
    signalGroup(record, 'SIGSTOP');
  }

  async thaw(record: MachineRecord): Promise<void> {
    signalGroup(record, 'SIGCONT');
  }

  readLog({ spec }: MachineRecord, fromByte: number): Promise<string> {
    return readLogFrom(this.#lease.logFile(spec.name), fromByte);
  }
}

function signalGroup({ app }: MachineRecord, signal: NodeJS.Signals): void {
  if (!isAlive(app)) return;
  for (const member of groupOf(app)) signalProcess(member, signal);
}
