/** Apps that a machine's own systemd runs, under the unit that came with the box or with `up`. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import { type CommandOptions, mustRun } from '../programs/command.ts';
import type { Marks } from '../programs/marked-processes.ts';
import { readLogFrom } from '../programs/program-log.ts';
import type { AppHost } from '../room/app-host.ts';
import { appEnvironment } from '../room/app-launch.ts';
import { knobsAfterHealing } from '../room/knobs.ts';
import { environmentFile } from './app-variables.ts';
import type { Engine } from './engine.ts';
import { APP_ENV_FILE, APP_FILE, APP_UNIT, PUT, TELL } from './guest-scripts.ts';
import type { Watches } from './watches.ts';

/** At boot the app may be quicker than the address: it listens on whatever comes. */
const EVERY_ADDRESS = '0.0.0.0';

/** A machine that has no memory left, or no processor, answers late. */
const ANSWERS_WITHIN_MS = 60_000;

export class SystemdApps implements AppHost {
  readonly #engine: Engine;
  readonly #watches: Watches;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;

  constructor(engine: Engine, watches: Watches, lease: LeaseFolder, marks: Marks) {
    this.#engine = engine;
    this.#watches = watches;
    this.#lease = lease;
    this.#marks = marks;
  }

  /** The app that runs already is left alone when it is this one: it came with the machine. */
  async start(record: MachineRecord): Promise<MachineRecord> {
    const { name, port } = record.spec;
    await this.#watches.begin(name, port);
    const logFile = this.#lease.logFile(name);
    const had = await stat(logFile).catch(() => undefined);
    const app = appOf(record);
    const [appThere = '', envThere = '', state = ''] = (await this.#sh(record, TELL)).split('\n');
    const isApp = appThere.startsWith(checksum(app));
    const variables = environmentFile(variablesOf(record));
    const isEnv = envThere.startsWith(checksum(variables));
    if (!isApp) await this.#put(record, APP_FILE, app);
    if (!isEnv) await this.#put(record, APP_ENV_FILE, variables);
    if (!isApp || !isEnv) await this.#systemctl(record, ['restart']);
    else if (state.trim() !== 'active') await this.#systemctl(record, ['start']);
    const pid = await this.#mainPid(record);
    await this.#watches.until(name, port, seen => seen.pid === pid);
    return {
      ...record,
      knobs: knobsAfterHealing(record.knobs),
      logStart: had?.size ?? 0,
      failures: record.failures.filter(failure => failure === 'blackhole'),
    };
  }

  async pidOf({ spec }: MachineRecord): Promise<number | undefined> {
    return (await this.#watches.seen(spec.name, spec.port)).pid;
  }

  /** The grace is the unit's own, 5 s: systemd kills what has not gone by then. */
  async end(record: MachineRecord): Promise<void> {
    if (!(await this.#isThere(record))) return;
    await this.#systemctl(record, ['stop']);
    await this.#untilGone(record);
  }

  async kill(record: MachineRecord): Promise<void> {
    if (!(await this.#isThere(record))) return;
    await this.#signal(record, 'KILL');
    await this.#untilGone(record);
  }

  async freeze(record: MachineRecord): Promise<void> {
    await this.#signal(record, 'STOP');
  }

  async thaw(record: MachineRecord): Promise<void> {
    if (await this.#isThere(record)) await this.#signal(record, 'CONT');
  }

  readLog({ spec }: MachineRecord, fromByte: number): Promise<string> {
    return readLogFrom(this.#lease.logFile(spec.name), fromByte);
  }

  async isListening({ spec }: MachineRecord): Promise<boolean> {
    return (await this.#watches.seen(spec.name, spec.port)).listens;
  }

  async #isThere(record: MachineRecord): Promise<boolean> {
    if (!(await this.#engine.isOn(record.spec.name))) return false;
    return (await this.pidOf(record)) !== undefined;
  }

  async #untilGone({ spec }: MachineRecord): Promise<void> {
    await this.#watches.until(spec.name, spec.port, seen => seen.pid === undefined);
  }

  async #signal(record: MachineRecord, signal: 'KILL' | 'STOP' | 'CONT'): Promise<void> {
    await this.#systemctl(record, ['kill', '-s', signal]);
  }

  async #systemctl(record: MachineRecord, verb: readonly string[]): Promise<void> {
    await this.#run(record, ['systemctl', ...verb, APP_UNIT]);
  }

  async #mainPid(record: MachineRecord): Promise<number | undefined> {
    const argv = ['systemctl', 'show', '--property=MainPID', '--value', APP_UNIT];
    return Number(await this.#run(record, argv)) || undefined;
  }

  async #put(record: MachineRecord, file: string, content: string): Promise<void> {
    await this.#run(record, ['sh', '-c', PUT, 'relais-put', file], { input: content });
  }

  #sh(record: MachineRecord, script: string): Promise<string> {
    return this.#run(record, ['sh', '-c', script]);
  }

  #run({ spec }: MachineRecord, argv: readonly string[], options?: CommandOptions) {
    return mustRun(this.#engine.onMachine(spec.name, argv), {
      env: this.#marks,
      timeoutMs: ANSWERS_WITHIN_MS,
      ...options,
    });
  }
}

function variablesOf(record: MachineRecord): Readonly<Record<string, string>> {
  const { name, port } = record.spec;
  return { ...appEnvironment(record, { host: EVERY_ADDRESS, port }), MACHINE: name };
}

function appOf({ spec: { name, app } }: MachineRecord): string {
  try {
    return readFileSync(app.file, 'utf8');
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(name: string, cause: unknown): MachineError {
  return new MachineError(
    'VM_COMMAND_FAILED',
    `The app of ${name} cannot be read: ${cause}.`,
    cause,
  );
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
