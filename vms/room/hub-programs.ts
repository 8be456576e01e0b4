/** Programs that run beside the machines, the proxy above all. */
import type { LeaseFolder, ProgramRecord } from '../lease.ts';
import { startProgram } from '../programs/detached-program.ts';
import { endGroup, type Marks } from '../programs/marked-processes.ts';
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
    const started = await startProgram({
      title: spec.name,
      argv: this.#fabric.onHub([spec.file, ...spec.args]),
      env: { ...spec.env, ...this.#marks },
      cwd: spec.cwd,
      logFile: this.#lease.logFile(spec.name),
      sockets: spec.sockets,
    });
    this.#lease.writeProgram(spec.name, started);
    return this.#shown(spec.name, started);
  }

  async stop(name: string, graceMs: number): Promise<void> {
    const record = this.#lease.program(name);
    if (record !== undefined) await endGroup(record.process, graceMs);
    this.#lease.removeProgram(name);
  }

  async stopAll(graceMs: number): Promise<void> {
    await Promise.all(this.#lease.programNames().map(name => this.stop(name, graceMs)));
  }

  #shown(name: string, { process, bound }: ProgramRecord): HubProcess {
    return { pid: process.pid, logFile: this.#lease.logFile(name), bound };
  }
}
