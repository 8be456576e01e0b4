/** Apps in containers: copied in, started beside the machine's sleeper, signalled over the engine. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import type { LeaseFolder, MachineRecord } from '../lease.ts';
import { waitUntil } from '../programs/deadline.ts';
import { type Marks, partMarks } from '../programs/marked-processes.ts';
import { identify } from '../programs/process-identity.ts';
import { logLength, readLogFrom } from '../programs/program-log.ts';
import type { AppHost } from '../room/app-host.ts';
import { appEnvironment } from '../room/app-launch.ts';
import { knobsAfterHealing } from '../room/knobs.ts';
import { execState, mustRunInContainer, startInContainer } from './container-exec.ts';
import type { EngineApi } from './engine-api.ts';
import { APP_FOLDER, APP_LOG } from './machine-container.ts';
import { tarOf } from './one-file-tar.ts';
import type { Sleepers } from './sleepers.ts';

/** SIGTERM, and SIGKILL to all that is left of its session; $0 is its pid, $1 the grace in 1/50 s. */
const END = `kill -s TERM "$0"
while [ "$1" -gt 0 ] && kill -0 "$0" 2>/dev/null; do sleep 0.02; set -- "$(($1 - 1))"; done
kill -s KILL -- "-$0" 2>/dev/null
exit 0`;

const KILL = 'kill -s KILL -- "-$0" 2>/dev/null; exit 0';

const GONE_WITHIN_MS = 10_000;

export class ContainerApps implements AppHost {
  readonly #api: EngineApi;
  readonly #containerOf: (machine: string) => string;
  readonly #sleepers: Sleepers;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;
  /** Are the engine's pids ours? */
  readonly #sharesPids: boolean;

  constructor(
    api: EngineApi,
    containerOf: (machine: string) => string,
    sleepers: Sleepers,
    lease: LeaseFolder,
    marks: Marks,
    sharesPids: boolean,
  ) {
    this.#api = api;
    this.#containerOf = containerOf;
    this.#sleepers = sleepers;
    this.#lease = lease;
    this.#marks = marks;
    this.#sharesPids = sharesPids;
  }

  async start(record: MachineRecord): Promise<MachineRecord> {
    const { spec, failures, knobs } = record;
    const container = this.#containerOf(spec.name);
    await this.#sleepers.wake(record);
    await this.#copyIn(record, container);
    const logStart = logLength(this.#lease.logFile(spec.name));
    const { id, pid, outerPid } = await startInContainer(
      this.#api,
      container,
      ['node', inContainer(spec.app.file)],
      {
        ...appEnvironment(record, { host: spec.ip, port: spec.port }),
        ...partMarks(this.#marks, spec.name, 'app'),
      },
      APP_LOG,
    );
    const app = this.#sharesPids ? identify(outerPid) : undefined;
    const { app: _former, ...rest } = record;
    return {
      ...rest,
      exec: { id, pid },
      ...(app && { app }),
      knobs: knobsAfterHealing(knobs),
      logStart,
      failures: failures.filter(failure => failure === 'blackhole'),
    };
  }

  async #copyIn({ spec: { name, app } }: MachineRecord, container: string): Promise<void> {
    const content = await readFile(app.file).catch((error: unknown) => {
      const message = `The app of ${name} cannot be read: ${error}. Build it: npm run build`;
      throw new MachineError('VM_APP_FAILED', message, error);
    });
    await this.#api.change({
      method: 'PUT',
      path: `/containers/${container}/archive?path=${APP_FOLDER}`,
      body: tarOf(path.basename(app.file), content),
    });
  }

  async pidOf({ exec }: MachineRecord): Promise<number | undefined> {
    if (exec === undefined) return undefined;
    const state = await execState(this.#api, exec.id).catch(() => undefined);
    return state?.Running ? exec.pid : undefined;
  }

  async end(record: MachineRecord, graceMs: number): Promise<void> {
    await this.#signal(record, END, String(Math.ceil(graceMs / 20)));
  }

  async kill(record: MachineRecord): Promise<void> {
    await this.#signal(record, KILL);
  }

  async #signal(record: MachineRecord, script: string, ...args: readonly string[]): Promise<void> {
    const pid = await this.pidOf(record);
    if (pid === undefined) return;
    const container = this.#containerOf(record.spec.name);
    const argv = ['sh', '-c', script, String(pid), ...args];
    if (script === END) await this.#sleepers.wake(record);
    await this.#sleepers.reach(record, 'for good', () =>
      mustRunInContainer(this.#api, container, argv),
    );
    const gone = async () => (await this.pidOf(record)) === undefined;
    if (await waitUntil(gone, { deadlineMs: GONE_WITHIN_MS })) return;
    throw new MachineError(
      'VM_COMMAND_FAILED',
      `The app of ${record.spec.name} does not end in ${container}.`,
    );
  }

  freeze(record: MachineRecord): Promise<void> {
    return this.#sleepers.freeze(record);
  }

  thaw(record: MachineRecord): Promise<void> {
    return this.#sleepers.wake(record);
  }

  readLog({ spec }: MachineRecord, fromByte: number): Promise<string> {
    return readLogFrom(this.#lease.logFile(spec.name), fromByte);
  }
}

/** The file that containers write their app's output to has to be there when they are made. */
export function provideLog(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, '');
  return file;
}

/** Windows paths too. */
function inContainer(file: string): string {
  return `${APP_FOLDER}/${path.basename(file)}`;
}
