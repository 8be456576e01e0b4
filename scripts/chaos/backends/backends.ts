/** The backends of a run as this process sees them: names, addresses, and what arrived twice. */
import path from 'node:path';
import { HelperProcess } from '../helper-process.ts';
import type { Activity, BackendQuestion, BackendReport } from './report.ts';

const program = path.join(import.meta.dirname, 'backend.js');

/** The last one is added and removed, the others stay. */
export const BACKENDS = ['b0', 'b1', 'b2', 'b3'] as const;
export type BackendName = (typeof BACKENDS)[number];

export class Backends {
  private readonly process: HelperProcess<BackendQuestion, BackendReport>;
  /** By name. */
  addresses: Readonly<Record<string, string>> = {};

  constructor(env: NodeJS.ProcessEnv) {
    this.process = new HelperProcess(program, BACKENDS, env);
  }

  async start(): Promise<void> {
    ({ addresses: this.addresses } = await this.process.next('listening'));
  }

  addressOf(name: BackendName): string {
    return this.addresses[name] ?? '';
  }

  /** Ids of the POSTs that arrived more than once since the last question. */
  async repeated(): Promise<readonly string[]> {
    const told = this.process.next('repeated');
    this.process.tell({ ask: 'repeated' });
    return (await told).repeated;
  }

  async activityOf(name: BackendName): Promise<Activity> {
    const told = this.process.next('activity');
    this.process.tell({ ask: 'activity' });
    return (await told).activity[name] ?? { active: 0, lastEndedAt: 0 };
  }

  end(): Promise<void> {
    return this.process.end();
  }
}
