/** The clients of a run as this process sees them. */
import path from 'node:path';
import { HelperProcess } from '../helper-process.ts';
import type { LoadOrder, LoadReport, Visit } from './visit.ts';

const program = path.join(import.meta.dirname, 'load.js');

export class Clients {
  private readonly process: HelperProcess<LoadOrder, LoadReport>;

  constructor(port: number, hostField: string, perSecond: number, env: NodeJS.ProcessEnv) {
    this.process = new HelperProcess(program, [String(port), hostField, String(perSecond)], env);
  }

  async begin(): Promise<void> {
    await this.process.next('ready');
    this.process.tell({ kind: 'begin' });
  }

  /** Resolves when the last request has its answer or has failed. */
  async leave(): Promise<readonly Visit[]> {
    const told = this.process.next('visits');
    this.process.tell({ kind: 'end' });
    return (await told).visits;
  }

  end(): Promise<void> {
    return this.process.end();
  }
}
