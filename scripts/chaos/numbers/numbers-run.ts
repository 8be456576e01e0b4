/** What each measurement gets, and how it starts a proxy of its own. */
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import type { Crew } from '../../bench/crew.ts';
import { freePorts } from '../../bench/ready.ts';
import type { Verdict } from '../../bench/result.ts';
import { ChaosProxy } from '../proxy.ts';

export interface NumbersRun {
  readonly crew: Crew;
  readonly folder: string;
  readonly entry: string;
  /** For what is measured over a time. */
  readonly seconds: number;
  readonly say: (line: string) => void;
}

export type Measure = (run: NumbersRun) => Promise<readonly Verdict[]>;

/** `more` is put behind the configuration. Ended behind the last word of `measure`, whatever that is. */
export async function withProxy<T>(
  run: NumbersRun,
  backends: Readonly<Record<string, string>>,
  measure: (proxy: ChaosProxy) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(run.folder, 'proxy-'));
  const [port = 0] = await freePorts(1);
  const proxy = new ChaosProxy({ entry: run.entry, folder, port, backends, settings: '' });
  const kill = (): void => void proxy.kill();
  run.crew.dismissed.addEventListener('abort', kill);
  try {
    return await measure(proxy);
  } finally {
    run.crew.dismissed.removeEventListener('abort', kill);
    await proxy.kill();
  }
}

export function milliseconds(value: number): string {
  return `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

/** NaN of nothing, which holds no promise. */
export function most(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : Math.max(...values);
}
