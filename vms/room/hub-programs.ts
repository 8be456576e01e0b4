/** Programs that run beside the machines, the proxy above all. */
import type { LeaseFolder, ProgramRecord } from '../lease.ts';
import { HERE, type Platform } from '../platform.ts';
import { runCommand } from '../programs/command.ts';
import { startProgram } from '../programs/detached-program.ts';
import {
  endByWord,
  endGroup,
  findProgramParts,
  killAll,
  MARK,
  type Marks,
} from '../programs/marked-processes.ts';
import { isAlive } from '../programs/process-identity.ts';
import type { HubProcess, HubProcessSpec } from '../provider.ts';
import type { Fabric } from './fabric.ts';

export class HubPrograms {
  readonly #fabric: Fabric;
  readonly #lease: LeaseFolder;
  readonly #marks: Marks;

  constructor(fabric: Fabric, lease: LeaseFolder, marks: Marks) {
    this.#fabric = fabric;
    this.#lease = lease;
    this.#marks = marks;
  }

  async start(spec: HubProcessSpec): Promise<HubProcess> {
    const before = this.#lease.program(spec.name);
    if (before !== undefined && isAlive(before.process)) return this.#shown(spec.name, before);
    const program = {
      title: spec.name,
      argv: this.#fabric.onHub([spec.file, ...spec.args]),
      env: { ...spec.env, ...this.#marks, [MARK.program]: spec.name },
      cwd: spec.cwd,
      logFile: this.#lease.logFile(spec.name),
      sockets: spec.sockets,
    };
    const started = await startProgram(program, this.#platform);
    const { stopWith } = spec;
    this.#lease.writeProgram(spec.name, stopWith ? { ...started, stopWith } : started);
    return this.#shown(spec.name, started);
  }

  async stop(name: string, graceMs: number): Promise<void> {
    const record = this.#lease.program(name);
    if (record !== undefined) await this.#end(record, graceMs);
    // A proxy that was upgraded lives on in a process with a session of its own.
    await killAll(findProgramParts(name, this.#lease.folder));
    this.#lease.removeProgram(name);
  }

  async stopAll(graceMs: number): Promise<void> {
    await Promise.all(this.#lease.programNames().map(name => this.stop(name, graceMs)));
  }

  async #end({ process, stopWith }: ProgramRecord, graceMs: number): Promise<void> {
    if (this.#platform !== 'win32') await endGroup(process, graceMs);
    else if (stopWith === undefined || graceMs === 0) await killAll([process], 'win32');
    else {
      const ask = async (): Promise<void> => {
        await runCommand(this.#fabric.onHub(stopWith), { timeoutMs: graceMs });
      };
      await endByWord(process, graceMs, ask);
    }
  }

  get #platform(): Platform {
    return this.#fabric.platform ?? HERE;
  }

  #shown(name: string, { process, bound }: ProgramRecord): HubProcess {
    return { pid: process.pid, logFile: this.#lease.logFile(name), bound };
  }
}
